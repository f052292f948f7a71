/** A set of records by their numbers: one bit each. */
export type Bits = Uint32Array;

/** No records, of so many. */
export function noBits(size: number): Bits {
  return new Uint32Array((size + 31) >>> 5);
}

/** Puts one record in. */
export function setBit(bits: Bits, index: number): void {
  bits[index >>> 5]! |= 1 << (index & 31);
}

/** Whether a record is in. */
export function hasBit(bits: Bits, index: number): boolean {
  return (bits[index >>> 5]! >>> (index & 31) & 1) === 1;
}

/** The numbers of the records that are in, ascending. */
export function membersOf(bits: Bits): Uint32Array {
  let count = 0;
  for (let index = 0; index < bits.length; index++) count += ones(bits[index]!);
  const members = new Uint32Array(count);
  let next = 0;
  for (let index = 0; index < bits.length; index++) {
    for (let word = bits[index]!; word !== 0; word &= word - 1) {
      members[next++] = index << 5 | 31 - Math.clz32(word & -word);
    }
  }
  return members;
}

/** How many bits of 32 are set. */
function ones(word: number): number {
  const pairs = word - (word >>> 1 & 0x55555555);
  const nibbles = (pairs & 0x33333333) + (pairs >>> 2 & 0x33333333);
  return Math.imul(nibbles + (nibbles >>> 4) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
