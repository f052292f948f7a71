/**
 * The programs that ask Buildhub2's `/api/search`, against `serve`: libmozdata from PyPI, and the
 * requests of the others. What they read must be what the records say.
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import type { ReleaseRecord } from "../../../src/builds/record.ts";
import { compareVersions } from "../../../src/builds/version_order.ts";
import {
  type Buildhub2Document,
  buildhub2Documents,
} from "../../../src/server/search/dsl/buildhub2_view.ts";
import { python, PYTHON_PACKAGES } from "../../servers/python.ts";
import { type Serve, startServe } from "../../servers/serve.ts";
import { Random } from "../random.ts";
import { fill } from "./dsl/peer.ts";
import { sampleRecords } from "./dsl/sample_records.ts";

let serve: Serve;
let url: string;
let documents: Buildhub2Document[];

Deno.test.beforeAll(async () => {
  serve = await startServe({ env: { KINTO_BATCH_MAX_REQUESTS: "1000" } });
  url = serve.url.replace(/v1$/, "api/search");
  const records = await sampleRecords(new Random(1), 2866) as ReleaseRecord[];
  await fill(serve.url, records);
  documents = records.flatMap(buildhub2Documents);
  assert(documents.length > 200, `only ${documents.length} documents`);
});

Deno.test.afterAll(async () => {
  await serve[Symbol.asyncDispose]();
});

interface Answer {
  hits: { total: number; hits: { _id: string; _source: Buildhub2Document }[] };
  aggregations: Record<string, { buckets: Bucket[] }>;
  error: string;
}

interface Bucket {
  key: string | number;
  key_as_string?: string;
  doc_count: number;
  [name: string]: unknown;
}

async function post(body: unknown): Promise<Answer> {
  const response = await fetch(url, { method: "POST", body: JSON.stringify(body) });
  const answer = await response.json();
  assertEquals(response.status, 200, JSON.stringify(answer));
  return answer;
}

const distinct = (values: (string | undefined)[]) =>
  [...new Set(values.filter((value) => value !== undefined))].sort();

const where = (product: string, channel: string) =>
  documents.filter(({ source, target }) =>
    source.product === product && target.channel === channel
  );

Deno.test("libmozdata's functions give the versions and build ids of the records", async () => {
  const bin = await python("libmozdata", PYTHON_PACKAGES.libmozdata);
  const queries = [
    { product: "firefox", channel: "aurora" },
    { product: "Firefox", channel: "beta" },
    { product: "fennec", channel: "release" },
    { product: "firefox", channel: "aurora", startswith: "54.0b" },
    { channel: "nightly" },
    {},
  ];
  const child = new Deno.Command(`${bin}python`, {
    args: [new URL("./libmozdata_check.py", import.meta.url).pathname],
    env: { BUILDHUB_SEARCH_URL: url },
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const input = child.stdin.getWriter();
  await input.write(new TextEncoder().encode(JSON.stringify(queries)));
  await input.close();
  const { stdout } = await child.output();
  const results = JSON.parse(new TextDecoder().decode(stdout));
  for (const [number, { product, channel, startswith = "" }] of queries.entries()) {
    const found = documents.filter(({ source, target }) =>
      (product === undefined || source.product === product.toLowerCase()) &&
      (channel === undefined || target.channel === channel)
    );
    const { versions, buildids } = results[number];
    const name = JSON.stringify(queries[number]);
    const withPrefix = (values: (string | undefined)[]) =>
      distinct(values).filter((value) => value.startsWith(startswith));
    assertEquals(versions.toSorted(), withPrefix(found.map(({ target }) => target.version)), name);
    assertEquals(buildids, withPrefix(found.map(({ build }) => build?.id)).reverse(), name);
  }
  assert(results[0].versions.length > 2, "DevEdition is Firefox of the channel aurora");
  assert(results[1].versions.length > 0, "candidates of releases are in the channel beta");
});

Deno.test("probe-scraper gets the versions in a range, page by page", async () => {
  const request = (from: number) => ({
    query: {
      bool: {
        filter: [
          { term: { "source.product": "firefox" } },
          { term: { "target.locale": "en-US" } },
          { range: { "target.version": { gte: "43", lt: "52" } } },
          {
            bool: {
              should: [
                { term: { "target.channel": "release" } },
                {
                  bool: {
                    must: [
                      { term: { "target.channel": "beta" } },
                      { prefix: { "target.version": "51" } },
                    ],
                  },
                },
              ],
            },
          },
        ],
      },
    },
    _source: ["download.date", "source", "target.version"],
    size: 10,
    from,
  });
  const expected = [
    ...where("firefox", "release"),
    ...where("firefox", "beta").filter(
      ({ target }) => target.version.startsWith("51"),
    ),
  ].filter(
    ({ target: { version, locale } }) => locale === "en-US" && version >= "43" && version < "52",
  );
  assert(expected.length > 10, `${expected.length}`);
  const found: Answer["hits"]["hits"] = [];
  for (;;) {
    const { hits } = await post(request(found.length));
    assertEquals(hits.total, expected.length);
    if (hits.hits.length === 0) break;
    found.push(...hits.hits);
  }
  assertEquals(found.map(({ _id }) => _id).sort(), expected.map(({ id }) => id).sort());
  for (const { _id, _source } of found) {
    const { source, target, download } = expected.find(({ id }) => id === _id)!;
    const { version } = target;
    assertEquals(
      _source as unknown,
      { source, target: { version }, download: { date: download.date } },
    );
  }
});

Deno.test("crash-clouseau gets the revisions of builds, by product, channel, build id and version", async () => {
  const terms = (field: string, more: object, aggs?: object) => ({
    terms: { field, ...more },
    ...aggs && { aggs },
  });
  const since = "20160101000000";
  const revisions = { revisions: terms("source.revision", { size: 1 }) };
  const versions = {
    versions: terms("target.version", { order: { _term: "asc" } }, revisions),
  };
  const buildids = {
    buildids: terms("build.id", { size: 1000, order: { _term: "desc" } }, versions),
  };
  const channels = { channels: terms("target.channel", { size: 10 }, buildids) };
  const { aggregations } = await post({
    aggs: { products: terms("source.product", { size: 3 }, channels) },
    query: {
      bool: {
        filter: [
          { terms: { "source.product": ["firefox", "fennec", "thunderbird"] } },
          { range: { "build.id": { gte: since } } },
          { regexp: { "target.version": { value: '[0-9]+".0a1"' } } },
        ],
      },
    },
    size: 0,
  });
  const rows: string[] = [];
  const walk = (node: Record<string, unknown>, names: string[], path: string) => {
    const [name = "", ...others] = names;
    for (const bucket of (node[name] as { buckets: Bucket[] }).buckets) {
      if (others.length > 0) walk(bucket, others, `${path}${bucket.key} `);
      else rows.push(`${path}${bucket.key}`);
    }
  };
  walk(aggregations, ["products", "channels", "buildids", "versions"], "");
  const expected = documents.filter(({ source, target, build }) =>
    ["firefox", "fennec", "thunderbird"].includes(source.product) &&
    /^[0-9]+\.0a1$/.test(target.version) && (build?.id ?? "") >= since
  ).map(({ source, target, build }) =>
    [source.product, target.channel, build.id, target.version].join(" ")
  );
  assert(expected.length > 5, `${expected.length}`);
  assertEquals(rows.toSorted(), distinct(expected));
});

Deno.test("fleet gets the newest DevEdition for the Mac", async () => {
  const mac = where("firefox", "aurora").filter(({ target, build }) =>
    target.platform === "mac" && build !== undefined
  );
  const newest = mac.toSorted((a, b) => compareVersions(a.target.version, b.target.version)).at(-1);
  const { hits } = await post({
    query: {
      bool: {
        must: [
          { term: { "source.product": "firefox" } },
          { term: { "target.channel": "aurora" } },
          { term: { "target.platform": "mac" } },
          { term: { "target.version": newest!.target.version } },
        ],
      },
    },
    sort: [{ "build.id": "desc" }],
    size: 1,
  });
  assertEquals(hits.hits.map(({ _source }) => _source.build.id), [newest!.build.id]);
});

Deno.test("a releases site in PHP gets ten nightlies of a year", async () => {
  const { hits } = await post({
    query: {
      bool: {
        must: [
          { match: { "source.product": "firefox" } },
          { match: { "target.channel": "nightly" } },
          { regexp: { "build.id": "2017.*" } },
        ],
      },
    },
    _source: ["build.id", "source.revision", "target.version"],
  });
  const expected = where("firefox", "nightly").filter(({ build }) => build?.id.startsWith("2017"));
  assert(expected.length > 0);
  assertEquals(hits.total, expected.length);
  assertEquals(hits.hits.length, Math.min(10, expected.length));
  const ids = new Set(expected.map(({ build }) => build.id));
  for (const { _source } of hits.hits) assert(ids.has(_source.build.id));
});

Deno.test("bugzy gets when a version was published first", async () => {
  const { version } = where("firefox", "aurora")[0]!.target;
  const { hits } = await post({
    post_filter: {
      bool: {
        must: [{ term: { "source.product": "firefox" } }, { term: { "target.version": version } }],
      },
    },
    sort: [{ "download.date": { order: "asc" } }],
    size: 1,
  });
  const dates = documents.filter(({ source, target }) =>
    source.product === "firefox" && target.version === version
  ).map(({ download }) => download.date);
  assertEquals(hits.hits[0]!._source.download.date, dates.toSorted()[0]);
});

Deno.test("a Nix flake gets the newest nightly, by its tree without a folder", async () => {
  const tree = (name: string) => documents.filter(({ source }) => source.tree === name);
  for (const name of ["mozilla-release", "mozilla-central"]) {
    const { hits } = await post({
      query: { bool: { filter: [{ term: { "source.tree": name } }] } },
      _source: ["build.id", "source.revision"],
      sort: [{ "build.id": { order: "desc" } }],
      size: 1,
    });
    assertEquals(hits.total, tree(name).length, name);
    const ids = distinct(tree(name).map(({ build }) => build?.id));
    assertEquals(hits.hits.map(({ _source }) => _source.build.id), ids.slice(-1), name);
  }
});

Deno.test("the page of what landed in nightly gets the revisions of a day", async () => {
  const nightlies = where("firefox", "nightly");
  const day = distinct(nightlies.map(({ build }) => build?.id.slice(0, 8)))[0]!;
  const { hits } = await post({
    query: {
      query_string: {
        query: `source.product:firefox target.channel:nightly build.id:${day}*`,
        default_operator: "AND",
      },
    },
    sort: [{ "build.id": { order: "asc" } }],
    _source: ["source.revision"],
    size: 30,
  });
  const expected = nightlies.filter(({ build }) => build?.id.startsWith(day));
  assertEquals(hits.total, expected.length);
  assertEquals(
    distinct(hits.hits.map(({ _source }) => _source.source?.revision)),
    distinct(expected.map(({ source }) => source.revision)),
  );
});

Deno.test("PollBot and missioncontrol get all build ids and dates at Kinto's endpoint", async () => {
  const response = await fetch(`${serve.url}/buckets/build-hub/collections/releases/search`, {
    method: "POST",
    body: JSON.stringify({
      aggs: {
        ids: { terms: { field: "build.id", size: 100_000 } },
        dates: { terms: { field: "download.date", size: 100_000 } },
      },
      query: { bool: { filter: [{ term: { "source.product": "devedition" } }] } },
      size: 0,
    }),
  });
  const { aggregations: { ids, dates }, hits } = await response.json() as Answer;
  const count = (buckets: Bucket[]) => buckets.reduce((sum, { doc_count }) => sum + doc_count, 0);
  assertEquals(count(dates!.buckets), hits.total);
  assert(count(ids!.buckets) <= hits.total, "some records have no build");
  for (const { key, key_as_string } of dates!.buckets) {
    assertEquals(new Date(key).toISOString(), key_as_string);
  }
  const counts = dates!.buckets.map(({ doc_count }) => doc_count);
  assertEquals(counts, counts.toSorted((a, b) => b - a));
});

Deno.test.each([
  { name: "10 hits by default", init: { method: "POST", body: "{}" }, hits: 10 },
  { name: "a size as text", init: { method: "POST", body: '{"size":"0"}' }, hits: 0 },
  { name: "GET with parameters that are ignored", init: {}, query: "?q=nothing&size=3", hits: 10 },
  {
    name: "a form's content type",
    init: {
      method: "POST",
      body: '{"size":2}',
      headers: { "content-type": "application/x-www-form-urlencoded" },
    },
    hits: 2,
  },
])("/api/search answers $name", async ({ init, query = "", hits }) => {
  const response = await fetch(url + query, init);
  assertEquals(response.headers.get("access-control-allow-origin"), "*");
  const answer = await response.json() as Answer;
  assertEquals([response.status, answer.hits.hits.length], [200, hits]);
  assertEquals(answer.hits.total, documents.length);
});

Deno.test.each([
  { body: '{"size":1001}', error: /^Search size too large \(1001\)$/ },
  { body: '{"size":20000}', error: /^Search size too large \(20000\)$/ },
  { body: '{"size":1000,"from":9001}', error: /10000.*10001/ },
  { body: '{"siz', error: /JSON/ },
  { body: "[]", error: /START_OBJECT/ },
  { body: '{"query":{"fuzzy":{"id":"x"}}}', error: /\[fuzzy\]/ },
])("/api/search refuses $body", async ({ body, error }) => {
  const response = await fetch(url, { method: "POST", body });
  const answer = await response.json() as Answer;
  assertEquals([response.status, Object.keys(answer)], [400, ["error"]]);
  assertMatch(answer.error, error);
});

Deno.test("/api/search lets browsers ask from any origin", async () => {
  const response = await fetch(url, {
    method: "OPTIONS",
    headers: {
      origin: "https://example.com",
      "access-control-request-method": "POST",
      "access-control-request-headers": "content-type",
    },
  });
  await response.body?.cancel();
  assertEquals(response.status, 200);
  assertEquals(response.headers.get("access-control-allow-origin"), "*");
  assertMatch(response.headers.get("access-control-allow-methods")!, /POST/);
  assertMatch(response.headers.get("access-control-allow-headers")!, /content-type/i);
});
