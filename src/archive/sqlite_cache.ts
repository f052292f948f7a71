import { crc32 } from "node:zlib";
import type { Cache } from "../storage/cache.ts";
import { openCache } from "../storage/open_cache.ts";
import { DamagedCache } from "../errors/damaged_cache.ts";
import type { DocumentCache } from "./document_cache.ts";

/** `run` is the one that found a value or a miss; `checksum` the CRC-32 of the value's UTF-8. */
const FORMAT = {
  version: 2,
  schema: `CREATE TABLE document (
    key TEXT PRIMARY KEY, value TEXT, run TEXT, checksum INTEGER
  ) WITHOUT ROWID`,
};

/** Values that are written in one transaction. */
const MAX_PENDING = 500;

/**
 * A cache in one SQLite file. Only what is asked for is read, so its size costs no memory. Values
 * are written in transactions: a kill at any moment leaves a readable file that lacks at most the
 * last few hundred values. A miss counts only for the run that saw it, since the document may be
 * published later.
 */
export class SqliteCache implements DocumentCache {
  readonly #cache: Cache;
  readonly #pending = new Map<string, string | null>();
  readonly #run = crypto.randomUUID();

  private constructor(cache: Cache) {
    this.#cache = cache;
  }

  /**
   * Opens the file, and creates it where it's missing.
   *
   * @param onRecreate called with a message when a file that is damaged or old is recreated
   * @throws {UsageError} when the folder can't be written to
   */
  static async open(path: string, onRecreate: (message: string) => void): Promise<SqliteCache> {
    return new SqliteCache(await openCache(path, { ...FORMAT, onRecreate }));
  }

  get(key: string): string | null | undefined {
    const pending = this.#pending.get(key);
    if (pending !== undefined) return pending;
    return this.#cache.use((sql) => {
      const row = sql(
        "SELECT value, checksum FROM document WHERE key = ? AND (value IS NOT NULL OR run = ?)",
      ).get(key, this.#run) as Row | undefined;
      if (row && row.checksum !== checksumOf(row.value)) {
        throw new DamagedCache(`the checksum of ${key} differs`);
      }
      return row?.value;
    });
  }

  set(key: string, value: string | null): void {
    this.#pending.set(key, value);
    if (this.#pending.size >= MAX_PENDING) this.#write();
  }

  close(): void {
    try {
      this.#write();
    } finally {
      this.#cache[Symbol.dispose]();
    }
  }

  #write(): void {
    if (this.#pending.size === 0) return;
    this.#cache.transaction((sql) => {
      const insert = sql("INSERT OR REPLACE INTO document VALUES (?, ?, ?, ?)");
      for (const [key, value] of this.#pending) {
        insert.run(key, value, this.#run, checksumOf(value));
      }
    });
    this.#pending.clear();
  }
}

interface Row {
  value: string | null;
  checksum: number;
}

/** A damaged file may hold anything: what isn't text has no checksum. */
function checksumOf(value: unknown): number {
  if (value === null) return 0;
  return typeof value === "string" ? crc32(value) : -1;
}
