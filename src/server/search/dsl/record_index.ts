import { type Bits, hasBit, noBits, setBit } from "../bits.ts";
import { type Column, KeywordColumn, NumberColumn } from "./columns.ts";
import { parseDate } from "./dates.ts";
import type { FieldType, Mapping } from "./mapping.ts";
import { SharedWork } from "../shared_work.ts";
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
  /** Reads a record by its number; undefined when it was deleted just now. */
  readonly source: (record: number) => SearchedRecord | undefined;
  /** Numbers are below this. */
  size = 0;
  #live: Bits = noBits(1024);
  /** Also those that are being loaded. */
  readonly #columns = new Map<string, Column>();
  /** Of the fields that are being loaded: one computation for all searches that wait for it. */
  readonly #loadings = new Map<string, SharedWork>();
  readonly #loaded = new Set<string>();

  /** @param source reads a record that was put by its number */
  constructor(mapping: Mapping, source: (record: number) => SearchedRecord | undefined) {
    this.mapping = mapping;
    this.source = source;
  }

  /** Adds a record, or replaces it. */
  put(number: number, record: SearchedRecord): void {
    this.putValues(number, (field) => valueAt(record, field));
  }

  /** The same with a function that gives the values of its fields. */
  putValues(number: number, valueOf: (field: string) => unknown): void {
    if (number >= this.#live.length * 32) {
      const longer = noBits(Math.max(number + 1, this.#live.length * 64));
      longer.set(this.#live);
      this.#live = longer;
    }
    setBit(this.#live, number);
    this.size = Math.max(this.size, number + 1);
    for (const [field, column] of this.#columns) this.#set(field, column, number, valueOf(field));
  }

  /** Removes a record. */
  delete(number: number): void {
    if (number >= this.size) return;
    this.#live[number >>> 5]! &= ~(1 << (number & 31));
    for (const column of this.#columns.values()) column.set(number, undefined);
  }

  /** All records. */
  live(): Bits {
    return this.#live.slice(0, (this.size + 31) >>> 5);
  }

  /** The values of a field of the mapping, after they were loaded. */
  column(field: string): Column {
    if (!this.#loaded.has(field)) throw new Error(`The column ${field} isn't loaded`);
    return this.#columns.get(field)!;
  }

  /**
   * Loads the columns that aren't there yet. What changes meanwhile, is set by the change.
   *
   * @param fields those that the mapping doesn't have are left out
   */
  *load(fields: Iterable<string>): Work<void> {
    const missing = [...fields].filter((name) => this.mapping.has(name) && !this.#loaded.has(name));
    const unread = missing.filter((field) => !this.#loadings.has(field));
    if (unread.length > 0) {
      const loading = new SharedWork(() => this.#read(unread));
      for (const field of unread) {
        this.#columns.set(field, newColumn(this.mapping.get(field)!));
        this.#loadings.set(field, loading);
      }
    }
    for (const loading of new Set(missing.map((field) => this.#loadings.get(field)!))) {
      yield* loading.join();
    }
  }

  /** Fills columns with the values of all records. */
  *#read(fields: readonly string[]): Work<void> {
    let read = 0;
    for (let number = 0; number < this.size; number++) {
      const record = hasBit(this.#live, number) ? this.source(number) : undefined;
      if (record === undefined) continue;
      for (const field of fields) {
        this.#set(field, this.#columns.get(field)!, number, valueAt(record, field));
      }
      if (++read % LOADED_PER_SLICE === 0) yield;
    }
    for (const field of fields) {
      this.#loaded.add(field);
      this.#loadings.delete(field);
    }
  }

  #set(field: string, column: Column, number: number, value: unknown): void {
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
