import type { DatabaseSync, StatementSync } from "node:sqlite";
import { IndexChoice } from "./index_choice.ts";
import { isObject, type JsonObject, valueAt } from "../http/json.ts";
import { LeastRecent } from "./least_recent.ts";
import { queriesOf, type Query, type Selection, where } from "./selection.ts";
import { MISSING_KEY, sortKey } from "./sort_key.ts";
import { type Filter, INDEXED_FIELDS } from "./sql.ts";
import { BY_CHANGE, KEYS, SCHEMA, SCHEMA_VERSION, WRITE } from "./tables.ts";

/** A list of objects of one kind, such as the records of a collection, with its own clock. */
export interface List {
  key: number;
  /** Its path without the version, such as `/buckets/b/collections`. */
  uri: string;
  /** When it last changed: milliseconds since 1970, strictly increasing. */
  timestamp: number;
  /** How many objects it has, deleted ones not counted. */
  count: number;
}

/** An object in a list: its number, by the order in which they came, and its whole JSON. */
export type Row = [seq: number, data: string];

/** A page of a list. */
export interface Page {
  rows: Row[];
  /** Whether others follow. */
  hasNext: boolean;
}

/** An object's number, and the sort keys of its indexed fields, in their order. */
export type Keys = [seq: number, ...keys: string[]];

/** A stored object. */
export interface Stored {
  id: string;
  last_modified: number;
  acl: Acl;
  /** The object's JSON, `id` and `last_modified` included. */
  data: string;
}

/** Permissions of an object: principals by permission. */
export type Acl = Record<string, string[]>;

/** A bucket or a collection: what is asked at every request on what it holds. */
export interface Parent {
  acl: Acl;
  data: JsonObject;
}

/** Told of an object that is written, or, without one, of lists that were dropped. */
export type Watcher = (written: { list: number; id: string } | undefined) => void;

/**
 * What was written together mostly lies together: a long page in the order of changes is then read
 * in one walk through the table, faster than by a search for each row.
 */
const [LONG_PAGE, DENSE] = [100, 1.25];

/** How many lists, buckets and collections are remembered. */
const MAX_REMEMBERED = 1000;

/**
 * Buckets, collections and records in one SQLite file; all of the SQL. Every call is synchronous,
 * so that whatever is done between two awaits is one step for everybody else.
 *
 * A commit is in the write-ahead log when the call returns: killing the process loses nothing that
 * was answered. A power failure may lose the last moments, but never breaks the file.
 */
