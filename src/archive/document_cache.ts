import type { DatabaseSync, StatementSync } from "node:sqlite";
import { isDamage, removeDatabase } from "../storage/damaged_database.ts";

/** What has been fetched, by key; between runs only what was found. */
export interface DocumentCache {
  /** The value; null when it's known to be missing, in this run; undefined when nothing is known. */
  get(key: string): string | null | undefined;
  /** Remembers a value, or with null that there is none. */
  set(key: string, value: string | null): void;
  /** Writes what is still to be written. */
  close(): void;
}

/** A cache that ends with the process. */
export class MemoryCache implements DocumentCache {
  readonly #values = new Map<string, string | null>();

  get(key: string): string | null | undefined {
    return this.#values.get(key);
  }

  set(key: string, value: string | null): void {
    this.#values.set(key, value);
  }

  close(): void {}
}

/** Changes when what is stored changes its form: older files are then begun anew. */
const FORMAT = 1;

/** So many new values are written in one transaction. */
const PENDING_AT_MOST = 500;

/**
 * A cache in one SQLite file. Only what is asked for is read, so its size costs no memory; values
 * are written in transactions, so a kill at any moment leaves a readable file that lacks at most
 * the last few values. A miss counts for the run that saw it: the document may come later.
 *
 * A file that is damaged, as far as it's read, is begun anew.
 */
export class SqliteCache implements DocumentCache {
  readonly #open: () => DatabaseSync;
  readonly #path: string;
  readonly #onDamage: (reason: string) => void;
  readonly #pending = new Map<string, string | null>();
  readonly #run = crypto.randomUUID();
  #database?: DatabaseSync;
  #select?: StatementSync;

  private constructor(
    path: string,
    open: () => DatabaseSync,
    onDamage: (reason: string) => void,
  ) {
    this.#path = path;
    this.#open = open;
    this.#onDamage = onDamage;
  }

  /**
   * Opens the file, or makes it; one of another format is begun anew.
   *
   * @param onDamage told why a damaged file is begun anew
   * @throws when the folder can't be written to
   */
  static async open(path: string, onDamage: (reason: string) => void): Promise<SqliteCache> {
    const { DatabaseSync } = await import("node:sqlite");
    const open = () => new DatabaseSync(path, { timeout: 10_000 });
    const cache = new SqliteCache(path, open, onDamage);
    cache.#using(() => {});
    return cache;
  }

  get(key: string): string | null | undefined {
    const pending = this.#pending.get(key);
    if (pending !== undefined) return pending;
    const row = this.#using((database) => {
      this.#select ??= database.prepare(
        "SELECT value FROM document WHERE key = ? AND (value IS NOT NULL OR run = ?)",
      );
      return this.#select.get(key, this.#run);
    });
    return (row as { value: string | null } | undefined)?.value;
  }

  set(key: string, value: string | null): void {
    this.#pending.set(key, value);
    if (this.#pending.size >= PENDING_AT_MOST) this.#write();
  }

  close(): void {
    this.#write();
    this.#close();
  }

  #write(): void {
    this.#using((database) => {
      const insert = database.prepare("INSERT OR REPLACE INTO document VALUES (?, ?, ?)");
      database.exec("BEGIN IMMEDIATE");
      for (const [key, value] of this.#pending) insert.run(key, value, this.#run);
      database.exec("COMMIT");
    });
    this.#pending.clear();
  }

  #close(): void {
    this.#database?.close();
    this.#database = undefined;
    this.#select = undefined;
  }

  /** Works with the file; with a new one where it turns out to be damaged. */
  #using<T>(work: (database: DatabaseSync) => T): T {
    try {
      return work(this.#database ??= prepared(this.#open()));
    } catch (error) {
      if (!isDamage(error)) throw error;
      this.#onDamage(String(error));
      this.#close();
      removeDatabase(this.#path);
      return work(this.#database = prepared(this.#open()));
    }
  }
}

/** The database with its table; another run may be opening it too. */
function prepared(database: DatabaseSync): DatabaseSync {
  try {
    database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; BEGIN IMMEDIATE");
    const { user_version } = database.prepare("PRAGMA user_version").get() as {
      user_version: number;
    };
    if (user_version !== FORMAT) database.exec("DROP TABLE IF EXISTS document");
    database.exec(`
      CREATE TABLE IF NOT EXISTS document (key TEXT PRIMARY KEY, value TEXT, run TEXT)
        WITHOUT ROWID;
      PRAGMA user_version = ${FORMAT};
      COMMIT`);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}
