import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import { isObject } from "../../net/json.ts";
import { valueAt } from "./json_value.ts";
import { LruCache } from "../../storage/lru_cache.ts";
import { sortKey } from "./sort_key.ts";
import { SCHEMA, SCHEMA_VERSION } from "./tables.ts";
import { TimeSlice } from "./time_slice.ts";

/** Prepared statements that are kept: filters produce an open-ended variety of SQL. */
const MAX_STATEMENTS = 200;

/**
 * A connection to the SQLite file: its settings, its format, prepared statements and transactions.
 *
 * A commit is in the write-ahead log when the call returns: killing the process loses nothing that
 * was answered. A power failure may lose the last moments, but never corrupts the file.
 */
export class Database {
  readonly #db: DatabaseSync;
  /** How long a statement with `sort_key` or `pace()` may take. */
  readonly slice = new TimeSlice();
  readonly #statements = new LruCache<StatementSync>(MAX_STATEMENTS);

  /** @throws {Error} when the file isn't a database, or has another format */
  constructor(db: DatabaseSync) {
    this.#db = db;
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
    // Several filters and sort fields read the same object.
    let [parsed, object]: [string, unknown] = ["", undefined];
    db.function("sort_key", { deterministic: true }, (data, field) => {
      this.slice.check();
      if (data !== parsed) [parsed, object] = [String(data), JSON.parse(String(data))];
      return sortKey(isObject(object) ? valueAt(object, String(field)) : undefined);
    });
    db.function("pace", () => {
      this.slice.check();
      return 1;
    });
    const version = db.prepare("PRAGMA user_version").get()?.user_version;
    if (version === 0) this.transaction(() => db.exec(SCHEMA));
    else if (version !== SCHEMA_VERSION) {
      throw new Error(
        `it has format ${version}, and this program reads ${SCHEMA_VERSION}: move it away, and publish again`,
      );
    }
  }

  /** Commits everything that `run` does, or nothing. */
  transaction<T>(run: () => T): T {
    this.#db.exec("BEGIN IMMEDIATE");
    try {
      const result = run();
      this.#db.exec("COMMIT");
      return result;
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec("ROLLBACK");
      throw error;
    }
  }

  /** Runs statements without parameters. */
  exec(sql: string): void {
    this.#db.exec(sql);
  }

  /** A prepared statement whose rows are objects. */
  prepare(sql: string): StatementSync {
    return this.#statements.get(sql, () => this.#db.prepare(sql));
  }

  /** A prepared statement whose rows are arrays, which is faster for many rows. */
  prepareArrays(sql: string): StatementSync {
    // Deno has it, its types don't.
    const statement = this.prepare(sql) as StatementSync & { setReturnArrays(on: boolean): void };
    statement.setReturnArrays(true);
    return statement;
  }

  /** The rows of a query, as arrays. @throws {Error} when it's interrupted by {@linkcode slice} */
  rows<T>(sql: string, params: readonly SQLInputValue[]): T[] {
    const statement = this.prepareArrays(sql);
    // In Deno 2.9, `all` never ends when a function throws. `iterate` takes twice as long per row.
    const rows: unknown = /\b(sort_key|pace)\(/.test(sql)
      ? [...statement.iterate(...params)]
      : statement.all(...params);
    return rows as T[];
  }

  /** Closes the file. */
  close(): void {
    this.#statements.clear();
    this.#db.close();
  }
}
