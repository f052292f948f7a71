import { versionKey } from "../../builds/version_order.ts";
import { INDEXED_FIELDS } from "../store/sql.ts";
import type { Keys } from "../store/store.ts";
import { type Bits, membersOf, noBits, setBit } from "./bits.ts";
import { Column, type Grouped } from "./column.ts";

/** A field that is searched. */
export type Field = typeof INDEXED_FIELDS[number];

/** Fields with so many values that their records are kept grouped; the others are scanned. */
export type GroupedField = "target.version" | "build.id" | "source.revision" | "download.date";

/**
 * The searched fields of a collection's records, in memory: 32 bytes a record, and as many again
 * for the groups. A record's number is that of its row.
 */
export class BuildIndex {
  readonly columns: Record<Field, Column>;
  /** Raised with each change. */
  version = 0;
  #live: Bits = noBits(1024);
  #derived: { live: Bits; records: Uint32Array; groups: Map<Field, Grouped> } | undefined;

  constructor() {
    this.columns = Object.fromEntries(
      INDEXED_FIELDS.map((field) => [
        field,
        field === "target.version" ? new Column(versionKey) : new Column(),
      ]),
    ) as Record<Field, Column>;
  }

  /** Takes a record in, or what is new of it. What was deleted has no values, and is left out. */
  put([record, ...keys]: Keys, isDeleted = false): void {
    this.#changed();
    if (record >= this.#live.length * 32) {
      const longer = noBits(Math.max(record + 1, this.#live.length * 64));
      longer.set(this.#live);
      this.#live = longer;
    }
    if (isDeleted) this.#live[record >>> 5]! &= ~(1 << (record & 31));
    else setBit(this.#live, record);
    for (let i = 0; i < INDEXED_FIELDS.length; i++) {
      const key = keys[i]!;
      // Sort keys of texts begin with 1; what is none can't be searched.
      this.columns[INDEXED_FIELDS[i]!].set(record, key.startsWith("1") ? key.slice(1) : "");
    }
  }

  #changed(): void {
    if (this.#derived !== undefined) this.version++;
    this.#derived = undefined;
  }

  /** All records, as a set. */
  get live(): Bits {
    return this.#derive().live;
  }

  /** All records, ascending. */
  get records(): Uint32Array {
    return this.#derive().records;
  }

  /** All records by the value of a field. */
  grouped(field: GroupedField): Grouped {
    const { groups, records } = this.#derive();
    let group = groups.get(field);
    if (group === undefined) groups.set(field, group = this.columns[field].group(records));
    return group;
  }

  #derive() {
    if (this.#derived === undefined) {
      const records = membersOf(this.#live);
      const size = (records.at(-1) ?? 0) + 1;
      const live = this.#live.slice(0, (size + 31) >>> 5);
      this.#derived = { live, records, groups: new Map() };
    }
    return this.#derived;
  }
}
