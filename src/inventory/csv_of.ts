import { concat } from "@std/bytes/concat";
import { UnreadableInput } from "../errors/unreadable_input.ts";

/** For messages. */
export const EXPECTED = "expected the CSV of an S3 inventory, plain or gzip";

/** What inputs of other formats begin with, in Latin-1. A line of CSV begins with none of it. */
const FORMATS: readonly [name: string, start: RegExp][] = [
  ["UTF-16", /^(\xff\xfe|\xfe\xff|[^\0]\0[^\0]\0|\0[^\0]\0[^\0])/],
  ["bzip2", /^BZh[1-9]/],
  ["xz", /^\xfd7zXZ/],
  ["zstd", /^\x28\xb5\x2f\xfd/],
  ["zip", /^PK[^\w",]/],
  ["Parquet", /^PAR1/],
  ["ORC", /^ORC/],
  ["JSON", /^\s*[{[]/],
  ["HTML or XML", /^\s*</],
];

/** How many bytes tell a format. */
const START_BYTES = 8;

/**
 * The chunks of an inventory, once they don't begin like anything else.
 *
 * @param mayBeEmpty called at the end of an input without any byte: whether it ends early on purpose
 * @throws {UnreadableInput} for an empty input, and for one of another format, which is named
 */
export async function* csvOf(
  chunks: AsyncIterable<Uint8Array>,
  mayBeEmpty: () => boolean = () => false,
): AsyncGenerator<Uint8Array> {
  let start: Uint8Array | undefined = new Uint8Array();
  for await (const chunk of chunks) {
    if (!start) {
      yield chunk;
      continue;
    }
    start = concat([start, chunk]);
    if (start.length < START_BYTES) continue;
    yield csvStart(start);
    start = undefined;
  }
  if (!start) return;
  if (start.length > 0) yield csvStart(start);
  else if (!mayBeEmpty()) throw new UnreadableInput(`the inventory is empty; ${EXPECTED}`);
}

/** The same bytes. @throws {UnreadableInput} */
function csvStart(bytes: Uint8Array): Uint8Array {
  const text = String.fromCharCode(...bytes.subarray(0, START_BYTES));
  const [name] = FORMATS.find(([, start]) => start.test(text)) ?? [];
  if (name === undefined) return bytes;
  throw new UnreadableInput(`the inventory looks like ${name}; ${EXPECTED}`);
}
