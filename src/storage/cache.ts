import type { DatabaseSync, StatementSync } from "node:sqlite";
import { reasonOf } from "../errors/reason_of.ts";
import { type CacheFormat, openCacheFile, removeCacheFile } from "./cache_file.ts";
import { DamagedCache } from "../errors/damaged_cache.ts";
import { isDamage, readableReason } from "./sqlite_errors.ts";

/** How a cache file is opened. */
export interface OpenCacheOptions extends CacheFormat {
  /** Called once with a message for the log when the file is recreated. */
  onRecreate: (message: string) => void;
}

/** A statement, compiled once. */
export type Sql = (text: string) => StatementSync;

/** A cache in one SQLite file; see {@linkcode openCache}. */
export class Cache implements Disposable {
  readonly #Database: typeof DatabaseSync;
  readonly #path: string;
  readonly #options: OpenCacheOptions;
  readonly #statements = new Map<string, StatementSync>();
  #database: DatabaseSync;
  #isRecreated = false;
  #isTold = false;

  /** @internal use {@linkcode openCache} */
  constructor(Database: typeof DatabaseSync, path: string, options: OpenCacheOptions) {
    this.#Database = Database;
    this.#path = path;
    this.#options = options;
    try {
      this.#database = this.#open();
    } catch (error) {
      if (!this.#isDamage(error)) throw error;
      this.#tell(`is damaged and is recreated: ${reasonOf(error)}`);
      removeCacheFile(path);
      this.#database = this.#open();
    }
  }

  /** Whether the file was recreated since it was opened: what it held is gone. */
  get isRecreated(): boolean {
    return this.#isRecreated;
  }

  /**
   * Works with the file. When it turns out to be damaged, it's recreated and the work repeated on
   * empty tables: for what may also be unknown.
   *
   * @throws {Error} naming the file, when the disk is full or another process holds the lock
   */
  use<T>(work: (sql: Sql) => T): T {
    try {
      return work(this.#sql);
    } catch (error) {
      this.#recover(error);
      return work(this.#sql);
    }
  }

  /**
   * Works with the file, for answers that must be complete: when it turns out to be damaged, it's
   * recreated for the next run, and this one fails.
   *
   * @throws {DamagedCache} after recreating the file
   * @throws {Error} as {@linkcode Cache.use} does
   */
  require<T>(work: (sql: Sql) => T): T {
    try {
      return work(this.#sql);
    } catch (error) {
      this.#recover(error);
      throw new DamagedCache(`${this.#path} was damaged and is now empty; run the command again`, {
        cause: error,
      });
    }
  }

  /** Writes in a transaction: all of it or nothing. Otherwise as {@linkcode Cache.use}. */
  transaction(work: (sql: Sql) => void): void {
    this.use((sql) => this.#inTransaction(work, sql));
  }

  /** Writes in a transaction: all of it or nothing. Otherwise as {@linkcode Cache.require}. */
  requireTransaction(work: (sql: Sql) => void): void {
    this.require((sql) => this.#inTransaction(work, sql));
  }

  /** Begins a transaction when there is none, within {@linkcode Cache.use}. */
  begin(): void {
    if (!this.#database.isTransaction) this.#sql("BEGIN IMMEDIATE").run();
  }

  /** Commits the transaction that {@linkcode Cache.begin} began, if there is one. */
  commit(): void {
    this.use((sql) => {
      if (this.#database.isTransaction) sql("COMMIT").run();
    });
  }

  /** Closes the file. */
  [Symbol.dispose](): void {
    this.#statements.clear();
    this.#database.close();
  }

  readonly #sql: Sql = (text) => {
    let statement = this.#statements.get(text);
    if (!statement) this.#statements.set(text, statement = this.#database.prepare(text));
    return statement;
  };

  #inTransaction(work: (sql: Sql) => void, sql: Sql): void {
    this.begin();
    try {
      work(sql);
      sql("COMMIT").run();
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      throw error;
    }
  }

  #open(): DatabaseSync {
    return openCacheFile(
      this.#Database,
      this.#path,
      this.#options,
      () => this.#tell("has another format and is recreated"),
    );
  }

  /** Recreates a damaged file, once. @throws {Error} for everything else */
  #recover(error: unknown): void {
    if (!this.#isDamage(error)) {
      throw new Error(`Cannot use ${this.#path}: ${readableReason(error)}`, { cause: error });
    }
    if (this.#isRecreated) throw error;
    this.#isRecreated = true;
    this.#tell(`is damaged and is recreated: ${reasonOf(error)}`);
    this[Symbol.dispose]();
    removeCacheFile(this.#path);
    this.#database = this.#open();
  }

  #isDamage(error: unknown): boolean {
    return isDamage(error) || hasInvalidHeader(this.#path);
  }

  #tell(what: string): void {
    if (this.#isTold) return;
    this.#isTold = true;
    this.#options.onRecreate(`The cache ${this.#path} ${what}`);
  }
}

/** SQLite refuses to write to a file whose header has a version that it doesn't know. */
function hasInvalidHeader(path: string): boolean {
  let file: Deno.FsFile | undefined;
  try {
    file = Deno.openSync(path);
    const header = new Uint8Array(20);
    const length = file.readSync(header) ?? 0;
    return length > 0 && !(header[18]! <= 2 && header[19]! <= 2);
  } catch {
    return false;
  } finally {
    file?.close();
  }
}
