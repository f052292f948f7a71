import type { List } from "../store/lists.ts";
import type { Store } from "../store/store.ts";
import { BuildIndex } from "./build_index.ts";
import { Search } from "./search.ts";

/** Rows read before others get their turn: some milliseconds. */
const ROWS_A_TURN = 2000;

/** What was written since the last search; with more than this, all is read again. */
const MOST_WRITTEN = 50_000;

/** How many collections are searched before the first is forgotten. */
const MOST_INDEXES = 4;

/** An index of one list, which follows what is written. */
interface Followed {
  search: Search;
  /** Ids of what was written since it was read last. */
  written: Set<string>;
  loaded: Promise<void>;
  isDropped: boolean;
}

/**
 * The indexes of the collections that are searched: read when the first search comes, up to date at
 * each. Writing costs nothing but a note of the record's id.
 */
export class SearchIndexes {
  readonly #store: Store;
  /** By the key of the list. */
  readonly #followed = new Map<number, Followed>();

  constructor(store: Store) {
    this.#store = store;
    store.watch((written) => {
      if (written === undefined) {
        for (const list of [...this.#followed.keys()]) this.#drop(list);
        return;
      }
      const followed = this.#followed.get(written.list);
      followed?.written.add(written.id);
      if (followed && followed.written.size > MOST_WRITTEN) this.#drop(written.list);
    });
  }

  /** The search of a list; undefined when the list was dropped while it was read. */
  async of(uri: string): Promise<{ search: Search; list: List } | undefined> {
    for (;;) {
      const list = this.#store.list(uri);
      if (list === undefined) return undefined;
      const followed = this.#followed.get(list.key) ?? this.#follow(list);
      await followed.loaded;
      if (followed.isDropped) continue;
      for (const id of followed.written) {
        const row = this.#store.keysOf(list, id);
        if (row !== undefined) followed.search.index.put(row.keys, row.isDeleted);
      }
      followed.written.clear();
      return { search: followed.search, list };
    }
  }

  #follow(list: List): Followed {
    const [oldest] = this.#followed.keys();
    if (this.#followed.size >= MOST_INDEXES && oldest !== undefined) this.#drop(oldest);
    const index = new BuildIndex();
    const followed: Followed = {
      search: new Search(index),
      written: new Set(),
      loaded: Promise.resolve(),
      isDropped: false,
    };
    this.#followed.set(list.key, followed);
    followed.loaded = this.#load(list, followed).catch((error) => {
      this.#drop(list.key);
      throw error;
    });
    return followed;
  }

  async #load(list: List, followed: Followed): Promise<void> {
    let after = 0;
    while (!followed.isDropped) {
      const rows = this.#store.keysAfter(list, after, ROWS_A_TURN);
      for (const row of rows) followed.search.index.put(row);
      after = rows.at(-1)?.[0] ?? after;
      if (rows.length < ROWS_A_TURN) return;
      await new Promise((resolve) => setTimeout(resolve));
    }
  }

  #drop(list: number): void {
    const followed = this.#followed.get(list);
    if (followed) followed.isDropped = true;
    this.#followed.delete(list);
  }
}
