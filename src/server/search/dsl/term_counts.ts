import type { Values } from "./term_values.ts";
import { RECORDS_PER_SLICE, type Work } from "./work.ts";

/** How often values are there. */
export interface Counts {
  /** Those that are there, and with `min_doc_count` 0 all others too. */
  keys: readonly number[];
  countOf(key: number): number;
}

/** Counts the values of some records. */
export function* countValues(
  values: Values,
  records: Uint32Array,
  isWithEmpty: boolean,
): Work<Counts> {
  const { keyOf, limit } = values;
  if (limit !== undefined && records.length * 4 > limit && !isWithEmpty) {
    const counts = new Uint32Array(limit);
    for (let i = 0; i < records.length; i++) {
      const key = keyOf(records[i]!);
      if (key >= 0) counts[key]!++;
      if (i % RECORDS_PER_SLICE === RECORDS_PER_SLICE - 1) yield;
    }
    const keys: number[] = [];
    for (let key = 0; key < limit; key++) {
      if (counts[key]! > 0) keys.push(key);
      if (key % RECORDS_PER_SLICE === RECORDS_PER_SLICE - 1) yield;
    }
    return { keys, countOf: (key) => counts[key]! };
  }
  const counts = new Map<number, number>();
  if (isWithEmpty) { for (const key of yield* values.all()) counts.set(key, 0); }
  for (let i = 0; i < records.length; i++) {
    const key = keyOf(records[i]!);
    // A number of a column may be -1.
    if (limit === undefined ? !Number.isNaN(key) : key >= 0) {
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    if (i % RECORDS_PER_SLICE === RECORDS_PER_SLICE - 1) yield;
  }
  return { keys: [...counts.keys()], countOf: (key) => counts.get(key)! };
}
