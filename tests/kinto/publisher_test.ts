import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { batches } from "../../src/kinto/batches.ts";
import type { Kinto } from "../../src/kinto/kinto.ts";
import {
  type CollectionName,
  type KintoRecord,
  recordRequest,
} from "../../src/kinto/kinto_request.ts";
import { KintoUnavailable } from "../../src/kinto/kinto_unavailable.ts";
import { Outcome } from "../../src/kinto/outcome.ts";
import { publisher } from "../../src/kinto/publisher.ts";
import { everyFault, startFaultProxy } from "../servers/fault_proxy.ts";
import { type Kinto as KintoServer, startKinto } from "../servers/kinto.ts";
import { kintoAt, newCollection, record, records, recordsOf } from "./target.ts";

let server: KintoServer;
Deno.test.beforeAll(async () => {
  server = await startKinto({ storage: "postgresql" });
});
Deno.test.afterAll(async () => await server[Symbol.asyncDispose]());

async function publish(
  kinto: Kinto,
  to: CollectionName,
  items: KintoRecord[],
  { createOnly = false, size = 25 } = {},
): Promise<{ outcome: Outcome; refusals: string[] }> {
  const refusals: string[] = [];
  const outcome = new Outcome((name, reason) => refusals.push(`${name}: ${reason}`));
  outcome.read = items.length;
  await ReadableStream.from(items).pipeThrough(batches(size))
    .pipeTo(publisher(kinto, { to, outcome, createOnly }));
  return { outcome, refusals };
}

Deno.test("publisher() writes new records, and replaces those that exist", async () => {
  const kinto = kintoAt(server.url);
  const to = await newCollection(kinto);
  await publish(kinto, to, records(30));
  const { outcome } = await publish(kinto, to, [record(0, 7), record(30)]);
  assertEquals(`${outcome}`, "2 read = 2 published + 0 unchanged + 0 refused");
  const stored = await recordsOf(kinto, to);
  assertEquals(stored.size, 31);
  const { last_modified: _, schema: __, ...content } = stored.get(record(0).id)!;
  assertEquals(content, record(0, 7));
});

Deno.test("publisher() makes an id for a record that has none", async () => {
  const kinto = kintoAt(server.url);
  const to = await newCollection(kinto);
  const { id: _, ...anonymous } = record(1);
  const { outcome } = await publish(kinto, to, [anonymous as KintoRecord]);
  assertEquals([outcome.published, (await recordsOf(kinto, to)).size], [1, 1]);
});

Deno.test("publisher() names what the server refuses, and writes the rest", async () => {
  const kinto = kintoAt(server.url);
  const to = await newCollection(kinto);
  const { outcome, refusals } = await publish(kinto, to, [
    record(1),
    { ...record(2), id: "no id at all" },
    { ...record(3), extra: 1 } as KintoRecord,
    record(4),
  ]);
  assertEquals(`${outcome}`, "4 read = 2 published + 0 unchanged + 2 refused");
  assert(refusals[0]!.startsWith("no id at all: server replied 400 "), refusals[0]);
  assert(refusals[1]!.includes("'extra' was unexpected"), refusals[1]);
  assertEquals([...(await recordsOf(kinto, to)).keys()].sort(), [record(1).id, record(4).id]);
});

/** A record that can be stored by no PostgreSQL. */
function withNul(number: number) {
  const { build, ...rest } = record(number);
  return { ...rest, build: { ...build, cc: "gcc\0" } };
}

Deno.test("publisher() doesn't send what PostgreSQL can't store, and writes the rest", async () => {
  const kinto = kintoAt(server.url, { retries: 0 });
  const to = await newCollection(kinto);
  const { outcome, refusals } = await publish(kinto, to, [record(1), withNul(2), record(3)]);
  assertEquals(`${outcome}`, "3 read = 2 published + 0 unchanged + 1 refused");
  assertEquals(refusals, [`${record(2).id}: build.cc has a NUL (U+0000)`]);
  assertEquals((await recordsOf(kinto, to)).size, 2);
});

Deno.test("batch() finds the request that PostgreSQL answers with 503, and writes the others", async () => {
  const kinto = kintoAt(server.url, { retries: 1, maxWaitMs: 1 });
  const to = await newCollection(kinto);
  const items = [...records(5), withNul(5), ...records(10).slice(6)];
  const replies = await kinto.batch(items.map((item) => recordRequest(to, item)));
  assertEquals(
    replies.map(({ status }) => status),
    items.map((_, number) => number === 5 ? 503 : 201),
  );
  assertEquals((await recordsOf(kinto, to)).size, 9);
});

Deno.test.each([
  { name: "one", poisonous: [17], most: 15 },
  { name: "neighbors", poisonous: [3, 4, 5, 6, 7], most: 30 },
  { name: "some apart", poisonous: [0, 12, 24], most: 35 },
  { name: "all", poisonous: [...Array(25).keys()], most: 80 },
])("publisher() names $name of a batch that the server fails on", async ({ poisonous, most }) => {
  const direct = kintoAt(server.url);
  const to = await newCollection(direct);
  const ids = poisonous.map((number) => record(number).id);
  let batches = 0;
  await using proxy = await startFaultProxy(server.url, {
    async handle(request, forward) {
      if (request.path === "/v1/batch") batches++;
      const body = new TextDecoder().decode(request.body);
      if (!ids.some((id) => body.includes(`"${id}"`))) return await forward(request);
      return { status: 500, headers: {}, body: new Uint8Array() };
    },
  });
  const kinto = kintoAt(proxy.url, { retries: 3 });
  const { outcome, refusals } = await publish(kinto, to, records(25));
  assertEquals(refusals, ids.map((id) => `${id}: server replied 500 `));
  assertEquals(outcome.published, 25 - ids.length);
  assertEquals((await recordsOf(direct, to)).size, 25 - ids.length);
  assert(batches <= most, `${batches} batches`);
});

