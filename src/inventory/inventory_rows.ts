import { concat } from "@std/bytes/concat";
import { UnreadableInput } from "../errors/unreadable_input.ts";
import { EXPECTED } from "./csv_of.ts";
import { pathOfKey } from "../builds/archive_url.ts";
import type { Build } from "../builds/build.ts";
import type { UnknownFile, Verdict } from "../builds/classify.ts";
import { FILE_TYPES, REPACKAGINGS } from "../builds/file_types.ts";
import { KNOWN_EXTENSIONS } from "../builds/known_noise.ts";
import { bytesOf } from "../builds/listed_size.ts";
import { BUILDHUB_JSON, type MetadataFile } from "../builds/metadata_file.ts";
import { NO_INSTALLER } from "../builds/rejection.ts";
import { fieldsOf, type InventoryRow, rowFrom } from "./row.ts";
import { type RowCounts, UNREADABLE_ROW } from "./row_counts.ts";

/** A row of a file that is a build, may be one that no rule knows, or is a `buildhub.json`. */
export interface ClassifiedRow extends InventoryRow {
  verdict: Build | UnknownFile | MetadataFile;
}

/** What {@linkcode InventoryRows} works with. */
export interface InventoryRowsOptions {
  /** As `Classifier.classify()` does: rows of ignored files and of classic metadata are dropped. */
  classify: (path: string, sizeBytes?: number) => Verdict;
  counts: RowCounts;
  /** Called with each row that can't be read; the first row is 1. */
  onBadRow: (row: number, reason: string) => void;
  /** Called at the end when the input had no row that can be read. @default {it's ignored} */
  onNoRow?: (error: UnreadableInput) => void;
}

/** A longer line is a row that can't be read: keys of S3 have 1,024 bytes at most. */
const MAX_LINE_BYTES = 64 * 1024;

/** The reason for those. */
const TOO_LONG = "longer than 64 KiB";

const QUOTE = 0x22;
const COMMA = 0x2c;
const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * The last three bytes, in lower case, of names of files that never are installers. Most rows of an
 * inventory are dropped by these bytes alone, as S3 encodes neither letters nor dots.
 */
const NOISE = endings([...KNOWN_EXTENSIONS.keys()].map((extension) => `.${extension}`))
  .difference(endings([...FILE_TYPES.keys(), ...REPACKAGINGS]));

function endings(names: readonly string[]): Set<number> {
  return new Set(names.map((name) => {
    const bytes = new TextEncoder().encode(name);
    return lastThreeBytes(bytes, bytes.length);
  }));
}

/**
 * CSV bytes of an inventory → the rows that may be builds, an array for each chunk of input.
 *
 * A row is a line: S3 encodes line breaks in keys, so a stray quote can't swallow the rows after it.
 * Most rows are found and dropped as bytes; only the others are decoded and read as CSV.
 */
export class InventoryRows extends TransformStream<Uint8Array, ClassifiedRow[]> {
  constructor(options: InventoryRowsOptions) {
    const reader = new LineReader(options);
    super({
      transform(chunk, controller) {
        const rows = reader.read(chunk);
        if (rows.length > 0) controller.enqueue(rows);
      },
      flush(controller) {
        const rows = reader.end();
        if (rows.length > 0) controller.enqueue(rows);
      },
    });
  }
}

class LineReader {
  readonly #options: InventoryRowsOptions;
  /** The beginning of a line that ends in a later chunk; nothing of one that is too long. */
  #carried: Uint8Array[] = [];
  #carriedBytes = 0;
  /** How many rows of this input couldn't be read, and why the first of them. */
  #badRows = 0;
  #firstReason = "";
  readonly #rowsBefore: number;
  /** Where the key begins in a line: all rows of an inventory name the same bucket. */
  #keyOffset = 0;
  #kept: ClassifiedRow[] = [];

  constructor(options: InventoryRowsOptions) {
    this.#options = options;
    this.#rowsBefore = options.counts.rows;
  }

  read(chunk: Uint8Array): ClassifiedRow[] {
    this.#kept = [];
    let start = 0;
    if (this.#carriedBytes > 0) {
      const end = chunk.indexOf(NEWLINE);
      this.#carry(chunk.subarray(0, end < 0 ? chunk.length : end));
      if (end < 0) return [];
      this.#readCarried();
      start = end + 1;
    }
    start = this.#readLines(chunk, start);
    if (start < chunk.length) this.#carry(chunk.slice(start));
    return this.#kept;
  }

