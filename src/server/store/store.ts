import { isLocked } from "../../storage/sqlite_errors.ts";
import type { DatabaseSync } from "node:sqlite";
import { reasonOf } from "../../errors/reason_of.ts";
import { UsageError } from "../../errors/usage_error.ts";
import type { JsonObject } from "../../net/json.ts";
import { Database } from "./database.ts";
import { valueAt } from "./json_value.ts";
import { type List, Lists } from "./lists.ts";
import { LruCache } from "../../storage/lru_cache.ts";
import { type Page, Pages } from "./pages.ts";
import type { Selection } from "./selection.ts";
import { MISSING_KEY, sortKey } from "./sort_key.ts";
import { type Filter, INDEXED_FIELDS } from "./sql.ts";
import { KEYS, WRITE } from "./tables.ts";
import type { Work } from "./work.ts";

/** The kinds of objects that are stored. */
export type Kind = "bucket" | "collection" | "record";

/** Permissions of an object: principals by permission. */
export type Acl = Record<string, string[]>;

/** A stored object. */
export interface Stored {
  id: string;
  last_modified: number;
  acl: Acl;
  /** The object's JSON, with `id` and `last_modified`. */
  data: string;
}

/** A bucket or a collection: what every request on its content needs. */
export interface Parent {
  acl: Acl;
  data: JsonObject;
}

/** An object's number, and the sort keys of its indexed fields, in their order. */
export type Keys = [seq: number, ...keys: string[]];

/** Called with each object that is written, and with undefined when lists were dropped. */
export type Watcher = (written: { list: number; id: string } | undefined) => void;

/** Buckets and collections that are cached. */
const MAX_PARENTS = 1000;

/**
 * Buckets, collections and records in one SQLite file. Every call is synchronous, so that whatever
 * is done between two awaits is one step for everybody else.
 */
export class Store {
  readonly #db: Database;
  readonly #lists: Lists;
  readonly #pages: Pages;
  /** Buckets and collections, by path. */
  readonly #parents = new LruCache<Parent | undefined>(MAX_PARENTS);
  readonly #watchers: Watcher[] = [];

  /** @throws {Error} when the file isn't a database, or has another format */
  constructor(db: DatabaseSync, now: () => number = Date.now) {
    this.#db = new Database(db);
    this.#lists = new Lists(this.#db, now);
    this.#pages = new Pages(this.#db);
    if (this.list("/buckets") === undefined) this.createList("/buckets");
  }

  /**
   * Opens a database file, and creates it when it doesn't exist.
   *
   * @throws {UsageError} when it can't be opened, or isn't a database of this format
   */
  static async open(path: string): Promise<Store> {
    const { DatabaseSync } = await import("node:sqlite");
    try {
      return new Store(new DatabaseSync(path));
    } catch (error) {
      const reason = isLocked(error)
        ? "another buildhub serve uses it; stop that, or choose another file with --database"
        : reasonOf(error);
      throw new UsageError(`Cannot open the database ${path}: ${reason}`);
    }
  }

  /** Calls a function with every write, before its commit. */
  watch(onWrite: Watcher): void {
    this.#watchers.push(onWrite);
  }

