import { concat } from "@std/bytes/concat";
import { reasonOf } from "../errors/reason_of.ts";
import { TruncatedInput } from "../errors/truncated_input.ts";

/**
 * The bytes as they are, or inflated where they are gzip, told by their first two bytes. Several
 * gzip files one after the other are read as one, as `cat *.csv.gz` gives them.
 *
 * node:zlib and not DecompressionStream, which fails at the second of concatenated files; it also
 * inflates on another thread.
 *
 * The stream fails with {@linkcode TruncatedInput} where a gzip file is cut off or damaged, after
 * all that was whole before. An aborted signal ends it as if the input had ended there.
 */
export async function* gunzipIfNeeded(
  input: ReadableStream<Uint8Array>,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const reader = input.getReader();
  // A reader that is cancelled says that the input has ended.
  const cancel = () => reader.cancel().catch(() => {});
  signal?.addEventListener("abort", cancel, { once: true });
  try {
    if (signal?.aborted) await cancel();
    const { first, rest } = await firstBytes(reader);
    if (first[0] === 0x1f && first[1] === 0x8b) yield* gunzip(first, rest);
    else {
      if (first.length > 0) yield first;
      yield* rest;
    }
  } finally {
    signal?.removeEventListener("abort", cancel);
    await cancel();
  }
}

/** At least two bytes, if there are so many: pipes may give one at a time. */
async function firstBytes(reader: ReadableStreamDefaultReader<Uint8Array>) {
  let first: Uint8Array = new Uint8Array();
  while (first.length < 2) {
    const { done, value } = await reader.read();
    if (done) break;
    first = first.length === 0 ? value : concat([first, value]);
  }
  return { first, rest: chunksOf(reader) };
}

async function* chunksOf(reader: ReadableStreamDefaultReader<Uint8Array>) {
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}

/** Large pieces: the work a piece costs is then small beside that of its rows. */
const CHUNK_BYTES = 256 * 1024;

async function* gunzip(
  first: Uint8Array,
  rest: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const { createGunzip } = await import("node:zlib");
  // What a stream still holds when it fails is lost: this one takes no more before all is read.
  const options = { chunkSize: CHUNK_BYTES, highWaterMark: 1 };
  const inflater = createGunzip(options);
  let givenBytes = 0;
  let inputFailure: { error: unknown } | undefined;
  const give = (bytes: Uint8Array) => {
    givenBytes += bytes.length;
    return new Promise<void>((resolve) => inflater.write(bytes, () => resolve()));
  };
  const giveAll = async () => {
    await give(first);
    for await (const bytes of rest) await give(bytes);
    inflater.end();
  };
  giveAll().catch((error) => {
    inputFailure = { error };
    inflater.destroy(error);
  });
  try {
    for await (const { buffer, byteOffset, byteLength } of inflater as AsyncIterable<Uint8Array>) {
      // Node's Buffer searches bytes in JavaScript; a plain Uint8Array does so natively.
      yield new Uint8Array(buffer, byteOffset, byteLength);
    }
  } catch (cause) {
    if (inputFailure) throw inputFailure.error;
    const isCutOff = (cause as { code?: string }).code === "Z_BUF_ERROR";
    throw new TruncatedInput(
      `The gzip data is ${isCutOff ? "cut off" : "damaged"}: ${reasonOf(cause)}`,
      { cause },
    );
  }
  const { bytesWritten: inflatedBytes } = inflater;
  if (inflatedBytes < givenBytes) {
    throw new TruncatedInput(`The gzip data ends at byte ${inflatedBytes}; more is behind it`);
  }
}
