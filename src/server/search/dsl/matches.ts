import { type Bits, noBits } from "../bits.ts";

/** The records that a query matches. None of it is changed. */
export interface Matches {
  bits: Bits;
  /** The same for all, or by record. */
  score: number | Float32Array;
}

/** The score of a record that matches. */
export function scoreOf({ score }: Matches, record: number): number {
  return typeof score === "number" ? score : score[record]!;
}

/** What is in both; changes the first. */
export function intersect(bits: Bits, other: Bits): void {
  for (let word = 0; word < bits.length; word++) bits[word]! &= other[word]!;
}

/** What is in the first only; changes it. */
export function subtract(bits: Bits, other: Bits): void {
  for (let word = 0; word < bits.length; word++) bits[word]! &= ~other[word]!;
}

/** What is in any. */
export function union(sets: readonly Bits[], size: number): Bits {
  const bits = noBits(size);
  for (const other of sets) {
    for (let word = 0; word < bits.length; word++) bits[word]! |= other[word]!;
  }
  return bits;
}

/** What is in at least so many of some sets. */
export function atLeast(sets: readonly Bits[], minimum: number, size: number): Bits {
  if (minimum > sets.length) return noBits(size);
  if (minimum <= 1) return union(sets, size);
  // After each set: what is in at least 1, 2, … of those so far.
  const counted = Array.from({ length: minimum }, () => noBits(size));
  for (const set of sets) {
    for (let level = minimum - 1; level > 0; level--) {
      const [fewer, more] = [counted[level - 1]!, counted[level]!];
      for (let word = 0; word < more.length; word++) more[word]! |= fewer[word]! & set[word]!;
    }
    const once = counted[0]!;
    for (let word = 0; word < once.length; word++) once[word]! |= set[word]!;
  }
  return counted[minimum - 1]!;
}

/** How many records are in a set. */
export function countOf(bits: Bits): number {
  let count = 0;
  for (let index = 0; index < bits.length; index++) {
    const word = bits[index]!;
    const pairs = word - (word >>> 1 & 0x55555555);
    const nibbles = (pairs & 0x33333333) + (pairs >>> 2 & 0x33333333);
    count += Math.imul(nibbles + (nibbles >>> 4) & 0x0f0f0f0f, 0x01010101) >>> 24;
  }
  return count;
}
