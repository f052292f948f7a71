import { assert, assertEquals } from "@std/assert";
import { MemoryCache } from "../../src/archive/document_cache.ts";
import { SqliteCache } from "../../src/archive/sqlite_cache.ts";

/** A folder that is gone with the test. */
async function folder(): Promise<{ file: string } & AsyncDisposable> {
  const path = await Deno.makeTempDir();
  return {
    file: `${path}/cache.sqlite`,
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

/** A cache whose file must not be damaged. */
function openCache(file: string): Promise<SqliteCache> {
  return SqliteCache.open(file, (message) => {
    throw new Error(message);
  });
}

Deno.test("MemoryCache remembers values and misses", () => {
  const cache = new MemoryCache();
  cache.set("a", "1");
  cache.set("b", null);
  assertEquals([cache.get("a"), cache.get("b"), cache.get("c")], ["1", null, undefined]);
  cache.close();
});

Deno.test.each<{ name: string; values: Record<string, string | null> }>([
  { name: "nothing", values: {} },
  { name: "a value", values: { a: "1" } },
  { name: "any text", values: { "pub/é 漢😀'\"": '{"é": "漢😀\n"}', "": "" } },
  { name: "more than it holds back", values: many(2_000) },
])("SqliteCache keeps $name between runs", async ({ values }) => {
  await using temporary = await folder();
  const written = await openCache(temporary.file);
  for (const [key, value] of Object.entries(values)) written.set(key, value);
  const read = (cache: SqliteCache) => Object.keys(values).map((key) => [key, cache.get(key)]);
  assertEquals(Object.fromEntries(read(written)), values);
  written.close();
  const again = await openCache(temporary.file);
  assertEquals(Object.fromEntries(read(again)), values);
  assertEquals(again.get("something else"), undefined);
  again.close();
});

function many(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [`key ${i}`, `value ${i}`]));
}

Deno.test("SqliteCache remembers a miss in the run that saw it, not in the next", async () => {
  await using temporary = await folder();
  const first = await openCache(temporary.file);
  // So many that all are written: the file is asked, not what is held back.
  for (const key of Object.keys(many(1_000))) first.set(key, null);
  assertEquals([first.get("key 0"), first.get("key 999")], [null, null]);
  const meanwhile = await openCache(temporary.file);
  assertEquals(meanwhile.get("key 0"), undefined);
  meanwhile.close();
  first.close();
  const next = await openCache(temporary.file);
  assertEquals(next.get("key 0"), undefined);
  next.set("key 0", "found");
  next.close();
  const last = await openCache(temporary.file);
  assertEquals(last.get("key 0"), "found");
  last.close();
});

Deno.test("SqliteCache takes the last value that was set", async () => {
  await using temporary = await folder();
  const cache = await openCache(temporary.file);
  cache.set("a", null);
  cache.set("a", "1");
  cache.set("a", "2");
  cache.close();
  const again = await openCache(temporary.file);
  assertEquals(again.get("a"), "2");
  again.close();
});

const FILLED = new URL("../../src/archive/sqlite_cache.ts", import.meta.url).href;

/** Fills a cache for ever, and says when it has begun to write. */
const FILLING = `
  const { SqliteCache } = await import(${JSON.stringify(FILLED)});
  const cache = await SqliteCache.open(Deno.args[0], (reason) => console.log(reason));
  for (let i = 0;; i++) {
    cache.set("key " + i, "value " + i);
    if (i % 5000 === 0) {
      console.log(i);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
`;

Deno.test("SqliteCache leaves a file that can be read, killed at any moment", async () => {
  await using temporary = await folder();
  for (let round = 0; round < 3; round++) {
    const child = new Deno.Command(Deno.execPath(), {
      args: ["eval", "--no-check", FILLING, temporary.file],
      stdout: "piped",
      stderr: "null",
    }).spawn();
    const reader = child.stdout.getReader();
    let said = "";
    while (!said.includes("5000")) {
      const { done, value } = await reader.read();
      if (done) throw new Error(`it ended: ${said}`);
      said += new TextDecoder().decode(value);
    }
    child.kill("SIGKILL");
    await child.status;
    await reader.cancel();
    const cache = await openCache(temporary.file);
    for (let i = 0; i < 4_500; i++) assertEquals(cache.get(`key ${i}`), `value ${i}`);
    cache.close();
  }
});

Deno.test.each<{ name: string; damage: (bytes: Uint8Array) => Uint8Array }>([
  {
    name: "is something else",
    damage: () => new TextEncoder().encode("not a database\n".repeat(99)),
  },
  { name: "is cut off", damage: (bytes) => bytes.slice(0, bytes.length >> 1) },
  { name: "has a damaged schema", damage: (bytes) => bytes.fill(0xff, 100, 1_000) },
  { name: "has damaged pages", damage: (bytes) => bytes.fill(0xff, 4_096) },
])("SqliteCache replaces a file that $name, with a warning", async ({ damage }) => {
  await using temporary = await folder();
  const filled = await openCache(temporary.file);
  for (const [key, value] of Object.entries(many(3_000))) filled.set(key, value);
  filled.close();
  await Deno.writeFile(temporary.file, damage(await Deno.readFile(temporary.file)));

  const warnings: string[] = [];
  const cache = await SqliteCache.open(temporary.file, (message) => warnings.push(message));
  for (const key of Object.keys(many(3_000))) {
    const value = cache.get(key);
    assert(value === undefined || value === key.replace("key", "value"), `${key}: ${value}`);
  }
  for (const [key, value] of Object.entries(many(3_000))) cache.set(key, value);
  cache.close();
  assertEquals(warnings.length, 1);

  const again = await openCache(temporary.file);
  for (const [key, value] of Object.entries(many(3_000))) assertEquals(again.get(key), value);
  again.close();
});

Deno.test("SqliteCache recreates a file in which one byte of a document differs", async () => {
  await using temporary = await folder();
  const filled = await openCache(temporary.file);
  filled.set("a", '{"buildid": "20170602122010"}');
  filled.close();
  const bytes = await Deno.readFile(temporary.file);
  const at = new TextDecoder("latin1").decode(bytes).indexOf("20170602");
  bytes.fill("3".charCodeAt(0), at, at + 1);
  await Deno.writeFile(temporary.file, bytes);

  const warnings: string[] = [];
  const cache = await SqliteCache.open(temporary.file, (message) => warnings.push(message));
  assertEquals([cache.get("a"), warnings.length], [undefined, 1]);
  cache.set("a", "1");
  cache.close();
  const again = await openCache(temporary.file);
  assertEquals(again.get("a"), "1");
  again.close();
});

Deno.test("SqliteCache is shared by runs at the same time", async () => {
  await using temporary = await folder();
  const caches = await Promise.all([1, 2, 3].map(() => openCache(temporary.file)));
  for (const [i, cache] of caches.entries()) {
    for (const [key, value] of Object.entries(many(1_000))) cache.set(`${i} ${key}`, value);
  }
  for (const cache of caches) cache.close();
  const cache = await openCache(temporary.file);
  for (const i of caches.keys()) assertEquals(cache.get(`${i} key 999`), "value 999");
  cache.close();
});
