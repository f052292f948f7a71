import { pathOfKey } from "../builds/archive_url.ts";
import { FILE_TYPES, REPACKAGINGS } from "../builds/file_types.ts";
import { KNOWN_EXTENSIONS } from "../builds/known_noise.ts";
import { bytesOf } from "../builds/listed_size.ts";
import { pathShape } from "../builds/path_shape.ts";
import { isUnknownInstaller, mayBeUnknown } from "../builds/unknown_installer.ts";
import { fieldsOf, type InventoryRow, rowFrom } from "./row.ts";
import type { RowCounts } from "./row_counts.ts";

/** How {@linkcode InventoryRows} decides and tells. */
export interface InventoryRowsOptions {
  /** Why the file at this path is no build; undefined keeps its row. */
  ignoredBecause: (path: string) => string | undefined;
  counts: RowCounts;
  /** Told of each row that can't be read; the first row is 1. */
  onBadRow: (row: number, reason: string) => void;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** What the last three bytes of a name tell. */
const NOISE = 1, INSTALLER = 2;

/**
 * Names by their last three bytes, in lower case. Those that the rules must see: of builds and of
 * their repackagings. And those of files that are none on purpose: most rows of an inventory are
 * dropped on these bytes alone, as S3 encodes neither letters nor dots. What is neither is looked at.
 */
const ENDINGS = new Map([
  ...endings([...KNOWN_EXTENSIONS.keys()].map((extension) => `.${extension}`), NOISE),
  ...endings([...FILE_TYPES.keys(), ...REPACKAGINGS], INSTALLER),
]);

function endings(names: readonly string[], kind: number): [ending: number, kind: number][] {
  return names.map((name) => {
    const bytes = new TextEncoder().encode(name);
    return [lastThreeBytes(bytes, bytes.length), kind];
  });
}

/**
 * CSV bytes of an inventory → the rows that may be builds, an array for each piece of input.
 *
 * A row is a line: S3 encodes line breaks in keys, so a stray quote can't swallow the rows after it.
 * Rows are told apart and mostly dropped as bytes; only what is left is decoded and read as CSV.
 */
export class InventoryRows extends TransformStream<Uint8Array, InventoryRow[]> {
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
  /** The beginning of a line whose end is in a later chunk. */
  #carried: Uint8Array[] = [];
  /** Where the key begins: rows of one inventory name the same bucket. */
  #keyOffset = 0;
  #kept: InventoryRow[] = [];

  constructor(options: InventoryRowsOptions) {
    this.#options = options;
  }

  read(chunk: Uint8Array): InventoryRow[] {
    this.#kept = [];
    let start = 0;
    if (this.#carried.length > 0) {
      const end = chunk.indexOf(NEWLINE);
      this.#carried.push(chunk.subarray(0, end < 0 ? chunk.length : end));
      if (end < 0) return [];
      this.#readCarried();
      start = end + 1;
    }
    start = this.#readLines(chunk, start);
    if (start < chunk.length) this.#carried.push(chunk.slice(start));
    return this.#kept;
  }

  end(): InventoryRow[] {
    this.#kept = [];
    if (this.#carried.length > 0) this.#readCarried();
    return this.#kept;
  }

  #readCarried(): void {
    const bytes = new Uint8Array(this.#carried.reduce((sum, { length }) => sum + length, 0));
    let offset = 0;
    for (const part of this.#carried) {
      bytes.set(part, offset);
      offset += part.length;
    }
    this.#carried = [];
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
    const { counts, ignoredBecause } = this.#options;
    if (bytes[end - 1] === CARRIAGE_RETURN) end--;
    if (end <= start) return;
    const keyStart = this.#keyStart(bytes, start);
    const keyEnd = keyEndOf(bytes, keyStart, end);
    if (keyEnd < 0) return this.#readUnusual(bytes.subarray(start, end));
    const ending = ENDINGS.get(lastThreeBytes(bytes, keyEnd));
    if (ending !== INSTALLER) {
      counts.rows++;
      counts.ignored.add("not an installer");
      if (ending !== NOISE) this.#watch(new TextDecoder().decode(bytes.subarray(start, end)));
      return;
    }
    if (!text.hasLine(start, end)) return this.#readUnusual(bytes.subarray(start, end));
    counts.rows++;
    const path = pathOfKey(text.slice(keyStart, keyEnd));
    const reason = ignoredBecause(path);
    if (reason === undefined) {
      const isPlain = bytes[start] === QUOTE && bytes.indexOf(QUOTE, start + 1) === keyStart - 3;
      const known = isPlain ? { path, rest: text.slice(keyEnd + 1, end) } : undefined;
      return this.#keep(text.slice(start, end), known);
    }
    counts.ignored.add(reason);
    if (mayBeUnknown(reason)) this.#watch(text.slice(start, end));
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

  /** Anything but five plainly quoted fields in ASCII: slower, and exact. */
  #readUnusual(bytes: Uint8Array): void {
    const { counts, ignoredBecause } = this.#options;
    let line: string;
    try {
      line = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    } catch {
      counts.rows++;
      return this.#refuse("not UTF-8");
    }
    for (const row of line.split(JOINED_ROWS)) {
      counts.rows++;
      try {
        const path = pathOfKey(fieldsOf(row)[1]!);
        const reason = ignoredBecause(path);
        if (reason === undefined) this.#keep(row);
        else {
          counts.ignored.add(reason);
          if (mayBeUnknown(reason)) this.#watch(row);
        }
      } catch (error) {
        this.#refuse((error as Error).message);
      }
    }
  }

  /** Counts the shape of an ignored row if it looks like an installer that no rule knows. */
  #watch(line: string): void {
    const { counts, ignoredBecause } = this.#options;
    let row: InventoryRow;
    try {
      row = rowFrom(fieldsOf(line));
    } catch {
      return; // it's ignored, whatever its size is
    }
    const { path, size } = row;
    const reason = ignoredBecause(path);
    if (reason === undefined || !isUnknownInstaller(path, reason, bytesOf(size), ignoredBecause)) {
      return;
    }
    counts.unknown.add(pathShape(path));
  }

  /** @param known the path, and what follows the key: the parser takes its time for each character */
  #keep(line: string, known?: { path: string; rest: string }): void {
    try {
      const fields = known ? fieldsOf(`,${known.rest}`) : fieldsOf(line);
      this.#kept.push(rowFrom(fields, known?.path));
    } catch (error) {
      if (known) return this.#keep(line);
      this.#refuse((error as Error).message);
    }
  }

  #refuse(reason: string): void {
    const { counts, onBadRow } = this.#options;
    counts.ignored.add("unreadable row");
    onBadRow(counts.rows, reason);
  }
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

/** A longer text lies where it's only freed late, while a piece of it is held. */
const WINDOW_BYTES = 32 * 1024;

/** A chunk as text where bytes are characters, decoded as far as it's asked for. */
class AsciiText {
  #text = "";
  #start = 0;
  #end = 0;
  #isAscii = true;
  /** Up to here, each line is decoded by itself: others don't change how it is read. */
  #mixedEnd = 0;

  constructor(readonly bytes: Uint8Array) {}

  /** Whether the bytes of a line are characters, which can be taken then. Lines come in order. */
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
