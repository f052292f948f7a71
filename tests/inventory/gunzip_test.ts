import { assert, assertEquals, assertRejects } from "@std/assert";
import { gunzipSync, gzipSync } from "node:zlib";
import { TruncatedInput } from "../../src/errors/truncated_input.ts";
import { gunzipIfNeeded } from "../../src/inventory/gunzip.ts";
import { randomFrom } from "../random.ts";

const encoder = new TextEncoder();

/** What came out, and the failure that ended it. */
async function inflated(
  chunks: Iterable<Uint8Array>,
  { signal, pauseMs }: { signal?: AbortSignal; pauseMs?: number } = {},
): Promise<{ text: string; error?: unknown }> {
  const parts: Uint8Array[] = [];
  let error: unknown;
  try {
    for await (const part of gunzipIfNeeded(ReadableStream.from(chunks), signal)) {
      parts.push(part.slice());
      if (pauseMs !== undefined) await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  } catch (thrown) {
    error = thrown;
  }
  const text = await new Blob(parts as BlobPart[]).text();
  return error === undefined ? { text } : { text, error };
}

function gzip(text: string): Uint8Array {
  return new Uint8Array(gzipSync(text));
}

function joined(...parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(parts.flatMap((part) => [...part]));
}

/** Lines that don't compress well, so that cuts fall between many pieces. */
function lines(count: number): string {
  const random = randomFrom(1);
  return Array.from({ length: count }, (_, i) => `row ${i} ${random()}\n`).join("");
}

Deno.test.each<{ name: string; bytes: Uint8Array; text: string }>([
  { name: "nothing", bytes: new Uint8Array(), text: "" },
  { name: "one byte", bytes: encoder.encode("a"), text: "a" },
  { name: "one byte of gzip's two", bytes: new Uint8Array([0x1f]), text: "\x1f" },
  { name: "plain text", bytes: encoder.encode("a\nb\n"), text: "a\nb\n" },
  { name: "gzip of nothing", bytes: gzip(""), text: "" },
  { name: "gzip", bytes: gzip("a\nb\n"), text: "a\nb\n" },
  { name: "two gzip files", bytes: joined(gzip("a\n"), gzip("b\n")), text: "a\nb\n" },
  {
    name: "gzip files, some of them empty",
    bytes: joined(gzip(""), gzip("a"), gzip(""), gzip("b"), gzip("")),
    text: "ab",
  },
  {
    name: "gzip with all that a header may have",
    bytes: joined(
      new Uint8Array([...gzip("a\n").slice(0, 3), 2 + 4 + 8 + 16, ...gzip("").slice(4, 10)]),
      new Uint8Array([3, 0, 1, 0, 2]),
      encoder.encode("name\0comment\0"),
      new Uint8Array([7, 7]),
      gzip("a\n").slice(10),
    ),
    text: "a\n",
  },
])("gunzipIfNeeded() reads $name, wherever its chunks end", async ({ bytes, text }) => {
  assertEquals(await inflated([bytes]), { text });
  assertEquals(await inflated([...bytes].map((byte) => new Uint8Array([byte]))), { text });
  for (let at = 0; at <= bytes.length; at++) {
    assertEquals(await inflated([bytes.slice(0, at), bytes.slice(at)]), { text });
  }
});

Deno.test("gunzipIfNeeded() gives all of a large file to a slow reader", async () => {
  const text = lines(60_000);
  assertEquals(await inflated([gzip(text)], { pauseMs: 1 }), { text });
});

const LARGE_TEXT = lines(60_000);
const LARGE = gzip(LARGE_TEXT);

Deno.test.each<{ name: string; cut: number }>([
  { name: "in its header", cut: 3 },
  { name: "after its header", cut: 10 },
  { name: "early", cut: 1_000 },
  { name: "in the middle", cut: LARGE.length >> 1 },
  { name: "before its checksum", cut: LARGE.length - 8 },
  { name: "in its checksum", cut: LARGE.length - 5 },
  { name: "one byte early", cut: LARGE.length - 1 },
])("gunzipIfNeeded() gives all that a file cut off $name holds, then fails", async ({ cut }) => {
  const bytes = LARGE.slice(0, cut);
  // With Z_SYNC_FLUSH zlib takes the end of a cut file for its end.
  const whole = cut < 10 ? "" : gunzipSync(bytes, { finishFlush: 2 }).toString();
  assert(cut !== LARGE.length - 8 || whole === LARGE_TEXT);
  for (const pauseMs of [undefined, 1]) {
    const { text, error } = await inflated([bytes], { pauseMs });
    assertEquals(text, whole);
    assert(error instanceof TruncatedInput && error.message.startsWith("The gzip data is cut off"));
  }
});

Deno.test.each<{ name: string; chunks: Uint8Array[]; text: string; message: string }>([
  {
    name: "a damaged file",
    chunks: [LARGE.map((byte, at) => at === LARGE.length - 6 ? byte ^ 1 : byte)],
    text: "",
    message: "The gzip data is damaged: incorrect data check",
  },
  {
    name: "text behind gzip",
    chunks: [gzip("a\n"), encoder.encode('"b","c"\n')],
    text: "a\n",
    message: "The gzip data ends at byte 22; more is behind it",
  },
  {
    name: "text behind gzip, in one chunk",
    chunks: [joined(gzip("a\n"), encoder.encode('"b","c"\n'))],
    text: "a\n",
    message: "The gzip data ends at byte 22; more is behind it",
  },
  {
    name: "text behind a large file, in one chunk",
    chunks: [joined(LARGE, encoder.encode("text"))],
    text: LARGE_TEXT,
    message: `The gzip data ends at byte ${LARGE.length}; more is behind it`,
  },
  {
    name: "another compression method",
    chunks: [new Uint8Array([0x1f, 0x8b, 7, 0, 0, 0, 0, 0, 0, 0])],
    text: "",
    message: "The gzip data is damaged: unknown compression method",
  },
  {
    name: "a file that is cut off, with another behind it",
    chunks: [gzip("a\n").slice(0, -4), gzip("b\n")],
    text: "a\n",
    message: "The gzip data is damaged: incorrect length check",
  },
  {
    name: "zeros between two files",
    chunks: [joined(gzip("a\n"), new Uint8Array(9), gzip("b\n"))],
    text: "a\n",
    message: "The gzip data ends at byte 22; more is behind it",
  },
  {
    name: "the first byte of another file",
    chunks: [gzip("a\n"), new Uint8Array([0x1f])],
    text: "a\n",
    message: "The gzip data is cut off: unexpected end of file",
  },
])("gunzipIfNeeded() fails on $name", async ({ chunks, text, message }) => {
  const found = await inflated(chunks);
  assert(found.text.startsWith(text) && LARGE_TEXT.startsWith(found.text.slice(text.length)));
  assert(found.error instanceof TruncatedInput);
  assertEquals(found.error.message, message);
});

Deno.test("gunzipIfNeeded() inflates a bomb of 2 GiB without holding it", async () => {
  const mebibyte = gzipSync(new Uint8Array(2 ** 20));
  const before = Deno.memoryUsage().rss;
  let [sizeBytes, mostBytes] = [0, 0];
  const bomb = ReadableStream.from(Array(2048).fill(mebibyte) as Uint8Array[]);
  for await (const { length } of gunzipIfNeeded(bomb)) {
    sizeBytes += length;
    if (sizeBytes % 2 ** 24 === 0) mostBytes = Math.max(mostBytes, Deno.memoryUsage().rss);
  }
  assertEquals(sizeBytes, 2 ** 31);
  assert(mostBytes - before < 300 * 2 ** 20, `${(mostBytes - before) / 2 ** 20} MiB`);
});

Deno.test.each<{ name: string; bytes: Uint8Array }>([
  { name: "plain", bytes: encoder.encode("a\nb\n") },
  { name: "gzip", bytes: gzip("a\nb\n") },
])("gunzipIfNeeded() passes on a failure of $name input, after what came", async ({ bytes }) => {
  async function* failing() {
    yield bytes;
    await Promise.resolve();
    throw new Deno.errors.ConnectionReset("gone");
  }
  let text = "";
  await assertRejects(
    async () => {
      for await (const part of gunzipIfNeeded(ReadableStream.from(failing()))) {
        text += new TextDecoder().decode(part);
      }
    },
    Deno.errors.ConnectionReset,
    "gone",
  );
  assertEquals(text, "a\nb\n");
});

Deno.test("gunzipIfNeeded() passes on a failure of the first read", async () => {
  const input = new ReadableStream<Uint8Array>({ start: (it) => it.error(new RangeError("no")) });
  await assertRejects(() => gunzipIfNeeded(input).next(), RangeError, "no");
});

Deno.test("gunzipIfNeeded() ends with its signal as if the input had ended", async () => {
  const controller = new AbortController();
  let isCancelled = false;
  const input = new ReadableStream<Uint8Array>({
    start: (it) => it.enqueue(encoder.encode("a\n")),
    cancel: () => void (isCancelled = true),
  });
  const parts = gunzipIfNeeded(input, controller.signal);
  assertEquals((await parts.next()).value, encoder.encode("a\n"));
  const next = parts.next();
  controller.abort();
  assertEquals([await next, isCancelled], [{ done: true, value: undefined }, true]);
});

Deno.test("gunzipIfNeeded() reads nothing once its signal is aborted", async () => {
  assertEquals(await inflated([encoder.encode("a\n")], { signal: AbortSignal.abort() }), {
    text: "",
  });
});

Deno.test("gunzipIfNeeded() cancels its input when the reader has seen enough", async () => {
  for (const bytes of [encoder.encode("a\n"), gzip("a\n")]) {
    const { promise, resolve } = Promise.withResolvers<void>();
    const input = new ReadableStream<Uint8Array>({
      start: (it) => it.enqueue(bytes),
      cancel: () => resolve(),
    });
    for await (const _ of gunzipIfNeeded(input)) break;
    await promise;
  }
});
