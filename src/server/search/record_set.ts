import { type Bits, hasBit, membersOf } from "./bits.ts";

/** Some records: many as bits, few as a list of their numbers, ascending. Neither is changed. */
export type RecordSet = { bits: Bits; list?: undefined } | { list: Uint32Array; bits?: undefined };

/** The records of a set, ascending. */
export function listOf({ bits, list }: RecordSet): Uint32Array {
  return list ?? membersOf(bits!);
}

/** The records that are in all of some sets; `all` for no sets. */
export function intersection(all: RecordSet, sets: readonly RecordSet[]): RecordSet {
  const [first = all, ...others] = sets.toSorted((a, b) => lengthOf(a) - lengthOf(b));
  if (others.length === 0) return first;
  if (first.list !== undefined) {
    return { list: first.list.filter((record) => others.every((other) => isIn(other, record))) };
  }
  const bits = first.bits.slice();
  for (const other of others) {
    for (let word = 0; word < bits.length; word++) bits[word]! &= other.bits![word]!;
  }
  return { bits };
}

/** Lists come first, the shortest in front. */
function lengthOf({ list }: RecordSet): number {
  return list?.length ?? Infinity;
}

function isIn({ bits, list }: RecordSet, record: number): boolean {
  if (bits !== undefined) return hasBit(bits, record);
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (list[middle]! < record) low = middle + 1;
    else high = middle;
  }
  return list[low] === record;
}
