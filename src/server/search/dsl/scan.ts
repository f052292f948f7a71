import { type Bits, noBits } from "../bits.ts";
import type { KeywordColumn, NumberColumn } from "./columns.ts";
import type { NumberRange } from "./number_values.ts";
import { RECORDS_PER_SLICE, type Work } from "./work.ts";

/** Texts that are tested in one slice. */
const VALUES_PER_SLICE = 10_000;

/** The numbers of the texts that pass a test. */
export function* codesWhere(
  column: KeywordColumn,
  test: (value: string) => boolean,
): Work<number[]> {
  const codes: number[] = [];
  for (let code = 1; code < column.values.length; code++) {
    if (test(column.values[code]!)) codes.push(code);
    if (code % VALUES_PER_SLICE === 0) yield;
  }
  return codes;
}

/** The records that have one of some texts, by their numbers in the column. */
export function* withCodes(
  { codes, values }: KeywordColumn,
  wanted: readonly number[],
  size: number,
): Work<Bits> {
  const bits = noBits(size);
  if (wanted.length === 0) return bits;
  const [first] = wanted;
  const isWanted = new Uint8Array(values.length);
  for (const code of wanted) isWanted[code] = 1;
  const end = Math.min(size, codes.length);
  for (let start = 0; start < end; start += RECORDS_PER_SLICE) {
    const stop = Math.min(end, start + RECORDS_PER_SLICE);
    if (wanted.length === 1) {
      for (let i = start; i < stop; i++) if (codes[i] === first) bits[i >>> 5]! |= 1 << (i & 31);
    } else {
      for (let i = start; i < stop; i++) bits[i >>> 5]! |= isWanted[codes[i]!]! << (i & 31);
    }
    yield;
  }
  return bits;
}

/** The records that have a text. */
export function* withText({ codes }: KeywordColumn, size: number): Work<Bits> {
  const bits = noBits(size);
  const end = Math.min(size, codes.length);
  for (let start = 0; start < end; start += RECORDS_PER_SLICE) {
    const stop = Math.min(end, start + RECORDS_PER_SLICE);
    for (let i = start; i < stop; i++) if (codes[i] !== 0) bits[i >>> 5]! |= 1 << (i & 31);
    yield;
  }
  return bits;
}

/** The records whose number is in one of some ranges. */
export function* inRanges(
  { values }: NumberColumn,
  ranges: readonly NumberRange[],
  size: number,
): Work<Bits> {
  const bits = noBits(size);
  const end = Math.min(size, values.length);
  for (const { min, max } of merged(ranges)) {
    for (let start = 0; start < end; start += RECORDS_PER_SLICE) {
      const stop = Math.min(end, start + RECORDS_PER_SLICE);
      for (let i = start; i < stop; i++) {
        if (values[i]! >= min && values[i]! <= max) bits[i >>> 5]! |= 1 << (i & 31);
      }
      yield;
    }
  }
  return bits;
}

/** Without those that are within others. */
function merged(ranges: readonly NumberRange[]): NumberRange[] {
  const result: NumberRange[] = [];
  for (const range of ranges.toSorted((a, b) => a.min - b.min)) {
    const last = result.at(-1);
    if (last !== undefined && range.min <= last.max + 1) last.max = Math.max(last.max, range.max);
    else result.push({ ...range });
  }
  return result;
}
