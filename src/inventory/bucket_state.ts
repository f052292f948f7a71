import { crc32, deflateRawSync, inflateRawSync } from "node:zlib";
import { DamagedCache } from "../errors/damaged_cache.ts";
import type { Cache } from "../storage/cache.ts";
import { openCache } from "../storage/open_cache.ts";
import type { BucketPage } from "./bucket_page.ts";

/** The version also changes with the rules for what is kept of an answer, and with the ranges. */
const FORMAT = {
  version: 1,
  schema: `
    CREATE TABLE page (
      first TEXT, last TEXT, content BLOB NOT NULL, checksum INTEGER NOT NULL,
      PRIMARY KEY (first, last)) WITHOUT ROWID;
    CREATE TABLE listing (began INTEGER NOT NULL)`,
  isChecked: true,
};

/** An interrupted listing is resumed within this time; later a new one begins. */
const RESUMED_WITHIN_MS = 24 * 3_600_000;

/**
 * What a listing of a bucket has found so far, in an SQLite file: answers that wait for their turn
 * take no memory, and an interrupted listing is resumed. It's empty between listings.
 */
export class BucketState implements Disposable {
  readonly #cache: Cache;

  private constructor(cache: Cache) {
    this.#cache = cache;
  }

  /**
   * Opens the file of a bucket, and creates it where it's missing.
   *
   * @param onRecreate called with a message when a file that is damaged or old is recreated
   * @throws {UsageError} when the folder can't be written to
   */
  static async open(path: string, onRecreate: (message: string) => void): Promise<BucketState> {
    return new BucketState(await openCache(path, { ...FORMAT, onRecreate }));
  }

  /** Begins a listing, or resumes the last one when it was interrupted. */
  begin(nowMs: number, { isNew = false }: { isNew?: boolean } = {}): void {
    this.#cache.transaction((sql) => {
      const last = sql("SELECT began FROM listing").get() as { began: number } | undefined;
      if (last && !isNew && nowMs - last.began < RESUMED_WITHIN_MS) return;
      sql("DELETE FROM page").run();
      sql("DELETE FROM listing").run();
      sql("INSERT INTO listing VALUES (?)").run(nowMs);
    });
  }

  /** Ends a listing: the next one begins anew. */
  end(): void {
    this.#cache.transaction((sql) => {
      sql("DELETE FROM page").run();
      sql("DELETE FROM listing").run();
    });
  }

  /** The answer that begins after a key, of a request that ends with another. */
  get(first: string, last: string): BucketPage | undefined {
    return this.#cache.use((sql) => {
      const row = sql("SELECT content, checksum FROM page WHERE first = ? AND last = ?")
        .get(first, last) as { content: Uint8Array; checksum: number } | undefined;
      if (!row) return undefined;
      if (crc32(row.content) !== row.checksum) {
        throw new DamagedCache(`the checksum of ${first} differs`);
      }
      return JSON.parse(new TextDecoder().decode(inflateRawSync(row.content)));
    });
  }

  /** Stores such an answer. */
  put(first: string, last: string, page: BucketPage): void {
    const content = deflateRawSync(JSON.stringify(page));
    this.#cache.transaction((sql) =>
      sql("INSERT OR REPLACE INTO page VALUES (?, ?, ?, ?)")
        .run(first, last, content, crc32(content))
    );
  }

  /** Closes the file. */
  [Symbol.dispose](): void {
    this.#cache[Symbol.dispose]();
  }
}
