/** The search endpoints over a store whose content changes. */
import { assert, assertEquals } from "@std/assert";
import type { JsonObject } from "../../../src/net/json.ts";
import { Accounts } from "../../../src/server/access/accounts.ts";
import { SearchRunner, SearchUnavailable } from "../../../src/server/search/search_runner.ts";
import { SharedWork } from "../../../src/server/search/shared_work.ts";
import { finish, type Work } from "../../../src/server/search/dsl/work.ts";
import { buildhubServer } from "../../../src/server/server.ts";
import { Store } from "../../../src/server/store/store.ts";

const COLLECTIONS = "/buckets/b/collections";
const RECORDS = `${COLLECTIONS}/c/records`;
const KEYWORD = { type: "keyword" };

const SCHEMA = {
  properties: {
    id: KEYWORD,
    source: { properties: { product: KEYWORD, tree: KEYWORD } },
    target: { properties: { channel: KEYWORD, version: KEYWORD, locale: KEYWORD } },
    build: { properties: { as: KEYWORD } },
  },
};

/** A server over an empty collection, and a way to search it. */
async function searchable(schema: JsonObject = SCHEMA) {
  const store = await Store.open(":memory:");
  create(store, schema);
  const stop = new AbortController();
  const errors: unknown[] = [];
  const handler = buildhubServer({
    store,
    accounts: new Accounts("user:pass"),
    settings: {
      paginateBy: undefined,
      batchMaxRequests: 25,
      isFlushEnabled: true,
      isReadonly: true,
    },
    searched: { bucket: "b", collection: "c", signal: stop.signal },
    onError: (error) => errors.push(error),
  });
  const post = async (path: string, body: object, init: RequestInit = {}) => {
    const response = await handler(
      new Request(`http://localhost${path}`, {
        method: "POST",
        body: JSON.stringify(body),
        ...init,
      }),
    );
    assertEquals(errors, []);
    return { status: response.status, headers: response.headers, json: await response.json() };
  };
  const idsAt = (path: string) => async (query: object = { match_all: {} }): Promise<string[]> => {
    const { status, json } = await post(path, { query });
    assertEquals(status, 200, JSON.stringify(json));
    assertEquals(json.hits.total, json.hits.hits.length);
    return json.hits.hits.map(({ _id }: { _id: string }) => _id);
  };
  const ids = idsAt(`/v1${COLLECTIONS}/c/search`);
  const buildhub2Ids = idsAt("/api/search");
  await ids(); // what the server does at its start is done
  const dispose = () => {
    stop.abort();
    store.close();
  };
  return { store, post, ids, buildhub2Ids, [Symbol.dispose]: dispose };
}

function create(store: Store, schema: JsonObject): void {
  store.transaction(() => {
    store.put(store.list("/buckets")!, { id: "b" }, { read: ["system.Everyone"] }, false);
    store.createList(COLLECTIONS);
    store.put(store.list(COLLECTIONS)!, { id: "c", "index:schema": schema }, {}, false);
    store.createList(RECORDS);
  });
}

function put(store: Store, record: JsonObject, existed = false): void {
  store.transaction(() => store.put(store.list(RECORDS)!, record, null, existed));
}

function build(id: string, more: { target?: JsonObject; source?: JsonObject } = {}): JsonObject {
  return {
    id,
    source: { product: "firefox", ...more.source },
    target: { channel: "beta", version: "57.0b6", locale: "en-US", ...more.target },
    download: { url: "https://archive.mozilla.org/pub/a" },
    build: { as: "/bin/as" },
  };
}

const term = (field: string, value: string) => ({ term: { [field]: value } });

Deno.test("each write can be found by the next search", async () => {
  using server = await searchable();
  put(server.store, build("one"));
  put(server.store, build("two", { target: { channel: "release" } }));
  assertEquals(await server.ids(term("target.channel", "beta")), ["one"]);
  assertEquals(await server.ids(term("build.as", "/bin/as")), ["one", "two"]);
  put(server.store, build("one", { target: { channel: "release" } }), true);
  assertEquals(await server.ids(term("target.channel", "beta")), []);
  assertEquals(await server.ids(term("target.channel", "release")), ["one", "two"]);
  server.store.transaction(() => server.store.delete(server.store.list(RECORDS)!, "one"));
  assertEquals(await server.ids(term("build.as", "/bin/as")), ["two"]);
  put(server.store, build("one"));
  assertEquals(await server.ids(), ["one", "two"]);
});

Deno.test("what a transaction wrote that failed isn't found", async () => {
  using server = await searchable();
  try {
    server.store.transaction(() => {
      server.store.put(server.store.list(RECORDS)!, build("one"), null, false);
      throw new RangeError("no");
    });
  } catch (error) {
    assert(error instanceof RangeError);
  }
  assertEquals(await server.ids(), []);
});

Deno.test("a collection that is deleted and created again has only what is written later", async () => {
  using server = await searchable();
  put(server.store, build("one"));
  assertEquals(await server.ids(), ["one"]);
  server.store.flush();
  create(server.store, SCHEMA);
  assertEquals(await server.ids(), []);
  put(server.store, build("two"));
  assertEquals(await server.ids(), ["two"]);
  assertEquals(await server.buildhub2Ids(), ["two"]);
});

Deno.test("a collection stays searched while another one is deleted", async () => {
  using server = await searchable();
  put(server.store, build("one"));
  await server.ids();
  server.store.transaction(() => server.store.dropListsBelow(`${COLLECTIONS}/other`));
  assertEquals(await server.ids(), ["one"]);
});