export class Store {
  readonly #db: DatabaseSync;
  readonly #now: () => number;
  /** Filters make ever new ones. */
  readonly #statements = new LeastRecent<StatementSync>(200);
  /** Lists by path. This process alone has the file, so that what is remembered is true. */
  readonly #lists = new Map<string, List>();
  /** Lists that changed in the current transaction. */
  readonly #changed = new Set<List>();
  readonly #watchers: Watcher[] = [];
  /** Buckets and collections, by list and id. */
  readonly #parents = new Map<string, Parent>();
  readonly #index = new IndexChoice((list, field, key, limit) => {
    const row = this.#prepare(
      `SELECT count(*) AS n FROM (SELECT 1 FROM objects WHERE list = ? AND "${field}" = ? LIMIT ${limit})`,
    ).get(list, key);
    return Number(row?.n);
  });

  /** @throws {Error} when the file is no database, or one of another format */
  constructor(db: DatabaseSync, now: () => number = Date.now) {
    this.#db = db;
    this.#now = now;
    db.exec(`
      PRAGMA page_size = 16384;
      PRAGMA locking_mode = EXCLUSIVE;
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = NORMAL;
      PRAGMA busy_timeout = 1000;
      PRAGMA cache_size = -8000;
      PRAGMA wal_autocheckpoint = 1000;
      PRAGMA temp_store = MEMORY;
    `);
    db.function("sort_key", { deterministic: true }, (data, field) => {
      const object: unknown = JSON.parse(String(data));
      return sortKey(isObject(object) ? valueAt(object, String(field)) : undefined);
    });
    const version = db.prepare("PRAGMA user_version").get()?.user_version;
    if (version === 0) this.transaction(() => this.#create());
    else if (version !== SCHEMA_VERSION) {
      throw new Error(
        `it has format ${version}, and this program reads ${SCHEMA_VERSION}: move it away, and publish again`,
      );
    }
  }

  /** Tells of every object that is written, before the commit; undefined: lists were dropped. */
  watch(onWrite: Watcher): void {
    this.#watchers.push(onWrite);
  }

  /** Does all of it, or nothing. */
  transaction<T>(run: () => T): T {
    this.#db.exec("BEGIN IMMEDIATE");
    try {
      const result = run();
      for (const { key, timestamp, count } of this.#changed) {
        this.#prepare("UPDATE lists SET timestamp = ?, count = ? WHERE key = ?")
          .run(timestamp, count, key);
      }
      this.#changed.clear();
      this.#db.exec("COMMIT");
      return result;
    } catch (error) {
      this.#forget();
      if (this.#db.isTransaction) this.#db.exec("ROLLBACK");
      throw error;
    }
  }

  /** Forgets everything. */
  flush(): void {
    this.#db.exec("DELETE FROM objects; DELETE FROM lists;");
    this.#forget();
    this.createList("/buckets");
    for (const tell of this.#watchers) tell(undefined);
  }

  #forget(): void {
    this.#lists.clear();
    this.#changed.clear();
    this.#parents.clear();
    this.#index.clear();
  }

  /** Ends the work with the file. */
  close(): void {
    this.#statements.clear();
    this.#db.close();
  }

  #create(): void {
    this.#db.exec(SCHEMA);
    this.createList("/buckets");
  }

  /** The list with this path; undefined when what holds it doesn't exist. */
  list(uri: string): List | undefined {
    const known = this.#lists.get(uri);
    if (known !== undefined) return known;
    const row = this.#prepare("SELECT key, uri, timestamp, count FROM lists WHERE uri = ?").get(
      uri,
    );
    return row && remember(this.#lists, uri, { ...row as unknown as List });
  }

  /** Begins an empty list. */
  createList(uri: string): void {
    this.#prepare("INSERT INTO lists (uri, timestamp) VALUES (?, ?)").run(uri, this.#now());
  }

  /** Removes the lists below a path, with all that is in them, tombstones included. */
  dropListsBelow(uri: string): void {
    // "0" is the character after "/".
    const [from, to] = [`${uri}/`, `${uri}0`];
    const below = "SELECT key FROM lists WHERE uri > ? AND uri < ?";
    this.#prepare(`DELETE FROM objects WHERE list IN (${below})`).run(from, to);
    this.#prepare("DELETE FROM lists WHERE uri > ? AND uri < ?").run(from, to);
    for (const [known, list] of this.#lists) {
      if (known.startsWith(from)) {
        this.#lists.delete(known);
        this.#changed.delete(list);
      }
    }
    this.#parents.clear();
    for (const tell of this.#watchers) tell(undefined);
  }

  /** A bucket or a collection, by the path of its list and its id. */
  parent(uri: string, id: string): Parent | undefined {
    const name = `${uri}/${id}`;
    const known = this.#parents.get(name);
    if (known !== undefined) return known;
    const list = this.list(uri);
    const row = list && this.get(list, id);
    if (row === undefined) return undefined;
    const parent = { acl: row.acl, data: JSON.parse(row.data) as JsonObject };
    return remember(this.#parents, name, parent);
  }

  /** One object; undefined when it isn't there, or was deleted. */
  get(list: List, id: string): Stored | undefined {
    const row = this.#prepare(
      "SELECT id, last_modified, acl, data FROM objects WHERE list = ? AND id = ? AND deleted = 0",
    ).get(list.key, id);
    return row && {
      ...row as unknown as Stored,
      acl: row.acl === null ? {} : JSON.parse(String(row.acl)) as Acl,
    };
  }

  /** Creates or replaces an object, and moves the list's clock. @returns the stored one */
  put(list: List, object: JsonObject, acl: Acl | null, existed: boolean): JsonObject {
    const requested = object.last_modified;
    const lastModified = this.#tick(list, requested as number | undefined, existed ? 0 : 1);
    const stored = { ...object, last_modified: lastModified };
    this.#write(list, stored, lastModified, 0, acl);
    return stored;
  }

  /** Leaves a tombstone. @returns its JSON */
  delete(list: List, id: string, requested?: number): { lastModified: number; data: string } {
    const lastModified = this.#tick(list, requested, -1);
    const tombstone = { id, last_modified: lastModified, deleted: true };
    this.#write(list, tombstone, lastModified, 1, null);
    return { lastModified, data: JSON.stringify(tombstone) };
  }

  /** How many objects match. */
  count(list: List, filters: readonly Filter[]): number {
    if (filters.length === 0) return list.count;
    const { sql, params } = where(list.key, filters);
    const index = this.#index.of(list.key, filters, []);
    const row = this.#prepare(
      `SELECT count(*) AS n FROM objects INDEXED BY "${index}" WHERE ${sql}`,
    ).get(...params);
    return Number(row?.n);
  }

  /** The objects that match, in order: after the given one, and no more than the limit. */
  page(list: List, selection: Selection): Page {
    const { filters, sort, limit } = selection;
    const index = this.#index.of(list.key, filters, sort);
    let rows: Row[] = [];
    for (const query of queriesOf(list.key, index, selection)) {
      // One more than asked for tells whether others follow.
      const wanted = limit + 1 - rows.length;
      if (wanted === 0) break;
      rows = rows.concat(this.#rows(query, wanted, index));
    }
    return { rows: rows.slice(0, limit), hasNext: rows.length > limit };
  }

  /** What a query reads, in its order. */
  #rows({ select, params }: Query, limit: number, index: string): Row[] {
    // A LIMIT that is bound makes SQLite plan the query anew each time.
    const read = (columns: string) =>
      this.#prepareArrays(`${select(columns)} LIMIT ${limit}`).all(...params) as unknown as Row[];
    if (limit < LONG_PAGE || index !== BY_CHANGE) return read("seq, data");
    const seqs = read("seq").map(([seq]) => seq);
    if (seqs.length === 0) return [];
    const [first, last] = [seqs.reduce(least), seqs.reduce(greatest)];
    if (last - first > DENSE * seqs.length) return read("seq, data");
    const found = this.#prepareArrays("SELECT seq, data FROM objects WHERE seq BETWEEN ? AND ?")
      .all(first, last) as unknown as Row[];
    const data = new Array<string>(last - first + 1);
    for (const [seq, text] of found) data[seq - first] = text;
    return seqs.map((seq) => [seq, data[seq - first]!]);
  }

  /** The ids of the objects whose permissions satisfy a predicate; for lists of few objects. */
  idsWhere(list: List, predicate: (acl: Acl) => boolean): string[] {
    return this.#prepare("SELECT id, acl FROM objects WHERE list = ? AND deleted = 0")
      .all(list.key)
      .filter((row) => row.acl !== null && predicate(JSON.parse(String(row.acl)) as Acl))
      .map((row) => String(row.id));
  }

  /** Objects in the order in which they came, deleted ones left out: after that one, up to a limit. */
  keysAfter(list: List, seq: number, limit: number): Keys[] {
    return this.#prepareArrays(
      `SELECT ${KEYS} FROM objects NOT INDEXED
       WHERE seq > ? AND list = ? AND deleted = 0 ORDER BY seq LIMIT ?`,
    ).all(seq, list.key, limit) as unknown as Keys[];
  }

  /** One object's keys, those of a tombstone, too; undefined when it was never there. */
  keysOf(list: List, id: string): { isDeleted: boolean; keys: Keys } | undefined {
    const row = this.#prepareArrays(
      `SELECT deleted, ${KEYS} FROM objects WHERE list = ? AND id = ?`,
    ).get(list.key, id) as unknown as [number, ...Keys] | undefined;
    if (row === undefined) return undefined;
    const [deleted, ...keys] = row;
    return { isDeleted: deleted === 1, keys };
  }

  /** The JSON of the objects with these numbers, in their order. */
  dataOf(seqs: readonly number[]): string[] {
    const rows = this.#prepareArrays(
      `SELECT data FROM json_each(?) AS wanted JOIN objects ON seq = wanted.value
       ORDER BY wanted.key`,
    ).all(JSON.stringify(seqs));
    return (rows as unknown as [string][]).map(([data]) => data);
  }

  /**
   * The next timestamp: the one asked for if it's in the past or the future, now otherwise; never
   * one that the list had last. (Kinto's rule.)
   */
  #tick(list: List, requested: number | undefined, added: -1 | 0 | 1): number {
    const now = requested ?? Math.max(this.#now(), list.timestamp + 1);
    const timestamp = now === list.timestamp ? now + 1 : now;
    list.timestamp = Math.max(list.timestamp, timestamp);
    list.count += added;
    this.#changed.add(list);
    return timestamp;
  }

  #write(list: List, object: JsonObject, at: number, deleted: 0 | 1, acl: Acl | null): void {
    this.#parents.delete(`${list.uri}/${object.id}`);
    for (const tell of this.#watchers) tell({ list: list.key, id: String(object.id) });
    const keys = INDEXED_FIELDS.map((field) =>
      deleted ? MISSING_KEY : sortKey(valueAt(object, field))
    );
    this.#prepare(WRITE).run(
      list.key,
      String(object.id),
      at,
      deleted,
      acl && JSON.stringify(acl),
      JSON.stringify(object),
      ...keys,
    );
  }

  /** Rows as arrays: a list has many of them. */
  #prepareArrays(sql: string): StatementSync {
    // Deno has it, its types don't.
    const statement = this.#prepare(sql) as StatementSync & { setReturnArrays(on: boolean): void };
    statement.setReturnArrays(true);
    return statement;
  }

  #prepare(sql: string): StatementSync {
    return this.#statements.get(sql, () => this.#db.prepare(sql));
  }
}

function remember<T>(known: Map<string, T>, name: string, value: T): T {
  if (known.size >= MAX_REMEMBERED) known.clear();
  known.set(name, value);
  return value;
}

function least(a: number, b: number): number {
  return Math.min(a, b);
}

function greatest(a: number, b: number): number {
  return Math.max(a, b);
}