Deno.test("publisher() stops at once when the heartbeat fails too, and says so", async () => {
  const paths: string[] = [];
  await using dead = Deno.serve({ port: 0, onListen() {} }, (request) => {
    paths.push(new URL(request.url).pathname);
    return new Response("", { status: 503 });
  });
  const url = `http://127.0.0.1:${dead.addr.port}/v1`;
  const to = { bucket: "b", collection: "c" };
  const error = await assertRejects(
    () => publish(kintoAt(url, { retries: 2 }), to, records(50)),
    KintoUnavailable,
  );
  assertEquals(paths, ["/v1/batch", "/v1/batch", "/v1/batch", "/v1/__heartbeat__"]);
  assertEquals(
    error.message,
    `${url} is unavailable: POST /batch: server replied 503; then GET ${url}/__heartbeat__: ` +
      `server replied 503 Service Unavailable. Run it again when the server is back`,
  );
});

Deno.test("publisher() stops soon when nothing can be written though the server is up", async () => {
  let requests = 0;
  await using proxy = await startFaultProxy(server.url, {
    handle: (request, forward) => {
      requests++;
      const isBatch = request.path === "/v1/batch";
      const full = { status: 507, headers: {}, body: new TextEncoder().encode("disk full") };
      return isBatch ? Promise.resolve(full) : forward(request);
    },
  });
  const kinto = kintoAt(proxy.url, { retries: 2 });
  const to = { bucket: "b", collection: "c" };
  const error = await assertRejects(() => publish(kinto, to, records(500)), KintoUnavailable);
  assertStringIncludes(
    error.message,
    "50 requests in a row failed, each sent alone: server replied 507 disk full",
  );
  assert(requests < 400, `${requests} requests`);
});

Deno.test("publisher() refuses a record whose part of a batch is 503 for ever", async () => {
  const direct = kintoAt(server.url);
  const to = await newCollection(direct);
  const { id } = record(2);
  await using proxy = await startFaultProxy(server.url, {
    async handle(request, forward) {
      const { status, headers, body } = await forward(request);
      const answer = JSON.parse(new TextDecoder().decode(body));
      for (const part of answer.responses ?? []) {
        if (part.path.endsWith(`/${id}`)) {
          Object.assign(part, { status: 503, body: { error: "no" } });
        }
      }
      return { status, headers, body: new TextEncoder().encode(JSON.stringify(answer)) };
    },
  });
  const kinto = kintoAt(proxy.url, { retries: 2 });
  const { outcome, refusals } = await publish(kinto, to, records(5));
  assertEquals([outcome.published, refusals], [4, [`${id}: server replied 503 no`]]);
  assert(proxy.requests < 12, `${proxy.requests} requests`);
});

Deno.test("publisher() leaves existing records alone when it may only create", async () => {
  const kinto = kintoAt(server.url);
  const to = await newCollection(kinto);
  await publish(kinto, to, [record(1)]);
  const { outcome } = await publish(kinto, to, [record(1, 99), record(2)], { createOnly: true });
  assertEquals(`${outcome}`, "2 read = 1 published + 0 unchanged + 1 existing + 0 refused");
  assertEquals((await recordsOf(kinto, to)).get(record(1).id)!.download, record(1).download);
});

Deno.test("publisher() loses nothing when others write to the same collection", async () => {
  let conflicts = 0;
  const kinto = kintoAt(server.url, { retries: 30, onRetry: () => conflicts++ });
  const to = await newCollection(kinto);
  const all = records(600);
  // Each is a client of its own, as two jobs that run at the same time would be.
  const outcomes = await Promise.all([0, 1, 2].map(async (client) => {
    const own = all.filter((_, number) => number % 3 === client);
    return (await publish(kinto, to, own)).outcome;
  }));
  assertEquals(outcomes.map(({ published }) => published), [200, 200, 200]);
  assertEquals((await recordsOf(kinto, to)).size, 600);
  assert(conflicts > 0, "Kinto has learned to write in parallel: write batches in parallel too");
});

Deno.test.each([1, 2, 3])(
  "publisher() loses nothing on a bad connection (seed %d)",
  async (seed) => {
    const direct = kintoAt(server.url);
    const to = await newCollection(direct);
    await using proxy = await startFaultProxy(server.url, { faults: everyFault(0.3), seed });
    const { outcome } = await publish(kintoAt(proxy.url), to, records(100), { size: 5 });
    assertEquals(`${outcome}`, "100 read = 100 published + 0 unchanged + 0 refused");
    const stored = await recordsOf(direct, to);
    assertEquals(
      records(100).map(({ id }) => stored.get(id)?.download),
      records(100).map(({ download }) => download),
    );
    assertEquals(stored.size, 100);
  },
);

Deno.test("publisher() fails when the server is gone, and what is unsent is counted", async () => {
  const gone = Deno.serve({ port: 0, onListen() {} }, () => new Response("", { status: 503 }));
  await using _ = gone;
  const kinto = kintoAt(`http://127.0.0.1:${gone.addr.port}/v1`, { retries: 1 });
  const outcome = new Outcome();
  outcome.read = 2;
  const to = { bucket: "b", collection: "c" };
  await assertRejects(
    () =>
      ReadableStream.from(records(2)).pipeThrough(batches(1))
        .pipeTo(publisher(kinto, { to, outcome })),
    Error,
    "503",
  );
  assertEquals(`${outcome}`, "2 read = 0 published + 0 unchanged + 0 refused + 2 unsent");
});
