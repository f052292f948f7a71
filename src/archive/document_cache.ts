import type { DatabaseSync, StatementSync } from "node:sqlite";

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
 */
export class SqliteCache implements DocumentCache {
  readonly #database: DatabaseSync;
  readonly #select: StatementSync;
  readonly #insert: StatementSync;
  readonly #pending = new Map<string, string | null>();
  readonly #run: string;

  private constructor(database: DatabaseSync) {
    this.#database = database;
    this.#run = crypto.randomUUID();
    this.#select = database.prepare(
      "SELECT value FROM document WHERE key = ? AND (value IS NOT NULL OR run = ?)",
    );
    this.#insert = database.prepare("INSERT OR REPLACE INTO document VALUES (?, ?, ?)");
  }

  /**
   * Opens the file, or makes it; one that is damaged or of another format is replaced.
   *
   * @param onDamage told why a file was replaced
   * @throws when the folder can't be written to
   */
  static async open(path: string, onDamage: (reason: string) => void): Promise<SqliteCache> {
    const { DatabaseSync } = await import("node:sqlite");
    const open = () => {
      const database = new DatabaseSync(path, { timeout: 10_000 });
      database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
      const { user_version } = database.prepare("PRAGMA user_version").get() as {
        user_version: number;
      };
      if (user_version !== FORMAT) database.exec("DROP TABLE IF EXISTS document");
      database.exec(`
        CREATE TABLE IF NOT EXISTS document (key TEXT PRIMARY KEY, value TEXT, run TEXT)
          WITHOUT ROWID;
        PRAGMA user_version = ${FORMAT}`);
      return new SqliteCache(database);
    };
    try {
      return open();
    } catch (error) {
      if (!/malformed|not a database|disk image/.test(String(error))) throw error;
      onDamage(String(error));
      for (const suffix of ["", "-wal", "-shm"]) {
        await Deno.remove(path + suffix).catch(() => {});
      }
      return open();
    }
  }

  get(key: string): string | null | undefined {
    const pending = this.#pending.get(key);
    if (pending !== undefined) return pending;
    const row = this.#select.get(key, this.#run) as { value: string | null } | undefined;
    return row?.value;
  }

  set(key: string, value: string | null): void {
    this.#pending.set(key, value);
    if (this.#pending.size >= PENDING_AT_MOST) this.#write();
  }

  close(): void {
    this.#write();
    this.#database.close();
  }

  #write(): void {
    this.#database.exec("BEGIN IMMEDIATE");
    for (const [key, value] of this.#pending) this.#insert.run(key, value, this.#run);
    this.#database.exec("COMMIT");
    this.#pending.clear();
  }
}
