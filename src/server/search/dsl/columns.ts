import { sorted } from "./sorting.ts";
import { RECORDS_PER_SLICE, type Work } from "./work.ts";

/** Texts of one field of all records: each is kept once, and each record has its text's number. */
export class KeywordColumn {
  readonly kind = "keyword";
  /** Texts by number. Number 0 is no value. */
  readonly values: string[] = [""];
  /** Numbers by text. */
  readonly codeOf = new Map<string, number>();
  /** Numbers by record; longer than there are records. */
  codes = new Uint32Array(1024);
  #ranks = new Uint32Array(0);

  /** Sets a record's text. */
  set(record: number, value: string | undefined): void {
    let code = value === undefined ? 0 : this.codeOf.get(value);
    if (code === undefined) {
      code = this.values.push(value!) - 1;
      this.codeOf.set(value!, code);
    }
    if (record >= this.codes.length) {
      if (code === 0) return;
      const longer = new Uint32Array(Math.max(record + 1, this.codes.length * 2));
      longer.set(this.codes);
      this.codes = longer;
    }
    this.codes[record] = code;
  }

  /** A record's number; 0 when it has no text. */
  code(record: number): number {
    return this.codes[record] ?? 0;
  }

  /** Places in the order of the texts, by number, from 1; 0 for no value. */
  *ranks(): Work<Uint32Array> {
    if (this.#ranks.length === this.values.length) return this.#ranks;
    const keys: string[] = [];
    const codes = new Uint32Array(this.values.length - 1);
    for (const value of this.values) {
      if (keys.length > 0) codes[keys.length - 1] = keys.length;
      if (keys.push(sortKey(value)) % RECORDS_PER_SLICE === 0) yield;
    }
    const order = yield* sorted(codes, (a, b) => keys[a]! < keys[b]! ? -1 : 1);
    const ranks = new Uint32Array(keys.length);
    for (let place = 0; place < order.length; place++) ranks[order[place]!] = place + 1;
    return this.#ranks = ranks;
  }
}

/** Integers of one field of all records. */
export class NumberColumn {
  readonly kind = "number";
  /** By record; NaN is no value. Longer than there are records. */
  values = new Float64Array(1024).fill(NaN);
  #bounds: { min: number; max: number } | undefined;

  /** Sets a record's number. */
  set(record: number, value: number | undefined): void {
    this.#bounds = undefined;
    if (record >= this.values.length) {
      if (value === undefined) return;
      const longer = new Float64Array(Math.max(record + 1, this.values.length * 2)).fill(NaN);
      longer.set(this.values);
      this.values = longer;
    }
    this.values[record] = value ?? NaN;
  }

  /** The least and the greatest number; undefined when there is none. */
  *bounds(): Work<{ min: number; max: number } | undefined> {
    if (this.#bounds === undefined) {
      let [min, max] = [Infinity, -Infinity];
      for (let record = 0; record < this.values.length; record++) {
        const value = this.values[record]!;
        if (value < min) min = value;
        if (value > max) max = value;
        if (record % RECORDS_PER_SLICE === RECORDS_PER_SLICE - 1) yield;
      }
      this.#bounds = { min, max };
    }
    return this.#bounds.min <= this.#bounds.max ? this.#bounds : undefined;
  }

  /** A record's number; NaN when it has none. */
  value(record: number): number {
    return this.values[record] ?? NaN;
  }
}

/** The values of one field of all records. */
export type Column = KeywordColumn | NumberColumn;

/** Compares texts by their code points, as Elasticsearch does: negative when `a` comes first. */
export function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  return sortKey(a) < sortKey(b) ? -1 : 1;
}

/** A text whose UTF-16 units sort as the code points of this one. */
function sortKey(text: string): string {
  if (!/[\ud800-\uffff]/.test(text)) return text;
  return text.replace(
    /[\ud800-\uffff]/g,
    (unit) => String.fromCharCode(unit.charCodeAt(0) + (unit < "\ue000" ? 0x2000 : -0x800)),
  );
}
