import { type Bits, noBits, setBit } from "../bits.ts";
import { type Column, KeywordColumn, NumberColumn } from "./columns.ts";
import { parseDate } from "./dates.ts";
import type { FieldType, Mapping } from "./mapping.ts";
import { RECORDS_PER_SLICE, type Work } from "./work.ts";

/** A record, as clients get it. */
export interface SearchedRecord {
  id: string;
  [field: string]: unknown;
}

/** Slices of records that are read from the store when a column is loaded. */
const LOADED_PER_SLICE = 500;

/**
 * The records of a collection by their numbers, and columns with the values of their fields.
 * A column is loaded when it's first used. Records are ordered by number, as documents of
 * Elasticsearch are by the time of their indexing.
 */
export class RecordIndex {
  readonly mapping: Mapping;
  /** Reads a record by its number. */
  readonly source: (record: number) => SearchedRecord;
  /** Increases with each change. */
  version = 0;
  /** Numbers are below this. */
  size = 0;
  #live: Bits = noBits(1024);
  readonly #columns = new Map<string, Column>();

  /** @param source reads a record that was put by its number */
  constructor(mapping: Mapping, source: (record: number) => SearchedRecord) {
    this.mapping = mapping;
    this.source = source;
  }

  /** Adds a record, or replaces it. */
  put(number: number, record: SearchedRecord): void {
    this.version++;
    if (number >= this.#live.length * 32) {
      const longer = noBits(Math.max(number + 1, this.#live.length * 64));
      longer.set(this.#live);
      this.#live = longer;
    }
    setBit(this.#live, number);
    this.size = Math.max(this.size, number + 1);
    for (const [field, column] of this.#columns) this.#set(field, column, number, record);
  }

  /** Removes a record. */
  delete(number: number): void {
    if (number >= this.size) return;
    this.version++;
    this.#live[number >>> 5]! &= ~(1 << (number & 31));
    for (const column of this.#columns.values()) column.set(number, undefined);
  }

  /** All records. */
  live(): Bits {
    return this.#live.slice(0, (this.size + 31) >>> 5);
  }

  /** The values of a field of the mapping, after they were loaded. */
  column(field: string): Column {
    const column = this.#columns.get(field);
    if (column === undefined) throw new Error(`The column ${field} isn't loaded`);
    return column;
  }

  /** Loads the columns that aren't there yet. */
  *load(fields: Iterable<string>): Work<void> {
    const missing = [...fields].filter((name) =>
      this.mapping.has(name) && !this.#columns.has(name)
    );
    if (missing.length === 0) return;
    const loaded = new Map(missing.map((field) => [field, newColumn(this.mapping.get(field)!)]));
    for (let version = -1; version !== this.version;) {
      // What changes during a pause is read again.
      version = this.version;
      const live = this.live();
      let read = 0;
      for (let number = 0; number < this.size && version === this.version; number++) {
        if ((live[number >>> 5]! >>> (number & 31) & 1) === 0) continue;
        const record = this.source(number);
        for (const [field, column] of loaded) this.#set(field, column, number, record);
        if (++read % LOADED_PER_SLICE === 0) yield;
      }
    }
    for (const [field, column] of loaded) this.#columns.set(field, column);
  }

  #set(field: string, column: Column, number: number, record: SearchedRecord): void {
    const value = valueAt(record, field);
    if (column.kind === "keyword") column.set(number, keywordOf(value));
    else column.set(number, numberOf(value, this.mapping.get(field)!));
  }
}

/** Runs over the records of a set in slices. */
export function* eachRecord(bits: Bits, visit: (record: number) => void): Work<void> {
  for (let start = 0; start < bits.length; start += RECORDS_PER_SLICE >>> 5) {
    const end = Math.min(bits.length, start + (RECORDS_PER_SLICE >>> 5));
    for (let index = start; index < end; index++) {
      for (let word = bits[index]!; word !== 0; word &= word - 1) {
        visit(index << 5 | 31 - Math.clz32(word & -word));
      }
    }
    yield;
  }
}

function newColumn(type: FieldType): Column {
  return type.kind === "keyword" ? new KeywordColumn() : new NumberColumn();
}

/** The value at a path such as `target.version`. */
export function valueAt(record: unknown, path: string): unknown {
  let value: unknown = record;
  for (const name of path.split(".")) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) {
      return undefined;
    }
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}

function keywordOf(value: unknown): string | undefined {
  return typeof value === "string"
    ? value
    : typeof value === "number" || typeof value === "boolean"
    ? String(value)
    : undefined;
}

function numberOf(value: unknown, type: FieldType): number | undefined {
  if (type.kind === "date") {
    return typeof value === "string" || typeof value === "number"
      ? parseDate(String(value), type.format)
      : undefined;
  }
  const number = typeof value === "number" || typeof value === "string" ? Number(value) : NaN;
  return Number.isFinite(number) ? Math.trunc(number) : undefined;
}
