import { assert, assertEquals } from "@std/assert";
import { Classifier } from "../../src/builds/classify.ts";
import { bytesOf as sizeInBytes } from "../../src/builds/listed_size.ts";
import { InventoryRows } from "../../src/inventory/inventory_rows.ts";
import type { InventoryRow } from "../../src/inventory/row.ts";
import { RowCounts } from "../../src/inventory/row_counts.ts";
import { conformanceInventory } from "../conformance.ts";
import { randomFrom } from "../random.ts";

const FOLDER = "pub/firefox/releases/52.0/win32/fr/";
const PATH = `${FOLDER}Firefox Setup 52.0.exe`;
const ROW = { path: PATH, size: 12, lastModified: "2017-06-02T12:20:10Z" };

/** A row of an inventory, as Amazon spells it. */
function line(
  key = PATH.replaceAll(" ", "+"),
  { size = "12", date = "2017-06-02T12:20:10.000Z" } = {},
) {
  return `"net-mozaws","${key}","${size}","${date}","d41d8cd98f00b204e9800998ecf8427e"`;
}

interface Read {
  rows: InventoryRow[];
  total: number;
  ignored: Record<string, number>;
  bad: string[];
}

async function read(chunks: Iterable<Uint8Array>): Promise<Read> {
  const counts = new RowCounts();
  const bad: string[] = [];
  const rows: InventoryRow[] = [];
  const classifier = new Classifier(["firefox", "thunderbird"]);
  const stream = ReadableStream.from(chunks).pipeThrough(
    new InventoryRows({
      classify: (path, sizeBytes) => classifier.classify(path, sizeBytes),
      counts,
      onBadRow: (row, reason) => bad.push(`${row}: ${reason}`),
    }),
  );
  for await (const some of stream) {
    for (const { verdict, ...row } of some) {
      assertEquals(verdict, classifier.classify(row.path, sizeInBytes(row.size)));
      rows.push(row);
    }
  }
  const ignored = Object.fromEntries(counts.ignored.entries());
  assertEquals(counts.rows, counts.ignored.total + rows.length);
  assertEquals(ignored["unreadable row"] ?? 0, bad.length);
  return { rows, total: counts.rows, ignored, bad };
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Pieces of random lengths, some of them empty. */
function* pieces(bytes: Uint8Array, seed: number, longest: number): Generator<Uint8Array> {
  const random = randomFrom(seed);
  for (let at = 0; at < bytes.length;) {
    const length = Math.floor(random() * longest);
    yield bytes.slice(at, at + length);
    at += length;
  }
}

const NOT_UTF8 = new Uint8Array([
  ...bytesOf(line(`${FOLDER}Firefox`).slice(0, 60)),
  0xff,
  ...bytesOf(line().slice(60)),
]);

Deno.test.each<
  { name: string; input: string | Uint8Array; rows: InventoryRow[]; rest: Omit<Read, "rows"> }
>([
  { name: "nothing", input: "", rows: [], rest: { total: 0, ignored: {}, bad: [] } },
  { name: "blank lines", input: "\n\r\n\n", rows: [], rest: { total: 0, ignored: {}, bad: [] } },
  {
    name: "a row",
    input: `${line()}\n`,
    rows: [ROW],
    rest: { total: 1, ignored: {}, bad: [] },
  },
  {
    name: "a last row without its newline",
    input: `${line()}\n${line()}`,
    rows: [ROW, ROW],
    rest: { total: 2, ignored: {}, bad: [] },
  },
  {
    name: "Windows line ends",
    input: `${line()}\r\n${line("pub/firefox/README")}\r\n${line()}\r\n`,
    rows: [ROW, ROW],
    rest: { total: 3, ignored: { "not an installer": 1 }, bad: [] },
  },
  {
    name: "a byte order mark",
    input: `\ufeff${line()}\n`,
    rows: [ROW],
    rest: { total: 1, ignored: {}, bad: [] },
  },
  {
    name: "a header",
    input:
      `Bucket, Key, Size, LastModifiedDate, md5\n"Bucket","Key","Size","Date","md5"\n${line()}\n`,
    rows: [ROW],
    rest: { total: 3, ignored: { "not an installer": 2 }, bad: [] },
  },
  {
    name: "rows without quotes",
    input: `${line().replaceAll('"', "")}\n${line("pub/firefox/a.txt").replaceAll('"', "")}\n`,
    rows: [ROW],
    rest: { total: 2, ignored: { "not an installer": 1 }, bad: [] },
  },
  {
    name: "more columns",
    input: `${line()},"STANDARD"\n${line("pub/firefox/a.txt")},"STANDARD"\n`,
    rows: [ROW],
    rest: { total: 2, ignored: { "not an installer": 1 }, bad: [] },
  },
  {
    // Where that one's key begins, this one has another column.
    name: "more columns after a bucket with a longer name",
    input: `${line("a.txt").replace("net-mozaws", "b".repeat(line().indexOf('"12"') - 3))}\n` +
      `${line()},"STANDARD"\n`,
    rows: [ROW],
    rest: { total: 2, ignored: { "not an installer": 1 }, bad: [] },
  },
  {
    name: "too few columns",
    input: `${line("a.txt")}\n"net-mozaws","pub/firefox/a.exe","12"\n${line()}\n`,
    rows: [ROW],
    rest: {
      total: 3,
      ignored: { "not an installer": 1, "unreadable row": 1 },
      bad: ["2: only 3 of 5 columns"],
    },
  },
  {
    name: "what isn't CSV",
    input: `<?xml version="1.0"?>\nhello\n${line()}\n`,
    rows: [ROW],
    rest: {
      total: 3,
      ignored: { "unreadable row": 2 },
      bad: ['1: not CSV at column 15: bare " in non-quoted-field', "2: only 1 of 5 columns"],
    },
  },
  {
    name: "a stray quote, which swallows no other row",
    input: `${line().replace("fr/", 'fr/"')}\n${line()}\n${line()}\n`,
    rows: [ROW, ROW],
    rest: {
      total: 3,
      ignored: { "unreadable row": 1 },
      bad: ['1: not CSV at column 50: extraneous or missing " in quoted-field'],
    },
  },
  {
    name: "a quote that isn't closed",
    input: `${line().slice(0, -1)}\n${line()}\n`,
    rows: [ROW],
    rest: {
      total: 2,
      ignored: { "unreadable row": 1 },
      bad: ['1: not CSV at column 1: extraneous or missing " in quoted-field'],
    },
  },
  {
    name: "a size and a date that can't be read",
    input: `${line(undefined, { size: "big" })}\n${line(undefined, { date: "soon" })}\n${line()}\n`,
    rows: [ROW],
    rest: {
      total: 3,
      ignored: { "unreadable row": 2 },
      bad: ['1: unreadable size "big"', '2: unreadable date "soon"'],
    },
  },
  {
    name: "a size that can't be read, of a row that is ignored",
    input: `${line("pub/firefox/a.txt", { size: "big" })}\n`,
    rows: [],
    rest: { total: 1, ignored: { "not an installer": 1 }, bad: [] },
  },
  {
    name: "a large size as Amazon writes it",
    input: `${line(undefined, { size: "2E+10" })}\n`,
    rows: [{ ...ROW, size: 20_000_000_000 }],
    rest: { total: 1, ignored: {}, bad: [] },
  },
  {
    name: "bytes that aren't UTF-8",
    input: new Uint8Array([...NOT_UTF8, 0x0a, ...bytesOf(`${line()}\n`)]),
    rows: [ROW],
    rest: { total: 2, ignored: { "unreadable row": 1 }, bad: ["1: not UTF-8"] },
  },
  {
    name: "other scripts, encoded or not",
    input: `${line(`${FOLDER}Firefox+é漢😀.exe`)}\n${
      line(`${FOLDER}Firefox+%C3%A9.exe`)
    }\n${line()}\n`,
    rows: [
      { ...ROW, path: `${FOLDER}Firefox é漢😀.exe` },
      { ...ROW, path: `${FOLDER}Firefox é.exe` },
      ROW,
    ],
    rest: { total: 3, ignored: {}, bad: [] },
  },
  {
    name: "a key with commas and quotes",
    input: `${line(`${FOLDER}Firefox+,a,""b"".exe`)}\n${line(`pub/a,""b"",c.txt`)}\n`,
    rows: [{ ...ROW, path: `${FOLDER}Firefox ,a,"b".exe` }],
    rest: { total: 2, ignored: { "not an installer": 1 }, bad: [] },
  },
  {
    name: "two files of which the first lacks its last newline",
    input: `${line("pub/firefox/a.txt")}${line()}${line()}\n${line()}${line("pub/mobile/a.txt")}`,
    rows: [ROW, ROW, ROW],
    rest: { total: 5, ignored: { "not an installer": 2 }, bad: [] },
  },
  {
    name: "a row that a missing newline spoils",
    input: `${line()}${line(undefined, { date: "soon" })}\n${line()}\n`,
    rows: [ROW, ROW],
    rest: { total: 3, ignored: { "unreadable row": 1 }, bad: ['2: unreadable date "soon"'] },
  },
  {
    name: "keys shorter than an ending",
    input: `${line("")}\n${line("a")}\n${line("zip")}\n`,
    rows: [],
    rest: { total: 3, ignored: { "not an installer": 2, "unknown product": 1 }, bad: [] },
  },
  {
    name: "endings in other cases",
    input: `${line(`${FOLDER}Firefox+1.EXE`)}\n${line(`${FOLDER}firefox-1.tar.Gz`)}\n`,
    rows: [
      { ...ROW, path: `${FOLDER}Firefox 1.EXE` },
      { ...ROW, path: `${FOLDER}firefox-1.tar.Gz` },
    ],
    rest: { total: 2, ignored: {}, bad: [] },
  },
  {
    name: "a product that isn't asked for",
    input: `${line("pub/mobile/releases/52.0/android/fr/fennec-52.0.apk")}\n`,
    rows: [],
    rest: { total: 1, ignored: { "product not asked for": 1 }, bad: [] },
  },
])("InventoryRows reads $name, wherever its chunks end", async ({ input, rows, rest }) => {
  const bytes = typeof input === "string" ? bytesOf(input) : input;
  const expected = { rows, ...rest };
  assertEquals(await read([bytes]), expected);
  assertEquals(await read([...bytes].map((byte) => new Uint8Array([byte]))), expected);
  for (let at = 0; at <= bytes.length; at++) {
    assertEquals(await read([bytes.slice(0, at), bytes.slice(at)]), expected);
  }
});

/** A row of this many bytes. */
function lineOfBytes(count: number): string {
  const rest = line("").length;
  return line("a".repeat(count - rest - ".txt".length) + ".txt");
}

Deno.test.each([1, 1_000, 65_536, 65_537, 1_000_000])(
  "InventoryRows skips lines over 64 KiB, and reads the rows around them (chunks of %d bytes)",
  async (chunkBytes) => {
    const longest = 64 * 1024;
    const keys = [longest, longest + 1, 3 * longest].map(lineOfBytes);
    const bytes = bytesOf(
      `${line()}\n${keys.join("\n")}\n${line()}\n${keys[1]}\n${keys[2]}\r\n${line()}\n${keys[2]}`,
    );
    const chunks = function* () {
      for (let at = 0; at < bytes.length; at += chunkBytes) {
        yield bytes.slice(at, at + chunkBytes);
      }
    };
    const reason = "longer than 64 KiB";
    assertEquals(await read(chunks()), {
      rows: [ROW, ROW, ROW],
      total: 9,
      ignored: { "unreadable row": 5, "not an installer": 1 },
      bad: [3, 4, 6, 7, 9].map((row) => `${row}: ${reason}`),
    });
  },
);

Deno.test("InventoryRows holds nothing of a line that doesn't end", async () => {
  const chunk = new Uint8Array(2 ** 20).fill(0x61);
  const { rss } = Deno.memoryUsage();
  const chunks = function* () {
    for (let i = 0; i < 300; i++) yield chunk;
    yield bytesOf(`\n${line()}\n`);
  };
  const { rows, bad } = await read(chunks());
  assertEquals([rows, bad], [[ROW], ["1: longer than 64 KiB"]]);
  const growth = Deno.memoryUsage().rss - rss;
  assert(growth < 100 * 2 ** 20, `${growth} bytes`);
});

const FIREFOX = await inflated(await conformanceInventory("firefox"));

async function inflated(files: Uint8Array[]): Promise<Uint8Array> {
  const texts = await Promise.all(
    files.map((file) =>
      new Response(
        ReadableStream.from([file as BufferSource]).pipeThrough(new DecompressionStream("gzip")),
      ).bytes()
    ),
  );
  return await new Blob(texts).bytes();
}

Deno.test.each([
  { seed: 1, longest: 40 },
  { seed: 2, longest: 400 },
  { seed: 3, longest: 4_000 },
  { seed: 4, longest: 400_000 },
])(
  "InventoryRows reads pieces of random length (seed $seed) like a whole",
  async ({ seed, longest }) => {
    const whole = await read([FIREFOX]);
    assert(whole.rows.length > 100);
    assertEquals(await read(pieces(FIREFOX, seed, longest)), whole);
  },
);

Deno.test.each([1, 2, 3])("InventoryRows loses no row to damage (seed %d)", async (seed) => {
  const random = randomFrom(seed);
  const damaged = FIREFOX.slice();
  for (let i = 0; i < 300; i++) {
    const at = Math.floor(random() * damaged.length);
    const byte = Math.floor(random() * 256);
    if (damaged[at] !== 0x0a && byte !== 0x0a) damaged[at] = byte;
  }
  const whole = await read([FIREFOX]);
  const found = await read([damaged]);
  assertEquals(found.total, whole.total);
  assertEquals(await read(pieces(damaged, seed, 1_000)), found);
});