  /** Commits everything that `run` does, or nothing. */
  transaction<T>(run: () => T): T {
    try {
      return this.#db.transaction(() => {
        const result = run();
        this.#lists.save();
        return result;
      });
    } catch (error) {
      this.#forget();
      throw error;
    }
  }

  /** Deletes everything. */
  flush(): void {
    this.#db.exec("DELETE FROM objects; DELETE FROM lists;");
    this.#forget();
    this.createList("/buckets");
    this.#tell(undefined);
  }

  /** Closes the file. */
  close(): void {
    this.#db.close();
  }

  /** The list with this path; undefined when its parent doesn't exist. */
  list(uri: string): List | undefined {
    return this.#lists.get(uri);
  }

  /** Creates an empty list. */
  createList(uri: string): void {
    this.#lists.create(uri);
  }

  /** Removes the lists below a path, with all that is in them, tombstones included. */
  dropListsBelow(uri: string): void {
    this.#lists.dropBelow(uri);
    this.#parents.clear();
    this.#tell(undefined);
  }

  /** A bucket or a collection, by the path of its list and its id. */
  parent(uri: string, id: string): Parent | undefined {
    return this.#parents.get(`${uri}/${id}`, () => {
      const list = this.list(uri);
      const row = list && this.get(list, id);
      return row && { acl: row.acl, data: JSON.parse(row.data) as JsonObject };
    }, (parent) => parent !== undefined);
  }

  /** One object; undefined when it doesn't exist, or was deleted. */
  get(list: List, id: string): Stored | undefined {
    const row = this.#db.prepare(
      "SELECT id, last_modified, acl, data FROM objects WHERE list = ? AND id = ? AND deleted = 0",
    ).get(list.key, id);
    return row && {
      ...row as unknown as Stored,
      acl: row.acl === null ? {} : JSON.parse(String(row.acl)) as Acl,
    };
  }

  /** Creates or replaces an object, and advances the list's clock. @returns the stored object */
  put(list: List, object: JsonObject, acl: Acl | null, existed: boolean): JsonObject {
    const requested = object.last_modified as number | undefined;
    const stored = {
      ...object,
      last_modified: this.#lists.tick(list, requested, existed ? 0 : 1),
    };
    this.#write(list, stored, stored.last_modified, 0, acl);
    return stored;
  }

  /** Replaces an object with a tombstone. @returns the tombstone's JSON */
  delete(list: List, id: string, requested?: number): { lastModified: number; data: string } {
    const lastModified = this.#lists.tick(list, requested, -1);
    const tombstone = { id, last_modified: lastModified, deleted: true };
    this.#write(list, tombstone, lastModified, 1, null);
    return { lastModified, data: JSON.stringify(tombstone) };
  }

  /** The number of matching objects. */
  count(list: List, filters: readonly Filter[]): Work<number> {
    return this.#pages.count(list, filters);
  }

  /** The matching objects, in order: those after the given one, up to the limit. */
  page(list: List, selection: Selection): Work<Page> {
    return this.#pages.page(list, selection);
  }

  /** The ids of the objects whose permissions satisfy a predicate; for lists of few objects. */
  idsWhere(list: List, predicate: (acl: Acl) => boolean): string[] {
    return this.#db.prepare("SELECT id, acl FROM objects WHERE list = ? AND deleted = 0")
      .all(list.key)
      .filter((row) => row.acl !== null && predicate(JSON.parse(String(row.acl)) as Acl))
      .map((row) => String(row.id));
  }

  /** The keys of the objects created after a given one, in that order, up to a limit. */
  keysAfter(list: List, seq: number, limit: number): Keys[] {
    return this.#db.prepareArrays(
      `SELECT ${KEYS} FROM objects NOT INDEXED
       WHERE seq > ? AND list = ? AND deleted = 0 ORDER BY seq LIMIT ?`,
    ).all(seq, list.key, limit) as unknown as Keys[];
  }

  /** The keys of one object or tombstone; undefined when it never existed. */
  keysOf(list: List, id: string): { isDeleted: boolean; keys: Keys } | undefined {
    const row = this.#db.prepareArrays(
      `SELECT deleted, ${KEYS} FROM objects WHERE list = ? AND id = ?`,
    ).get(list.key, id) as unknown as [number, ...Keys] | undefined;
    if (row === undefined) return undefined;
    const [deleted, ...keys] = row;
    return { isDeleted: deleted === 1, keys };
  }

  /** The JSON of the object with this number; undefined when there is none, or it was deleted. */
  dataAt(seq: number): string | undefined {
    const row = this.#db.prepareArrays("SELECT data FROM objects WHERE seq = ? AND deleted = 0")
      .get(seq) as unknown as [string] | undefined;
    return row?.[0];
  }

  /** The JSON of the objects with these numbers, in their order. */
  dataOf(seqs: readonly number[]): string[] {
    const rows = this.#db.prepareArrays(
      `SELECT data FROM json_each(?) AS wanted JOIN objects ON seq = wanted.value
       ORDER BY wanted.key`,
    ).all(JSON.stringify(seqs));
    return (rows as unknown as [string][]).map(([data]) => data);
  }

  #write(list: List, object: JsonObject, at: number, deleted: 0 | 1, acl: Acl | null): void {
    const id = String(object.id);
    this.#parents.delete(`${list.uri}/${id}`);
    this.#tell({ list: list.key, id });
    const keys = INDEXED_FIELDS.map((field) =>
      deleted ? MISSING_KEY : sortKey(valueAt(object, field))
    );
    this.#db.prepare(WRITE)
      .run(list.key, id, at, deleted, acl && JSON.stringify(acl), JSON.stringify(object), ...keys);
  }

  #tell(written: Parameters<Watcher>[0]): void {
    for (const watcher of this.#watchers) watcher(written);
  }

  #forget(): void {
    this.#lists.forget();
    this.#parents.clear();
    this.#pages.forget();
  }
}
