import { type Programs, searchPrograms, textSearchPrograms } from "./api_programs.ts";
import { EXAMPLE } from "./example_build.ts";

/** A question and programs that answer it. In the code, SERVER stands for the server's origin. */
export interface ApiExample extends Programs {
  title: string;
  /** What to know about the answer. */
  text: string;
}

/** Frequent questions; tests run all programs. */
export function apiExamples(bucket: string, collection: string): ApiExample[] {
  const path = `/v1/buckets/${bucket}/collections/${collection}`;
  return [
    {
      title: "The latest release on each platform",
      text: "Buckets count the builds of each platform; top_hits has the newest of them. " +
        "Versions sort as texts (10.0 before 9.0), so this asks for the date.",
      ...searchPrograms(
        path,
        {
          query: {
            bool: {
              filter: [
                { term: { "source.product": "firefox" } },
                { term: { "target.channel": "release" } },
                { term: { "target.locale": "en-US" } },
              ],
            },
          },
          size: 0,
          aggs: {
            platforms: {
              terms: { field: "target.platform", size: 100 },
              aggs: {
                newest: { top_hits: { size: 1, sort: [{ "download.date": "desc" }] } },
              },
            },
          },
        },
        {
          python: `for platform in answer["aggregations"]["platforms"]["buckets"]:
    newest = platform["newest"]["hits"]["hits"][0]["_source"]
    print(platform["key"], newest["target"]["version"], newest["download"]["url"])`,
          javascript: `for (const { key, newest } of answer.aggregations.platforms.buckets) {
  const { target, download } = newest.hits.hits[0]._source;
  console.log(key, target.version, download.url);
}`,
        },
      ),
    },
    {
      title: "The builds of a build id",
      text: "All platforms and locales that were built together share a build id. " +
        "Without size, the answer has the server’s page of builds; from skips builds, and from and " +
        "size are at most 10,000 together.",
      ...searchPrograms(
        path,
        {
          query: { term: { "build.id": EXAMPLE.buildId } },
          sort: ["target.platform", "target.locale"],
          size: 1000,
          _source: ["id", "source.revision"],
        },
        {
          python: `for hit in answer["hits"]["hits"]:
    print(hit["_source"]["id"], hit["_source"]["source"].get("revision"))`,
          javascript: `for (const { _source } of answer.hits.hits) {
  console.log(_source.id, _source.source.revision);
}`,
        },
      ),
    },
    {
      title: "All locales of a version",
      text: "With size 0, the answer has no builds, only what the aggregation counts.",
      ...searchPrograms(
        path,
        {
          query: {
            bool: {
              filter: [
                { term: { "source.product": "firefox" } },
                { term: { "target.version": EXAMPLE.version } },
              ],
            },
          },
          size: 0,
          aggs: { locales: { terms: { field: "target.locale", size: 1000 } } },
        },
        {
          python:
            `print(sorted(locale["key"] for locale in answer["aggregations"]["locales"]["buckets"]))`,
          javascript:
            `console.log(answer.aggregations.locales.buckets.map(({ key }) => key).sort());`,
        },
      ),
    },
    {
      title: "A search in Lucene’s syntax",
      text: "As in the search box. Without a field’s name, a word is looked for in all fields. " +
        "In a body, this is the query query_string, which can be combined with others.",
      ...textSearchPrograms(
        path,
        `target.version:${EXAMPLE.version}* AND target.channel:release AND NOT target.locale:de`,
        {
          python: `print(answer["hits"]["total"])
for hit in answer["hits"]["hits"]:
    print(hit["_source"]["id"])`,
          javascript: `console.log(answer.hits.total);
for (const { _source } of answer.hits.hits) console.log(_source.id);`,
        },
      ),
    },
    {
      title: "Builds by month and channel",
      text: "Aggregations can be nested. key_as_string is the first day of the month.",
      ...searchPrograms(
        path,
        {
          query: { range: { "download.date": { gte: "2010-01-01" } } },
          size: 0,
          aggs: {
            months: {
              date_histogram: { field: "download.date", interval: "month", min_doc_count: 1 },
              aggs: { channels: { terms: { field: "target.channel" } } },
            },
          },
        },
        {
          python: `for month in answer["aggregations"]["months"]["buckets"]:
    for channel in month["channels"]["buckets"]:
        print(month["key_as_string"][:7], channel["key"], channel["doc_count"])`,
          javascript:
            `for (const { key_as_string, channels } of answer.aggregations.months.buckets) {
  for (const { key, doc_count } of channels.buckets) {
    console.log(key_as_string.slice(0, 7), key, doc_count);
  }
}`,
        },
      ),
    },
    {
      title: "What changed since yesterday",
      text: "This is Kinto’s list of records. _since takes a timestamp in milliseconds; keep the " +
        "response’s ETag for the next request. Deleted records are listed as {id, deleted: true}. " +
        "The Next-Page header has the URL of the next page.",
      curl:
        `curl -si "SERVER${path}/records?_sort=last_modified&_limit=100&_since=$(( ($(date +%s) - 86400) * 1000 ))"`,
      python: `import json, time, urllib.request

yesterday = int((time.time() - 86400) * 1000)
url = f"SERVER${path}/records?_since={yesterday}&_sort=last_modified&_limit=100"
while url:
    with urllib.request.urlopen(url) as response:
        for build in json.load(response)["data"]:
            print(build["last_modified"], build["id"])
        url = response.headers.get("Next-Page")`,
      javascript: `const yesterday = Date.now() - 24 * 3600 * 1000;
let url = \`SERVER${path}/records?_since=\${yesterday}&_sort=last_modified&_limit=100\`;
while (url) {
  const response = await fetch(url);
  const { data } = await response.json();
  for (const build of data) console.log(build.last_modified, build.id);
  url = response.headers.get("Next-Page");
}`,
    },
  ];
}
