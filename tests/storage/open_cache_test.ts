import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { UsageError } from "../../src/errors/usage_error.ts";
import type { Cache } from "../../src/storage/cache.ts";
import { openCache } from "../../src/storage/open_cache.ts";
import { DamagedCache } from "../../src/errors/damaged_cache.ts";

const SCHEMA = `
  CREATE TABLE page (key TEXT PRIMARY KEY, text TEXT) WITHOUT ROWID;
  CREATE TABLE blob (path TEXT PRIMARY KEY, bytes BLOB)`;
const ROWS = 2_000;
const PAGE_BYTES = 4_096;

/** A file in a folder that is removed with the test, and the messages about it. */
async function scene() {
  const folder = await Deno.makeTempDir();
  const messages: string[] = [];
  const path = `${folder}/cache.sqlite`;
  const format = { version: 1, schema: SCHEMA, isChecked: false };
  return {
    ...{ folder, path, messages },
    open: (options: Partial<typeof format> = {}) =>
      openCache(path, {
        ...{ ...format, ...options },
        onRecreate: (message) => messages.push(message),
      }),
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

function fill(cache: Cache): void {
  cache.transaction((sql) => {
    for (let i = 0; i < ROWS; i++) {
      const text = `text ${i} `.repeat(i % 100 === 0 ? 1_000 : 3);
      sql("INSERT OR REPLACE INTO page VALUES (?, ?)").run(`key ${i}`, text);
      sql("INSERT OR REPLACE INTO blob VALUES (?, ?)").run(`path ${i}`, new Uint8Array(i % 90));
    }
  });
}

/** @returns how many rows there are */
function readAll(cache: Cache): number {
  return cache.use((sql) => sql("SELECT * FROM page").all().length) +
    cache.use((sql) => sql("SELECT * FROM blob").all().length);
}

function zeroedPage(page: number) {
  return (bytes: Uint8Array) => bytes.fill(0, page * PAGE_BYTES, (page + 1) * PAGE_BYTES);
}

function byte(offset: number, value: number) {
  return (bytes: Uint8Array) => bytes.fill(value, offset, offset + 1);
}

const DAMAGES: { name: string; damage: (bytes: Uint8Array) => Uint8Array }[] = [
  { name: "text", damage: () => new TextEncoder().encode("not a database\n".repeat(999)) },
  { name: "one byte", damage: (bytes) => bytes.slice(0, 1) },
  { name: "a header alone", damage: (bytes) => bytes.slice(0, 100) },
  { name: "the first page alone", damage: (bytes) => bytes.slice(0, PAGE_BYTES) },
  { name: "the first half", damage: (bytes) => bytes.slice(0, bytes.length >> 1) },
  { name: "all but the last byte", damage: (bytes) => bytes.slice(0, -1) },
  { name: "zeros", damage: (bytes) => bytes.fill(0) },
  { name: "zeros after the header", damage: (bytes) => bytes.fill(0, 100) },
  { name: "a changed schema", damage: (bytes) => bytes.fill(0xff, 100, 1_000) },
  { name: "changed pages", damage: (bytes) => bytes.fill(0xff, PAGE_BYTES) },
  ...[0, 1, 2, 3, 5, 8, 13, 21].map((page) => ({
    name: `page ${page} zeroed`,
    damage: zeroedPage(page),
  })),
  ...[0, 16, 17, 18, 19, 20, 21, 28, 44, 47, 56, 59, 60, 63, 100, 103, 105].map((offset) => ({
    name: `byte ${offset} of the first page changed`,
    damage: byte(offset, 7),
  })),
  { name: "a table renamed", damage: (bytes) => replaced(bytes, "TABLE page", "TABLE paga") },
  { name: "a column renamed", damage: (bytes) => replaced(bytes, "text TEXT", "texs TEXT") },
];

function replaced(bytes: Uint8Array, text: string, by: string): Uint8Array {
  const at = new TextDecoder("latin1").decode(bytes).indexOf(text);
  assert(at > 0);
  bytes.set(new TextEncoder().encode(by), at);
  return bytes;
}

Deno.test.each(DAMAGES)(
  "openCache() recreates a file that is $name at most once, with one message",
  async ({ damage }) => {
    for (const isChecked of [true, false]) {
      await using at = await scene();
      {
        using cache = await at.open();
        fill(cache);
      }
      await Deno.writeFile(at.path, damage(await Deno.readFile(at.path)));
      {
        using cache = await at.open({ isChecked });
        readAll(cache);
        fill(cache);
        assertEquals(readAll(cache), 2 * ROWS);
      }
      assert(at.messages.length <= 1, at.messages.join("\n"));
      at.messages.length = 0;
      using healed = await at.open({ isChecked });
      assertEquals([readAll(healed), at.messages], [2 * ROWS, []]);
    }
  },
);

Deno.test("Cache.use() repeats its work on an empty file when a page is damaged meanwhile", async () => {
  await using at = await scene();
  using cache = await at.open();
  fill(cache);
  let attempts = 0;
  const count = cache.use((sql) => {
    if (++attempts === 1) throw new DamagedCache("a checksum differs");
    return sql("SELECT count(*) AS n FROM page").get()!.n;
  });
  assertEquals([attempts, count, cache.isRecreated, at.messages.length], [2, 0, true, 1]);
  assert(at.messages[0]!.endsWith("is damaged and is recreated: a checksum differs"));
  assertThrows(
    () =>
      cache.use(() => {
        throw new DamagedCache("it differs again");
      }),
    DamagedCache,
    "again",
  );
  assertEquals(at.messages.length, 1);
});

Deno.test("Cache.require() fails when a page is damaged, and the next run has an empty file", async () => {
  await using at = await scene();
  {
    using cache = await at.open();
    fill(cache);
    assertThrows(
      () =>
        cache.require(() => {
          throw new Error("database disk image is malformed");
        }),
      DamagedCache,
      "run the command again",
    );
  }
  using next = await at.open();
  assertEquals([readAll(next), at.messages.length], [0, 1]);
});

Deno.test.each([
  { name: "an older version", version: 2, schema: SCHEMA },
  { name: "other columns", version: 1, schema: SCHEMA.replace("text TEXT", "text TEXT, run TEXT") },
])("openCache() recreates a file of $name, with one message", async ({ version, schema }) => {
  await using at = await scene();
  {
    using cache = await at.open();
    fill(cache);
  }
  using first = await at.open({ version, schema });
  using second = await at.open({ version, schema });
  assertEquals([readAll(first), readAll(second), at.messages.length], [0, 0, 1]);
  assert(at.messages[0]!.endsWith("has another format and is recreated"), at.messages[0]);
});

Deno.test("Cache.transaction() writes all or nothing", async () => {
  await using at = await scene();
  using cache = await at.open();
  assertThrows(
    () =>
      cache.transaction((sql) => {
        sql("INSERT INTO page VALUES ('a', '1')").run();
        throw new RangeError("a bug");
      }),
    Error,
    "a bug",
  );
  assertEquals(readAll(cache), 0);
});

Deno.test("Cache says that the disk is full", async () => {
  await using at = await scene();
  using cache = await at.open();
  cache.use((sql) => sql("PRAGMA max_page_count = 10").get());
  const { message } = assertThrows(() => fill(cache), Error);
  assertEquals(message, `Cannot use ${at.path}: the disk is full`);
  assertEquals([readAll(cache), at.messages], [0, []]);
});

Deno.test.each(["/dev/null/cache", "/proc"])(
  "openCache() names CACHE_FOLDER when it can't write to %s",
  async (folder) => {
    const onRecreate = (message: string) => assertEquals(message, "");
    const path = `${folder}/cache.sqlite`;
    await assertRejects(
      () => openCache(path, { version: 1, schema: SCHEMA, onRecreate }),
      UsageError,
      "set CACHE_FOLDER to a folder that can be written to",
    );
  },
);

const FIRST_START = `
  const { openCache } = await import(${
  JSON.stringify(import.meta.resolve("../../src/storage/open_cache.ts"))
});
  const [path, schema] = Deno.args;
  console.log("ready");
  await Deno.stdin.read(new Uint8Array(1));
  using cache = await openCache(path, { version: 1, schema, onRecreate: console.log });
  cache.transaction((sql) => sql("INSERT INTO page VALUES (?, '')").run(crypto.randomUUID()));
`;

Deno.test("openCache() creates one file for several processes that start at once", async () => {
  for (let round = 0; round < 3; round++) {
    await using at = await scene();
    const children = [1, 2, 3, 4].map(() =>
      new Deno.Command(Deno.execPath(), {
        args: ["eval", "--no-check", FIRST_START, at.path, SCHEMA],
        ...{ stdin: "piped", stdout: "piped", stderr: "piped" },
      }).spawn()
    );
    const outputs = children.map(async (child) => {
      const reader = child.stdout.getReader();
      await reader.read();
      reader.releaseLock();
    });
    await Promise.all(outputs);
    await Promise.all(children.map(async ({ stdin }) => {
      const writer = stdin.getWriter();
      await writer.write(new Uint8Array(1));
      await writer.close();
    }));
    const ended = await Promise.all(children.map((child) => child.output()));
    const said = ended.map(({ stdout, stderr }) =>
      new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr)
    );
    assertEquals([said.join(""), ended.map(({ code }) => code)], ["", [0, 0, 0, 0]]);
    using cache = await at.open();
    assertEquals(readAll(cache), 4);
  }
});
