import { assert, assertEquals } from "@std/assert";
import { FACET_NAMES, type FacetName, FACETS } from "../../../src/builds/facets.ts";
import type { ReleaseRecord } from "../../../src/builds/record.ts";
import { compareVersions } from "../../../src/builds/version_order.ts";
import { Accounts } from "../../../src/server/access/accounts.ts";
import type { JsonObject } from "../../../src/net/json.ts";
import { buildhubServer } from "../../../src/server/server.ts";
import { valueAt } from "../../../src/server/store/json_value.ts";
import { Store } from "../../../src/server/store/store.ts";
import { sampleBuilds } from "../../catalogue/catalogue.ts";
import { randomFrom } from "../../random.ts";

const COLLECTIONS = "/buckets/build-hub/collections";
const RECORDS = `${COLLECTIONS}/releases/records`;

/** A store with an empty collection, and a way to ask its search. */
async function searchable() {
  const store = await Store.open(":memory:");
  create(store);
  const handler = buildhubServer({
    store,
    accounts: new Accounts("user:pass"),
    settings: {
      paginateBy: undefined,
      batchMaxRequests: 25,
      isFlushEnabled: false,
      isReadonly: false,
    },
    onError: (error) => {
      throw error;
    },
  });
  const ask = async (query: string, headers: HeadersInit = {}) => {
    const url = `http://localhost/v1/__search__/build-hub/releases${query}`;
    const response = await handler(new Request(url, { headers }));
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
  return { store, ask, [Symbol.dispose]: () => store.close() };
}

function create(store: Store): void {
  store.transaction(() => {
    store.put(store.list("/buckets")!, { id: "build-hub" }, { read: ["system.Everyone"] }, false);
    store.createList(COLLECTIONS);
    store.put(store.list(COLLECTIONS)!, { id: "releases" }, {}, false);
    store.createList(RECORDS);
  });
}

function put(store: Store, record: object, existed = false): void {
  store.transaction(() => store.put(store.list(RECORDS)!, record as JsonObject, null, existed));
}

/** What a search is asked for, the way one would do it without an index. */
class Plain {
  /** By id, in the order in which they came. */
  readonly records = new Map<string, ReleaseRecord>();

  find(params: URLSearchParams, without?: FacetName): ReleaseRecord[] {
    const all = [...this.records.values()];
    const words = (params.get("q") ?? "").toLowerCase().split(/\s+/).filter(Boolean);
    const found = words.map((word) => {
      const exact = all.filter((record) => textsOf(record).includes(word));
      return new Set(
        exact.length > 0 ? exact : all.filter((record) => begins(record, word)),
      );
    });
    const day = (record: ReleaseRecord) => record.download.date?.slice(0, 10) ?? "";
    return all.filter((record) =>
      found.every((set) => set.has(record)) &&
      FACET_NAMES.every((name) => {
        const wanted = params.getAll(name);
        return name === without || wanted.length === 0 || wanted.includes(facetOf(record, name));
      }) &&
      day(record) >= (params.get("from") ?? "") && day(record) <= (params.get("to") ?? "9")
    );
  }

  sorted(params: URLSearchParams): string[] {
    const sort = params.get("sort") ?? "-published";
    const sign = sort.startsWith("-") ? -1 : 1;
    const by = sort.replace("-", "");
    const compare = (a: ReleaseRecord, b: ReleaseRecord) => {
      if (by === "version") return compareVersions(a.target.version, b.target.version);
      const key = (r: ReleaseRecord) => by === "built" ? r.build?.id ?? "" : r.download.date ?? "";
      return key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0;
    };
    const places = new Map([...this.records.keys()].map((id, place) => [id, place]));
    return this.find(params)
      .sort((a, b) => sign * (compare(a, b) || places.get(a.id)! - places.get(b.id)!))
      .map(({ id }) => id);
  }
}

function facetOf(record: ReleaseRecord, name: FacetName): string {
  return String(valueAt(record as unknown as JsonObject, FACETS[name]));
}

function textsOf(record: ReleaseRecord): string[] {
  return [
    ...FACET_NAMES.map((name) => facetOf(record, name)),
    record.build?.id,
    record.source.revision,
  ]
    .map((text) => (text ?? "").toLowerCase());
}

function begins(record: ReleaseRecord, word: string): boolean {
  const isDigit = /^\d/.test(word);
  return FACET_NAMES.some((name) => {
    const text = facetOf(record, name).toLowerCase();
    return (name !== "version" || isDigit) && (text.startsWith(word) || text.includes(`-${word}`));
  }) ||
    /^\d{4,}$/.test(word) && record.build!.id.startsWith(word) ||
    /^[0-9a-f]{6,}$/.test(word) && record.source.revision!.startsWith(word);
}

Deno.test("search answers as a plain look through all records does, while they change", async () => {
  using server = await searchable();
  const { store, ask } = server;
  const random = randomFrom(8);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!;
  const builds = await sampleBuilds();
  const plain = new Plain();
  const queries = () => {
    const build = pick(builds);
    const words = textsOf(build).flatMap((text) =>
      random() < 0.3 ? [random() < 0.5 ? text : text.slice(0, 1 + Math.floor(random() * 8))] : []
    );
    const params = new URLSearchParams();
    if (words.length > 0) params.set("q", words.join(" "));
    for (const name of FACET_NAMES) {
      if (random() < 0.2) params.append(name, facetOf(build, name));
      if (random() < 0.1) params.append(name, facetOf(pick(builds), name));
    }
    if (random() < 0.2) params.set("from", build.download.date!.slice(0, 10));
    if (random() < 0.2) params.set("to", pick(builds).download.date!.slice(0, 10));
    if (random() < 0.5) params.set("sort", pick(["published", "-built", "version", "-version"]));
    params.set("page", pick(["1", "1", "2", "9"]));
    return params;
  };
  for (let round = 0; round < 300; round++) {
    for (let i = 0; i < 10; i++) {
      const build = pick(builds);
      if (random() < 0.8) {
        const changed = random() < 0.1 ? { ...build, target: pick(builds).target } : build;
        put(store, changed, plain.records.has(build.id));
        plain.records.set(build.id, changed);
      } else if (plain.records.delete(build.id)) {
        store.transaction(() => store.delete(store.list(RECORDS)!, build.id));
        // What comes again has the place that it had before.
        builds.splice(builds.indexOf(build), 1);
      }
    }
    const params = queries();
    const { status, text } = await ask(`?${params}`);
    assertEquals(status, 200, text);
    const answer = JSON.parse(text);
    const expected = plain.sorted(params);
    const page = Number(params.get("page"));
    const name = `round ${round}: ${params}`;
    assertEquals(
      answer.data.map(({ id }: { id: string }) => id),
      expected.slice((page - 1) * 30, page * 30),
      name,
    );
    assertEquals(answer.count, expected.length, name);
    for (const facet of FACET_NAMES) {
      const counts = Map.groupBy(plain.find(params, facet), (record) => facetOf(record, facet));
      assertEquals(answer.facets[facet].total, counts.size, name);
      for (const { value, count } of answer.facets[facet].values) {
        assertEquals(count, counts.get(value)?.length ?? 0, `${name}: ${facet} ${value}`);
      }
      assert(answer.facets[facet].values.length >= Math.min(counts.size, 30), name);
    }
    const { starts, channels } = answer.histogram;
    const sum = Object.values(channels as Record<string, number[]>).flat().reduce(
      (a, b) => a + b,
      0,
    );
    assertEquals(sum, expected.length, name);
    assertEquals(new Set(starts).size, starts.length, name);
  }
});

Deno.test.each([
  { query: "?page=0", says: "page" },
  { query: "?page=1e3", says: "page" },
  { query: "?page=1&page=2", says: "given twice" },
  { query: "?sort=size", says: "sort" },
  { query: "?sort=constructor", says: "sort" },
  { query: "?from=2017-13-01", says: "from" },
  { query: "?to=tomorrow", says: "to" },
  { query: "?values=100000", says: "values" },
  { query: "?color=red", says: "color" },
  { query: "?q=%ff", says: "UTF-8" },
])("search refuses $query", async ({ query, says }) => {
  using server = await searchable();
  const { status, text } = await server.ask(query);
  assertEquals(status, 400);
  assert(text.includes(says), text);
});

Deno.test("search refuses a question that is too long", async () => {
  using server = await searchable();
  const { status, text } = await server.ask(`?q=${"x".repeat(401)}`);
  assertEquals(status, 400);
  assert(text.includes("too long"), text);
});

Deno.test("search heeds the collection's permissions", async () => {
  using server = await searchable();
  server.store.transaction(() => {
    const buckets = server.store.list("/buckets")!;
    server.store.put(buckets, { id: "build-hub" }, { read: ["account:user"] }, true);
  });
  assertEquals((await server.ask("")).status, 401);
  assertEquals((await server.ask("/newest")).status, 401);
  const authorization = `Basic ${btoa("user:pass")}`;
  assertEquals((await server.ask("", { authorization })).status, 200);
});

Deno.test("search answers 304 until something changes", async () => {
  using server = await searchable();
  const [build, other] = await sampleBuilds();
  put(server.store, build!);
  const etag = (await server.ask("")).headers.get("etag")!;
  for (const known of [etag, `W/${etag}`, `"1", ${etag}`, "*"]) {
    const { status, text } = await server.ask("?q=firefox", { "if-none-match": known });
    assertEquals([status, text], [304, ""], known);
  }
  put(server.store, other!);
  assertEquals((await server.ask("", { "if-none-match": etag })).status, 200);
});

Deno.test("search tells the newest build of each product and channel", async () => {
  using server = await searchable();
  const builds = await sampleBuilds();
  for (const build of builds) put(server.store, build);
  const { data } = JSON.parse((await server.ask("/newest")).text) as { data: ReleaseRecord[] };
  const groups = Map.groupBy(builds, ({ source, target }) => `${source.product} ${target.channel}`);
  assertEquals(data.length, groups.size);
  for (const newest of data) {
    const group = groups.get(`${newest.source.product} ${newest.target.channel}`)!;
    const dates = group.map(({ download }) => download.date!).sort();
    assertEquals(newest.download.date, dates.at(-1));
  }
});

Deno.test("search begins anew when the collection is flushed", async () => {
  using server = await searchable();
  const [build] = await sampleBuilds();
  put(server.store, build!);
  assertEquals(JSON.parse((await server.ask("")).text).count, 1);
  server.store.flush();
  assertEquals((await server.ask("")).status, 401);
  create(server.store);
  assertEquals(JSON.parse((await server.ask("")).text).count, 0);
});

Deno.test("search forgets what a failed transaction wrote", async () => {
  using server = await searchable();
  const [build] = await sampleBuilds();
  assertEquals(JSON.parse((await server.ask("")).text).count, 0);
  try {
    server.store.transaction(() => {
      server.store.put(server.store.list(RECORDS)!, { ...build! }, null, false);
      throw new RangeError("no");
    });
  } catch (error) {
    assert(error instanceof RangeError);
  }
  assertEquals(JSON.parse((await server.ask("")).text).count, 0);
});

Deno.test("search finds a revision of which the record has only the beginning", async () => {
  using server = await searchable();
  const [build] = await sampleBuilds();
  put(server.store, { ...build!, source: { ...build!.source, revision: "7b57103df66e" } });
  const { text } = await server.ask("?q=7b57103df66e09c18efe7a68b83bae0001cafe14");
  assertEquals(JSON.parse(text).count, 1);
});