Deno.test("a changed index:schema counts for all records", async () => {
  using server = await searchable({ properties: { id: KEYWORD } });
  put(server.store, build("one"));
  assertEquals(await server.ids(term("target.channel", "beta")), []);
  server.store.transaction(() => {
    const list = server.store.list(COLLECTIONS)!;
    server.store.put(list, { id: "c", "index:schema": SCHEMA }, {}, true);
  });
  assertEquals(await server.ids(term("target.channel", "beta")), ["one"]);
});

Deno.test("values that are no texts are found in indexed fields", async () => {
  using server = await searchable();
  put(server.store, { id: "number", target: { version: 57 } });
  put(server.store, { id: "null", target: { version: null } });
  put(server.store, { id: "boolean", target: { version: true } });
  assertEquals(await server.ids(term("target.version", "57")), ["number"]);
  assertEquals(await server.ids(term("target.version", "true")), ["boolean"]);
  assertEquals(await server.ids({ exists: { field: "target.version" } }), ["number", "boolean"]);
});

Deno.test("/api/search follows records that gain and lose documents", async () => {
  using server = await searchable();
  put(server.store, { id: "no build" });
  put(server.store, build("one", { target: { channel: "release", version: "57.0rc1" } }));
  assertEquals(await server.buildhub2Ids(), ["one", "one@beta"]);
  put(server.store, build("one"), true);
  put(server.store, build("two", { target: { locale: "fr" } }));
  assertEquals(await server.buildhub2Ids(), ["one"]);
  put(server.store, build("two", { target: { channel: "release", version: "57.0rc1" } }), true);
  put(server.store, build("one", { target: { channel: "release", version: "57.0rc1" } }), true);
  assertEquals((await server.buildhub2Ids()).toSorted(), ["one", "one@beta", "two", "two@beta"]);
  assertEquals((await server.buildhub2Ids(term("target.channel", "beta"))).toSorted(), [
    "one@beta",
    "two@beta",
  ]);
  server.store.transaction(() => server.store.delete(server.store.list(RECORDS)!, "one"));
  assertEquals(await server.buildhub2Ids(), ["two", "two@beta"]);
});

Deno.test("many writes are read in the background", async () => {
  using server = await searchable();
  for (let i = 0; i < 3000; i++) put(server.store, build(`build-${i}`));
  const { json } = await server.post(`/v1${COLLECTIONS}/c/search`, { size: 0 });
  assertEquals(json.hits.total, 3000);
});

Deno.test("a request that is too large is refused in each endpoint's form", async () => {
  using server = await searchable();
  const body = { query: { terms: { id: Array(300_000).fill("abcdefgh") } } };
  const kinto = await server.post(`/v1${COLLECTIONS}/c/search`, body);
  assertEquals([kinto.status, kinto.json.errno], [413, 113]);
  const buildhub2 = await server.post("/api/search", body);
  assertEquals([buildhub2.status, Object.keys(buildhub2.json)], [413, ["error"]]);
});

Deno.test("a search whose client has left is stopped", async () => {
  using server = await searchable();
  const { status, json } = await server.post(`/v1${COLLECTIONS}/c/search`, {}, {
    signal: AbortSignal.abort(),
  });
  assertEquals([status, json.errno], [503, 201]);
});

Deno.test("SearchRunner gives others a turn between those of a search", async () => {
  let nowMs = 0;
  const runner = new SearchRunner(() => nowMs);
  const turns: string[] = [];
  const work = function* (name: string): Work<string> {
    for (let i = 0; i < 3; i++) {
      turns.push(name);
      nowMs += 11;
      yield;
    }
    return name;
  };
  const { signal } = new AbortController();
  const answers = await Promise.all(["a", "b"].map((name) => runner.run(work(name), signal)));
  assertEquals(answers, ["a", "b"]);
  assertEquals(turns.join(""), "ababab");
});

Deno.test("SearchRunner stops a search that takes too long", async () => {
  let nowMs = 0;
  const runner = new SearchRunner(() => nowMs);
  const endless = function* (): Work<void> {
    for (;;) {
      nowMs += 1000;
      yield;
    }
  };
  const { signal } = new AbortController();
  const error = await runner.run(endless(), signal).catch((error) => error);
  assert(error instanceof SearchUnavailable);
  assertEquals([error.message, nowMs], ["The search takes longer than 30 s.", 31_000]);
});

Deno.test("SearchRunner refuses searches beyond those that may wait", async () => {
  const runner = new SearchRunner();
  const stop = new AbortController();
  const waits = function* (): Work<void> {
    while (!stop.signal.aborted) yield;
  };
  const running = Array.from({ length: 500 }, () => runner.run(waits(), stop.signal));
  const error = await runner.run(waits(), stop.signal).catch((error) => error);
  assertEquals(error.message, "Too many searches.");
  assertEquals(error.headers, { "retry-after": "5" });
  stop.abort();
  await Promise.allSettled(running);
});

Deno.test("SharedWork starts again after an error", () => {
  let starts = 0;
  const shared = new SharedWork(function* () {
    yield;
    if (++starts === 1) throw new RangeError("the disk");
  });
  const error = (() => {
    try {
      finish(shared.join());
    } catch (error) {
      return error;
    }
  })();
  assert(error instanceof RangeError);
  finish(shared.join());
  finish(shared.join());
  assertEquals(starts, 2);
});