  end(): ClassifiedRow[] {
    this.#kept = [];
    if (this.#carriedBytes > 0) this.#readCarried();
    const { counts, onNoRow } = this.#options;
    const rows = counts.rows - this.#rowsBefore;
    if (rows === this.#badRows) onNoRow?.(unreadable(rows, this.#firstReason));
    return this.#kept;
  }

  #carry(bytes: Uint8Array): void {
    this.#carriedBytes += bytes.length;
    if (this.#carriedBytes > MAX_LINE_BYTES) this.#carried = [];
    else this.#carried.push(bytes);
  }

  #readCarried(): void {
    const [parts, length] = [this.#carried, this.#carriedBytes];
    [this.#carried, this.#carriedBytes] = [[], 0];
    if (length > MAX_LINE_BYTES) return this.#refuseLine(TOO_LONG);
    const bytes = concat(parts);
    this.#readLine(bytes, 0, bytes.length, new AsciiText(bytes));
  }

  /** @returns where the last line, which isn't complete, begins */
  #readLines(chunk: Uint8Array, start: number): number {
    const text = new AsciiText(chunk);
    for (;;) {
      const end = chunk.indexOf(NEWLINE, start);
      if (end < 0) return start;
      this.#readLine(chunk, start, end, text);
      start = end + 1;
    }
  }

  #readLine(bytes: Uint8Array, start: number, end: number, text: AsciiText): void {
    const { counts } = this.#options;
    if (end - start > MAX_LINE_BYTES) return this.#refuseLine(TOO_LONG);
    if (bytes[end - 1] === CARRIAGE_RETURN) end--;
    if (end <= start) return;
    const keyStart = this.#keyStart(bytes, start);
    const keyEnd = keyEndOf(bytes, keyStart, end);
    if (keyEnd < 0) return this.#readUnusual(bytes.subarray(start, end));
    const ending = lastThreeBytes(bytes, keyEnd);
    if (NOISE.has(ending) && !(ending === JSON_ENDING && endsWithBuildhubJson(bytes, keyEnd))) {
      counts.rows++;
      counts.ignored.add(NO_INSTALLER);
      return;
    }
    if (!text.hasLine(start, end)) return this.#readUnusual(bytes.subarray(start, end));
    counts.rows++;
    const path = pathOfKey(text.slice(keyStart, keyEnd));
    const verdict = this.#verdict(path);
    if (!verdict) return;
    const isPlain = bytes[start] === QUOTE && bytes.indexOf(QUOTE, start + 1) === keyStart - 3;
    const known = isPlain ? { path, rest: text.slice(keyEnd + 1, end) } : undefined;
    this.#keep(text.slice(start, end), verdict, known);
  }

  /** Classifies a file as if it were large: its size is read only where that may matter. */
  #verdict(path: string): ClassifiedRow["verdict"] | undefined {
    const { counts, classify } = this.#options;
    const verdict = classify(path, Infinity);
    if (verdict.kind === "build" || verdict.kind === "unknown") return verdict;
    if (verdict.kind === "metadata" && verdict.form === "buildhub") return verdict;
    counts.ignored.add(verdict.kind === "ignored" ? verdict.reason : NO_INSTALLER);
  }

