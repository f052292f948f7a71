import type { Database } from "./database.ts";
import { LruCache } from "../../storage/lru_cache.ts";

/** A list of objects of one kind, such as the records of a collection, with its own clock. */
export interface List {
  key: number;
  /** Its path without the version, such as `/buckets/b/collections`. */
  uri: string;
  /** When it last changed: milliseconds since 1970, strictly increasing. */
  timestamp: number;
  /** The number of its objects, without deleted ones. */
  count: number;
}

/** Lists that are cached. This process alone has the file open, so the cache can't be stale. */
const MAX_CACHED = 1000;

/** The lists, by path: their clocks and counts. */
export class Lists {
  readonly #db: Database;
  readonly #now: () => number;
  readonly #cached = new LruCache<List | undefined>(MAX_CACHED);
  /** Lists that the current transaction changed: their rows are out of date until {@linkcode save}. */
  readonly #changed = new Map<string, List>();

  constructor(db: Database, now: () => number) {
    this.#db = db;
    this.#now = now;
  }

  /** The list with this path; undefined when its parent doesn't exist. */
  get(uri: string): List | undefined {
    return this.#changed.get(uri) ?? this.#cached.get(uri, () => {
      const row = this.#db.prepare("SELECT key, uri, timestamp, count FROM lists WHERE uri = ?")
        .get(uri);
      return row && { ...row as unknown as List };
    }, (list) => list !== undefined);
  }

  /** Creates an empty list. */
  create(uri: string): void {
    this.#db.prepare("INSERT INTO lists (uri, timestamp) VALUES (?, ?)").run(uri, this.#now());
  }

  /** Removes the lists below a path, with all that is in them, tombstones included. */
  dropBelow(uri: string): void {
    // "0" is the character after "/".
    const [from, to] = [`${uri}/`, `${uri}0`];
    const below = "SELECT key FROM lists WHERE uri > ? AND uri < ?";
    this.#db.prepare(`DELETE FROM objects WHERE list IN (${below})`).run(from, to);
    this.#db.prepare("DELETE FROM lists WHERE uri > ? AND uri < ?").run(from, to);
    for (const changed of this.#changed.keys()) {
      if (changed.startsWith(from)) this.#changed.delete(changed);
    }
    this.#cached.clear();
  }

  /**
   * Advances a list's clock and count for one write.
   *
   * The timestamp is the requested one, whether in the past or the future, and now otherwise; never
   * the one that the list had last. (Kinto's rule.)
   *
   * @returns the timestamp of the write
   */
  tick(list: List, requested: number | undefined, added: -1 | 0 | 1): number {
    const now = requested ?? Math.max(this.#now(), list.timestamp + 1);
    const timestamp = now === list.timestamp ? now + 1 : now;
    list.timestamp = Math.max(list.timestamp, timestamp);
    list.count += added;
    this.#changed.set(list.uri, list);
    return timestamp;
  }

  /** Writes the changed clocks and counts; called before each commit. */
  save(): void {
    for (const { key, timestamp, count } of this.#changed.values()) {
      this.#db.prepare("UPDATE lists SET timestamp = ?, count = ? WHERE key = ?")
        .run(timestamp, count, key);
    }
    this.#changed.clear();
  }

  /** Drops what is cached, after a rollback. */
  forget(): void {
    this.#cached.clear();
    this.#changed.clear();
  }
}
