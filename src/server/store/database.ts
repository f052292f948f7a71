import type { DatabaseSync, StatementSync } from "node:sqlite";
import { isObject } from "../../net/json.ts";
import { valueAt } from "./json_value.ts";
import { LruCache } from "../../storage/lru_cache.ts";
import { sortKey } from "./sort_key.ts";
import { SCHEMA, SCHEMA_VERSION } from "./tables.ts";

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
    db.function("sort_key", { deterministic: true }, (data, field) => {
      const object: unknown = JSON.parse(String(data));
      return sortKey(isObject(object) ? valueAt(object, String(field)) : undefined);
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

  /** Closes the file. */
  close(): void {
    this.#statements.clear();
    this.#db.close();
  }
}