  /** Where the key begins, after `"bucket","`. */
  #keyStart(bytes: Uint8Array, start: number): number {
    const expected = start + this.#keyOffset - 2;
    let comma = start;
    while (comma < expected && bytes[comma] !== COMMA) comma++;
    if (comma !== expected || bytes[comma] !== COMMA || bytes[comma + 1] !== QUOTE) {
      comma = bytes.indexOf(COMMA, start);
      this.#keyOffset = comma < 0 ? 0 : comma + 2 - start;
    }
    return start + this.#keyOffset;
  }

  /** Reads anything but five plainly quoted fields in ASCII: slower, but exact. */
  #readUnusual(bytes: Uint8Array): void {
    const { counts } = this.#options;
    let line: string;
    try {
      line = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    } catch {
      return this.#refuseLine("not UTF-8");
    }
    for (const row of line.split(JOINED_ROWS)) {
      counts.rows++;
      try {
        const verdict = this.#verdict(pathOfKey(fieldsOf(row)[1]!));
        if (verdict) this.#keep(row, verdict);
      } catch (error) {
        this.#refuse((error as Error).message);
      }
    }
  }

  /** @param known the path, and what follows the key: parsing all of the line is slow */
  #keep(
    line: string,
    verdict: ClassifiedRow["verdict"],
    known?: { path: string; rest: string },
  ): void {
    const { counts, classify } = this.#options;
    try {
      const fields = fieldsOf(known ? `,${known.rest}` : line);
      const row = rowFrom(fields, known?.path);
      if (verdict.kind === "unknown") {
        const { kind, reason } = verdict;
        if (classify(row.path, bytesOf(row.size)).kind !== kind) return counts.ignored.add(reason);
      }
      this.#kept.push({ ...row, verdict });
    } catch (error) {
      if (known) return this.#keep(line, verdict);
      this.#refuse((error as Error).message);
    }
  }

  #refuseLine(reason: string): void {
    this.#options.counts.rows++;
    this.#refuse(reason);
  }

  #refuse(reason: string): void {
    const { counts, onBadRow } = this.#options;
    if (this.#badRows++ === 0) this.#firstReason = reason;
    counts.ignored.add(UNREADABLE_ROW);
    onBadRow(counts.rows, reason);
  }
}

function unreadable(rows: number, reason: string): UnreadableInput {
  const what = rows === 0
    ? "the inventory has no rows"
    : rows === 1
    ? `the inventory's only row can't be read: ${reason}`
    : `none of the inventory's ${rows} rows can be read; the first: ${reason}`;
  return new UnreadableInput(`${what}; ${EXPECTED}`);
}

/** Between two rows of which the first lost its line break, where one file follows another. */
const JOINED_ROWS = /(?<=")(?="[^",]+","pub\/)/;

/**
 * The position after a key, when the line is five quoted fields of which only the key may hold
 * commas; -1 otherwise.
 */
function keyEndOf(bytes: Uint8Array, keyStart: number, end: number): number {
  const keyEnd = bytes.indexOf(QUOTE, keyStart);
  if (keyEnd < 0 || bytes[end - 1] !== QUOTE) return -1;
  let commas = 0;
  for (let at = end - 1; at > keyEnd; at--) if (bytes[at] === COMMA) commas++;
  return commas === 3 && bytes[keyEnd + 1] === COMMA ? keyEnd : -1;
}

function lastThreeBytes(bytes: Uint8Array, end: number): number {
  return (bytes[end - 3]! | 0x20) << 16 | (bytes[end - 2]! | 0x20) << 8 | bytes[end - 1]! | 0x20;
}

const BUILDHUB_BYTES = new TextEncoder().encode(BUILDHUB_JSON);
const JSON_ENDING = lastThreeBytes(BUILDHUB_BYTES, BUILDHUB_BYTES.length);

/** Whether a key is that of a `buildhub.json`: of all files that aren't installers, only these matter. */
function endsWithBuildhubJson(bytes: Uint8Array, end: number): boolean {
  const start = end - BUILDHUB_BYTES.length;
  return BUILDHUB_BYTES.every((byte, at) => bytes[start + at] === byte);
}

/** A slice keeps the text that it was cut from in memory. */
const WINDOW_BYTES = 32 * 1024;

/** A chunk as text in which a byte is a character, decoded as far as it's needed. */
class AsciiText {
  #text = "";
  #start = 0;
  #end = 0;
  #isAscii = true;
  /** Up to here each line is decoded on its own, since others of its window aren't ASCII. */
  #mixedEnd = 0;

  constructor(readonly bytes: Uint8Array) {}

  /** Whether a line is ASCII, so that `slice()` may be called for it. Lines come in order. */
  hasLine(start: number, end: number): boolean {
    if (end <= this.#end) return this.#isAscii;
    if (start >= this.#mixedEnd) {
      this.#decode(start, Math.max(end, Math.min(start + WINDOW_BYTES, this.bytes.length)));
      if (this.#isAscii) return true;
      this.#mixedEnd = this.#end;
    }
    this.#decode(start, end);
    return this.#isAscii;
  }

  slice(start: number, end: number): string {
    return this.#text.slice(start - this.#start, end - this.#start);
  }

  #decode(start: number, end: number): void {
    [this.#start, this.#end] = [start, end];
    this.#text = new TextDecoder().decode(this.bytes.subarray(start, end));
    this.#isAscii = this.#text.length === end - start && !this.#text.includes("\ufffd");
  }
}
