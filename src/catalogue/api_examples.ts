import { EXAMPLE } from "./example_build.ts";

/** A question and programs that answer it. In the code, SERVER stands for the server's origin. */
export interface ApiExample {
  title: string;
  /** What to know about the answer. */
  text: string;
  curl: string;
  python: string;
  javascript: string;
}

/** Frequent questions; tests run all programs. */
export function apiExamples(bucket: string, collection: string): ApiExample[] {
  const records = `/v1/buckets/${bucket}/collections/${collection}/records`;
  const search = `/v1/__search__/${bucket}/${collection}`;
  const listed = (
    filters: Record<string, string>,
    then: { python: string; javascript: string },
  ) => ({
    curl: `curl -sG "SERVER${records}"${
      Object.entries(filters)
        .map(([name, value]) => ` \\\n  --data-urlencode '${name}=${value}'`).join("")
    }`,
    python: `import json, urllib.parse, urllib.request

filters = {
${Object.entries(filters).map(([name, value]) => `    '${name}': '${value}',`).join("\n")}
}
url = "SERVER${records}?" + urllib.parse.urlencode(filters)
with urllib.request.urlopen(url) as response:
    builds = json.load(response)["data"]
${then.python}`,
    javascript: `const filters = new URLSearchParams({
${Object.entries(filters).map(([name, value]) => `  "${name}": '${value}',`).join("\n")}
});
const response = await fetch(\`SERVER${records}?\${filters}\`);
const { data: builds } = await response.json();
${then.javascript}`,
  });
  return [
    {
      title: "The latest release on each platform",
      text: "The facets list the platforms. Versions are sorted as versions, 10.0 after 9.0.",
      curl:
        `curl -s "SERVER${search}?product=firefox&channel=release&locale=en-US&platform=win64&sort=-version"`,
      python: `import json, urllib.request

search = "SERVER${search}?product=firefox&channel=release&locale=en-US&sort=-version"
with urllib.request.urlopen(search) as response:
    platforms = json.load(response)["facets"]["platform"]["values"]
for platform in platforms:
    with urllib.request.urlopen(search + "&platform=" + platform["value"]) as response:
        newest = json.load(response)["data"][0]
    print(platform["value"], newest["target"]["version"], newest["download"]["url"])`,
      javascript:
        `const search = "SERVER${search}?product=firefox&channel=release&locale=en-US&sort=-version";
const { facets } = await (await fetch(search)).json();
for (const { value } of facets.platform.values) {
  const { data: [newest] } = await (await fetch(\`\${search}&platform=\${value}\`)).json();
  console.log(value, newest.target.version, newest.download.url);
}`,
    },
    {
      title: "The builds of a build id",
      text:
        "All platforms and locales that were built together share a build id. Its quotes are required: " +
        "Kinto reads bare digits as a number, and finds nothing.",
      ...listed({ "build.id": `"${EXAMPLE.buildId}"` }, {
        python: `for build in builds:
    print(build["id"], build["source"].get("revision"))`,
        javascript: `for (const build of builds) console.log(build.id, build.source.revision);`,
      }),
    },
    {
      title: "All locales of a version",
      text: "The quotes are required: Kinto reads a bare 135.0 as a number.",
      ...listed({
        "source.product": '"firefox"',
        "target.version": `"${EXAMPLE.version}"`,
        "target.platform": '"linux-x86_64"',
        "_fields": "target.locale",
        "_sort": "target.locale",
      }, {
        python: `print([build["target"]["locale"] for build in builds])`,
        javascript: `console.log(builds.map(({ target }) => target.locale));`,
      }),
    },
    {
      title: "What changed since yesterday",
      text:
        "_since takes a timestamp in milliseconds; keep the response’s ETag for the next request. Deleted records are listed as {id, deleted: true}. The Next-Page header has the URL of the next page.",
      curl:
        `curl -si "SERVER${records}?_sort=last_modified&_limit=100&_since=$(( ($(date +%s) - 86400) * 1000 ))"`,
      python: `import json, time, urllib.request

yesterday = int((time.time() - 86400) * 1000)
url = f"SERVER${records}?_since={yesterday}&_sort=last_modified&_limit=100"
while url:
    with urllib.request.urlopen(url) as response:
        for build in json.load(response)["data"]:
            print(build["last_modified"], build["id"])
        url = response.headers.get("Next-Page")`,
      javascript: `const yesterday = Date.now() - 24 * 3600 * 1000;
let url = \`SERVER${records}?_since=\${yesterday}&_sort=last_modified&_limit=100\`;
while (url) {
  const response = await fetch(url);
  const { data } = await response.json();
  for (const build of data) console.log(build.last_modified, build.id);
  url = response.headers.get("Next-Page");
}`,
    },
    {
      title: "A search, with counts",
      text:
        "The request of the search page. Send the response’s ETag as If-None-Match to get 304 until something changes.",
      curl: `curl -s "SERVER${search}?q=firefox+${EXAMPLE.version}+linux&locale=fr&locale=en-US"`,
      python: `import json, urllib.request

with urllib.request.urlopen("SERVER${search}?q=firefox+${EXAMPLE.version}+linux&locale=fr&locale=en-US") as response:
    found = json.load(response)
print(found["count"], found["facets"]["channel"]["values"])`,
      javascript:
        `const url = "SERVER${search}?q=firefox+${EXAMPLE.version}+linux&locale=fr&locale=en-US";
const { count, facets } = await (await fetch(url)).json();
console.log(count, facets.channel.values);`,
    },
  ];
}
