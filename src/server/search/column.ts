/** Records grouped by their value of one field, in the order of the values. */
export interface Grouped {
  /** The values' numbers in order. */
  codes: Uint32Array;
  /** The place in that order, by the value's number. */
  ranks: Uint32Array;
  /** Where the records of each place begin; one more than there are values. */
  starts: Uint32Array;
  /** The records. */
  records: Uint32Array;
}

/**
 * One field of all records: each value is kept once, and each record has its value's number.
 * Number 0 is no value.
 */
export class Column {
  readonly values = [""];
  /** Numbers by value. */
  readonly codeOf = new Map([["", 0]]);
  /** The value's number, by record; longer than there are records. */
  codes = new Uint32Array(1024);
  readonly #keys: string[];
  readonly #keyOf: (value: string) => string;
  #order = new Uint32Array(0);

  /** @param keyOf gives a text by which values are sorted; by default that is the value itself */
  constructor(keyOf = (value: string) => value) {
    this.#keyOf = keyOf;
    this.#keys = [keyOf("")];
  }

  /** Sets a record's value. */
  set(record: number, value: string): void {
    let code = this.codeOf.get(value);
    if (code === undefined) {
      code = this.values.push(value) - 1;
      this.#keys.push(this.#keyOf(value));
      this.codeOf.set(value, code);
    }
    if (record >= this.codes.length) {
      const longer = new Uint32Array(Math.max(record + 1, this.codes.length * 2));
      longer.set(this.codes);
      this.codes = longer;
    }
    this.codes[record] = code;
  }

  /** The values' numbers, in the order of the values. */
  order(): Uint32Array {
    const known = this.#order;
    if (known.length === this.values.length) return known;
    const keys = this.#keys;
    // What was in order stays so: sorting the few new values into it is fast.
    const codes = [...known];
    for (let code = known.length; code < this.values.length; code++) codes.push(code);
    codes.sort((a, b) => keys[a]! < keys[b]! ? -1 : keys[a]! > keys[b]! ? 1 : a - b);
    return this.#order = Uint32Array.from(codes);
  }

  /** Groups these records, given ascending, by value. */
  group(records: Uint32Array): Grouped {
    const codes = this.order();
    const ranks = new Uint32Array(codes.length);
    for (let rank = 0; rank < codes.length; rank++) ranks[codes[rank]!] = rank;
    const starts = new Uint32Array(codes.length + 1);
    for (let i = 0; i < records.length; i++) starts[ranks[this.codes[records[i]!]!]! + 1]!++;
    for (let rank = 0; rank < codes.length; rank++) starts[rank + 1]! += starts[rank]!;
    const next = starts.slice();
    const grouped = new Uint32Array(records.length);
    for (let i = 0; i < records.length; i++) {
      const record = records[i]!;
      grouped[next[ranks[this.codes[record]!]!]!++] = record;
    }
    return { codes, ranks, starts, records: grouped };
  }
}
