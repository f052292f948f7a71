import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { contentHash } from "../../src/kinto/content.ts";
import type { Kinto } from "../../src/kinto/kinto.ts";
import {
  bucketPath,
  type CollectionName,
  collectionPath,
  IF_ABSENT,
  type KintoObject,
  type KintoRecord,
  recordPath,
  recordRequest,
} from "../../src/kinto/kinto_request.ts";
import { KnownRecords } from "../../src/kinto/known_records.ts";
import { refreshKnownRecords } from "../../src/kinto/refresh_known_records.ts";
import { everyFault, startFaultProxy } from "../servers/fault_proxy.ts";
import { type Kinto as KintoServer, startKinto } from "../servers/kinto.ts";
import { kintoAt, logTo, newCollection, record, records } from "./target.ts";

let server: KintoServer;
Deno.test.beforeAll(async () => {
  server = await startKinto({ settings: { "kinto.paginate_by": "7" } });
});
Deno.test.afterAll(async () => await server[Symbol.asyncDispose]());

/** A state in a folder of its own. */
async function scene(url = server.url) {
  const folder = await Deno.makeTempDir();
  const kinto = kintoAt(url);
  const to = await newCollection(kinto);
  const lines: string[] = [];
  const log = logTo(lines);
  const open = () => KnownRecords.open({ folder, server: url, ...to, log });
  return {
    ...{ folder, kinto, to, lines },
    /** Opens the state, brings it up to date, and tells which of the records it knows. */
    async known(items: KintoRecord[]): Promise<{ read: number; size: number; has: boolean[] }> {
      using known = await open();
      const read = await refreshKnownRecords(known, kinto, { ...to, log });
      return { read, size: known.size, has: items.map((item) => known.has(item)) };
    },
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

async function write(kinto: Kinto, to: CollectionName, items: KintoRecord[]): Promise<void> {
  for (const item of items) {
    const [reply] = await kinto.batch([recordRequest(to, item)]);
    assert(reply!.status < 300);
  }
}

async function remove(to: CollectionName, id?: string): Promise<void> {
  const response = await fetch(`${server.url}${recordPath(to, id)}`, {
    method: "DELETE",
    headers: { authorization: `Basic ${btoa("user:pass")}` },
  });
  await response.body?.cancel();
  assertEquals(response.status, 200);
}

async function flush(): Promise<void> {
  await (await fetch(`${server.url}/__flush__`, { method: "POST" })).body?.cancel();
}

Deno.test("KnownRecords knows what the server has, page by page, and only that", async () => {
  await using at = await scene();
  await write(at.kinto, at.to, records(30));
  const found = await at.known([...records(31), record(3, 99), { id: "firefox" }]);
  assertEquals(found.size, 30);
  assertEquals(found.has, [...Array(30).fill(true), false, false, false]);
});

Deno.test("KnownRecords reads changes and deletions", async () => {
  await using at = await scene();
  await write(at.kinto, at.to, records(10));
  await at.known([]);
  await write(at.kinto, at.to, [record(3, 99), record(10)]);
  await remove(at.to, record(5).id);
  const { size, has } = await at.known([record(3), record(3, 99), record(5), record(10)]);
  assertEquals({ size, has }, { size: 10, has: [false, false, false, true] });
  assertEquals((await at.known([record(3, 99)])).has, [true]);
  for (let page = 0; page < 2; page++) await remove(at.to);
  assertEquals((await at.known([record(1)])).size, 0);
});

Deno.test("KnownRecords claims nothing of a record that is about to be written", async () => {
  await using at = await scene();
  await write(at.kinto, at.to, [record(1)]);
  // The same record twice in one input, first changed, then as the server has it.
  assertEquals((await at.known([record(1, 99), record(1)])).has, [false, false]);
});

Deno.test.each([
  { name: "flushed", again: 0, asBefore: false },
  { name: "flushed and filled again", again: 10, asBefore: false },
  { name: "flushed behind the same collection", again: 0, asBefore: true },
  { name: "filled with less behind the same collection", again: 4, asBefore: true },
  { name: "filled with as many others behind the same collection", again: 10, asBefore: true },
])("refreshKnownRecords() notices a server that was $name", async ({ again, asBefore }) => {
  await using at = await scene();
  await write(at.kinto, at.to, records(20).slice(10));
  await at.known([]);
  const path = collectionPath(at.to);
  const { body } = await at.kinto.request({ method: "GET", path });
  await flush();
  await at.kinto.request({ method: "PUT", path: bucketPath(at.to.bucket) });
  await at.kinto.request({ method: "PUT", path, body: asBefore ? body as KintoObject : undefined });
  await write(at.kinto, at.to, records(again));
  const { size, has } = await at.known(records(20));
  assertEquals(size, again);
  assertEquals(has, records(20).map((_, number) => number < again));
});

Deno.test("refreshKnownRecords() notices what vanished without a tombstone", async () => {
  await using at = await scene();
  await write(at.kinto, at.to, records(9));
  await at.known([]);
  // What a server that was restored looks like: here its count says more than there is.
  await using proxy = await startFaultProxy(server.url, {
    async handle(request, forward) {
      const response = await forward(request);
      if (request.method !== "HEAD") return response;
      return { ...response, headers: { ...response.headers, "total-objects": "8" } };
    },
  });
  using known = await KnownRecords.open({ ...at, ...at.to, server: server.url, log: logTo([]) });
  const lines: string[] = [];
  const read = await refreshKnownRecords(known, kintoAt(proxy.url), {
    ...at.to,
    log: logTo(lines),
  });
  assertEquals(lines.length, 1);
  assert(lines[0]!.startsWith("warning: The server was flushed, restored or replaced"), lines[0]);
  assert(read >= 9);
});

Deno.test("refreshKnownRecords() is right after a bad connection", async () => {
  await using proxy = await startFaultProxy(server.url, { faults: everyFault(0.3), seed: 5 });
  await using at = await scene(proxy.url);
  await write(at.kinto, at.to, records(50));
  assertEquals((await at.known(records(50))).has, Array(50).fill(true));
});

Deno.test("refreshKnownRecords() reads little when little has changed", async () => {
  await using at = await scene();
  // As if an hour ago: Kinto takes the time that a record brings.
  const hourAgo = Date.now() - 3_600_000;
  for (let number = 0; number < 20; number++) {
    const data = { ...record(number), last_modified: hourAgo + number * 10_000 };
    await at.kinto.batch([{ ...recordRequest(at.to, data), headers: IF_ABSENT }]);
  }
  assertEquals((await at.known([])).read, 20);
  // The last minute before the latest change is always read again.
  assertEquals((await at.known(records(20))).read, 6);
});

Deno.test.each([
  { name: "no database", bytes: new TextEncoder().encode("not a database, ".repeat(1000)) },
  { name: "cut off", bytes: undefined },
])("KnownRecords recreates a file that is $name", async ({ bytes }) => {
  await using at = await scene();
  await write(at.kinto, at.to, records(200));
  await at.known([]);
  const files = (await Array.fromAsync(Deno.readDir(at.folder))).map(({ name }) => name);
  const path = `${at.folder}/${files.find((name) => name.endsWith(".sqlite"))}`;
  if (bytes) await Deno.writeFile(path, bytes);
  else await Deno.truncate(path, (await Deno.stat(path)).size >> 1);
  assertEquals((await at.known(records(200))).has, Array(200).fill(true));
  assertEquals(
    at.lines.filter((line) => /^warning: .* is damaged and is recreated/.test(line)).length,
    1,
  );
});

Deno.test("contentHash() tells contents apart, and nothing else", () => {
  const hash = (value: object) => contentHash(value);
  const same = hash({ id: "a", b: { y: [1, { p: null, q: "é" }], x: 1 } });
  assertEquals(hash({ b: { x: 1, y: [1, { q: "é", p: null }] }, schema: 1, id: "b" }), same);
  for (
    const other of [
      { b: {} },
      { b: { x: 1, y: [{ p: null, q: "é" }, 1] } },
      { b: { x: "1" } },
      { b: { x: 1, y: [1, "p", null, "q", "é"] } },
      { b: { x: 1, y: [1], p: null, q: "é" } },
      { b: ["x", 1, "y", [1, { p: null, q: "é" }]] },
    ]
  ) {
    assertNotEquals(hash(other), same);
  }
  assertNotEquals(hash(JSON.parse('{"__proto__": {"a": 1}}')), hash({}));
  assertNotEquals(hash({ a: [[]], b: 1 }), hash({ a: [], b: 1 }));
  assertNotEquals(hash({ a: [{}, "b"] }), hash({ a: [{ b: [] }] }));
});
