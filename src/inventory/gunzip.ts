import { reasonOf } from "../errors/reason_of.ts";
import { TruncatedInput } from "../errors/truncated_input.ts";
import { ByteReader } from "./byte_reader.ts";

/**
 * The bytes as they are, or inflated where they are gzip, told by their first two bytes. Several
 * gzip files one after the other are read as one, as `cat *.csv.gz` gives them (RFC 1952).
 *
 * Raw deflate, member by member: node:zlib's createGunzip loses what it has inflated when something
 * else is behind it, and DecompressionStream fails at the second member. It inflates on another
 * thread, and no faster than its output is read.
 *
 * The stream fails with {@linkcode TruncatedInput} where a gzip file is cut off or damaged, after
 * all that was whole before, and where something else is behind it. An aborted signal ends it as if
 * the input had ended there.
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
    const bytes = new ByteReader(reader);
    if (isGzip(await bytes.peek(2))) yield* gunzip(bytes);
    else for (let chunk; (chunk = await bytes.read());) yield chunk;
  } finally {
    signal?.removeEventListener("abort", cancel);
    await cancel();
  }
}

function isGzip([first, second]: Uint8Array): boolean {
  return first === 0x1f && second === 0x8b;
}

async function* gunzip(input: ByteReader): AsyncGenerator<Uint8Array> {
  for (;;) {
    await skipHeader(input);
    yield* inflateMember(input);
    const next = await input.peek(2);
    if (next.length === 0) return;
    if (isGzip(next)) continue;
    if (next.length === 1 && next[0] === 0x1f) throw cutOff();
    throw new TruncatedInput(`The gzip data ends at byte ${input.readBytes}; more is behind it`);
  }
}

/** The flags of a header that say what follows it. */
const [HAS_CHECKSUM, HAS_EXTRA, HAS_NAME, HAS_COMMENT] = [2, 4, 8, 16] as const;

async function skipHeader(input: ByteReader): Promise<void> {
  const header = await take(input, 10);
  const flags = header[3]!;
  if (header[2] !== 8) throw damaged("unknown compression method");
  if (flags & HAS_EXTRA) {
    const [low, high] = await take(input, 2);
    await take(input, low! + 256 * high!);
  }
  for (const text of [HAS_NAME, HAS_COMMENT]) {
    while (flags & text && (await take(input, 1))[0] !== 0);
  }
  if (flags & HAS_CHECKSUM) await take(input, 2);
}

/** Large pieces: the work a piece costs is then small beside that of its rows. */
const CHUNK_BYTES = 256 * 1024;

async function* inflateMember(input: ByteReader): AsyncGenerator<Uint8Array> {
  const { crc32, createInflateRaw } = await import("node:zlib");
  // What a stream still holds when it fails is lost: this one takes no more before all is read.
  const options = { chunkSize: CHUNK_BYTES, highWaterMark: 1 };
  const inflater = createInflateRaw(options);
  let inputFailure: { error: unknown } | undefined;
  let givenBytes = 0;
  let last: Uint8Array = new Uint8Array();
  const giveAll = async () => {
    // Bytes that aren't taken are behind the end of the member.
    while (inflater.bytesWritten === givenBytes) {
      const chunk = await input.read();
      if (!chunk) return inflater.end();
      last = chunk;
      givenBytes += chunk.length;
      await new Promise<void>((resolve) => inflater.write(chunk, () => resolve()));
    }
  };
  giveAll().catch((error) => {
    inputFailure = { error };
    inflater.destroy(error);
  });
  let [checksum, sizeBytes] = [0, 0];
  try {
    for await (const { buffer, byteOffset, byteLength } of inflater as AsyncIterable<Uint8Array>) {
      // Node's Buffer searches bytes in JavaScript; a plain Uint8Array does so natively.
      const chunk = new Uint8Array(buffer, byteOffset, byteLength);
      checksum = crc32(chunk, checksum);
      sizeBytes += byteLength;
      yield chunk;
    }
  } catch (cause) {
    if (inputFailure) throw inputFailure.error;
    throw (cause as { code?: string }).code === "Z_BUF_ERROR" ? cutOff(cause) : damaged(cause);
  }
  input.unread(last.subarray(last.length - (givenBytes - inflater.bytesWritten)));
  const trailer = new DataView((await take(input, 8)).buffer);
  if (trailer.getUint32(0, true) !== checksum) throw damaged("incorrect data check");
  if (trailer.getUint32(4, true) !== sizeBytes % 2 ** 32) throw damaged("incorrect length check");
}

async function take(input: ByteReader, count: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await input.take(count);
  if (bytes.length < count) throw cutOff();
  return bytes;
}

function cutOff(cause: unknown = "unexpected end of file"): TruncatedInput {
  return new TruncatedInput(`The gzip data is cut off: ${reasonOf(cause)}`, { cause });
}

function damaged(cause: unknown): TruncatedInput {
  return new TruncatedInput(`The gzip data is damaged: ${reasonOf(cause)}`, { cause });
}
