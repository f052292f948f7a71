import { assert, assertEquals, assertRejects } from "@std/assert";
import { batches } from "../../src/kinto/batches.ts";
import type { Kinto } from "../../src/kinto/kinto.ts";
import type { CollectionName, KintoRecord } from "../../src/kinto/kinto_request.ts";
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
