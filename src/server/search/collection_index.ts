import type { List } from "../store/lists.ts";
import { INDEXED_FIELDS } from "../store/sql.ts";
import type { Keys, Store } from "../store/store.ts";
import { DocumentNumbers } from "./document_numbers.ts";
import type { Mapping } from "./dsl/mapping.ts";
import { RecordIndex, type SearchedRecord, valueAt } from "./dsl/record_index.ts";
import { finish, type Work } from "./dsl/work.ts";
import type { SearchView, StoredRow } from "./search_view.ts";
import { SharedWork } from "./shared_work.ts";

/** Rows that are read in one slice: a millisecond or two. */
const ROWS_PER_SLICE = 500;

const PLACES: ReadonlyMap<string, number> = new Map(
  INDEXED_FIELDS.map((field, place) => [field, place]),
);

/** The search index of a collection, kept up to date with what is written. */
export class CollectionIndex {
  /** What is searched, after {@linkcode catchUp}. */
  readonly index: RecordIndex;
  readonly #store: Store;
  readonly #list: List;
  readonly #view: SearchView;
  readonly #numbers = new DocumentNumbers();
  /** Ids of what was written since it was read. */
  readonly #written = new Set<string>();
  readonly #filled = new SharedWork(() => this.#fill());

  constructor(store: Store, list: List, view: SearchView, mapping: Mapping) {
    this.#store = store;
    this.#list = list;
    this.#view = view;
    this.index = new RecordIndex(mapping, (number) => this.#read(number));
    // These columns are filled with each record; others are loaded when they are asked for.
    finish(this.index.load(INDEXED_FIELDS));
  }

  /** The key of the list that it is of. */
  get list(): number {
    return this.#list.key;
  }

  /** Takes note of a write. @returns how many weren't read yet */
  note(id: string): number {
    return this.#written.add(id).size;
  }

  /** Reads what isn't read yet: the whole collection at first, what was written later. */
  *catchUp(): Work<void> {
    yield* this.#filled.join();
    let read = 0;
    for (const id of this.#written) {
      const row = this.#store.keysOf(this.#list, id);
      if (row !== undefined) this.#put(row.keys, row.isDeleted);
      this.#written.delete(id);
      if (++read % ROWS_PER_SLICE === 0) yield;
    }
  }

  *#fill(): Work<void> {
    for (let after = 0;;) {
      const rows = this.#store.keysAfter(this.#list, after, ROWS_PER_SLICE);
      for (const keys of rows) this.#put(keys, false);
      if (rows.length < ROWS_PER_SLICE) return;
      after = rows.at(-1)![0];
      yield;
    }
  }

  #put(keys: Keys, isDeleted: boolean): void {
    const [row] = keys;
    const documents = isDeleted ? [] : this.#view.fieldsOf(this.#rowOf(keys));
    let numbers = this.#numbers.of(row);
    if (documents.length > numbers.length) {
      for (const number of numbers) this.index.delete(number);
      numbers = this.#numbers.add(row, documents.length);
    }
    for (const [part, number] of numbers.entries()) {
      const valueOf = documents[part];
      if (valueOf === undefined) this.index.delete(number);
      else this.index.putValues(number, valueOf);
    }
  }

  #rowOf(keys: Keys): StoredRow {
    let parsed: SearchedRecord | undefined;
    const record = () => parsed ??= this.#record(keys[0]) ?? { id: "" };
    const value = (field: string) => {
      const place = PLACES.get(field);
      const key = place === undefined ? "" : keys[place + 1] as string;
      // Sort keys of texts begin with 1, and "6" is a missing value.
      if (key[0] === "1") return key.slice(1);
      return key === "6" ? undefined : valueAt(record(), field);
    };
    return { value, record };
  }

  #read(number: number): SearchedRecord | undefined {
    const record = this.#record(this.#numbers.rowOf(number));
    return record && this.#view.documentsOf(record)[this.#numbers.partOf(number)];
  }

  #record(row: number): SearchedRecord | undefined {
    const data = this.#store.dataAt(row);
    return data === undefined ? undefined : JSON.parse(data) as SearchedRecord;
  }
}
