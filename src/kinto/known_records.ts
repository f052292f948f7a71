import type { Log } from "../reporting/log.ts";
import type { Cache } from "../storage/cache.ts";
import { openCache } from "../storage/open_cache.ts";
import { contentHash } from "./content.ts";
import type { CollectionName, KintoRecord } from "./kinto_request.ts";

/** A record as a server lists it; a deleted one is a tombstone, without content. */
export interface ListedRecord {
  id: string;
  /** Milliseconds since 1970; no two changes of a collection have the same. */
  last_modified: number;
  deleted?: true;
}

/** Of which collection, and where the file is. */
export interface KnownRecordsOptions extends CollectionName {
  /** CACHE_FOLDER. */
  folder: string;
  /** SERVER_URL. */
  server: string;
  log: Log;
}

/** How far the records of a server's collection have been read. */
export interface Position {
  /** The collection's own last_modified when reading began: another one means another collection. */
  epoch: number;
  /** The latest change that was read, and the record that it changed. */
  last_modified: number;
  id: string;
}

/** `content` is a digest, see `digestOf()`; `position` has at most one row. */
const FORMAT = {
  version: 2,
  schema: `
    CREATE TABLE records (
      id TEXT PRIMARY KEY, last_modified INTEGER NOT NULL, content TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE position (
      one INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, last_modified INTEGER NOT NULL,
      id TEXT NOT NULL
    )`,
  isChecked: true,
};

/**
 * The records that a server has: id, last_modified and a digest of the content of each, in an
 * SQLite file, so that a million of them take no memory. {@linkcode refreshKnownRecords} brings it
 * up to date.
 *
 * Answers that must be complete throw {@linkcode DamagedCache} when the file turns out to be damaged;
 * the next run reads everything from the server.
 */
export class KnownRecords implements Disposable {
  readonly #cache: Cache;

  private constructor(cache: Cache) {
    this.#cache = cache;
  }

  /** Opens the file of this collection. @throws {UsageError} when it can't be written to */
  static async open(options: KnownRecordsOptions): Promise<KnownRecords> {
    const { folder, log } = options;
    const path = `${folder}/${fileName(options)}`;
    const onRecreate = (message: string) => log.warning(message);
    return new KnownRecords(await openCache(path, { ...FORMAT, onRecreate }));
  }

  /**
   * Whether the server has a record with this id and the same content. One that differs is about to
   * be written: its content then counts as unknown.
   */
  has(record: KintoRecord): boolean {
    const { id } = record;
    if (id === undefined) return false;
    return this.#cache.use((sql) => {
      const known = sql(SELECT).get(id) as { content: string } | undefined;
      if (known?.content === digestOf(record)) return true;
      if (known) sql("UPDATE records SET content = '' WHERE id = ?").run(id);
      return false;
    });
  }

  /** Whether the server has a record with this id and a `build`, whatever else it contains. */
  hasComplete(id: string): boolean {
    return this.#cache.use((sql) => {
      const known = sql(SELECT).get(id) as { content: string } | undefined;
      return known !== undefined && !known.content.endsWith(NO_BUILD);
    });
  }

  /** Whether the server has a record with this id, whatever its content. @throws {DamagedCache} */
  holds(id: string): boolean {
    return this.#cache.require((sql) => sql(SELECT).get(id)) !== undefined;
  }

  /**
   * The last_modified of the server's record with this id; undefined when there is none.
   *
   * @throws {DamagedCache}
   */
  lastModified(id: string): number | undefined {
    const row = this.#cache.require((sql) =>
      sql("SELECT last_modified FROM records WHERE id = ?").get(id)
    ) as { last_modified: number } | undefined;
    return row?.last_modified;
  }

  /** The ids of all records that the server has, sorted. @throws {DamagedCache} */
  *ids(): Generator<string> {
    let after = "";
    for (;;) {
      const page = this.#cache.require((sql) =>
        sql(`SELECT id FROM records WHERE id > ? ORDER BY id LIMIT ${PAGE_SIZE}`).all(after)
      ) as { id: string }[];
      for (const { id } of page) yield id;
      if (page.length < PAGE_SIZE) return;
      after = page.at(-1)!.id;
    }
  }

  /** The number of records that the server has. @throws {DamagedCache} */
  get size(): number {
    const row = this.#cache.require((sql) => sql("SELECT count(*) AS size FROM records").get());
    return (row as { size: number }).size;
  }

  /** How far the server was read; undefined before the first page. @throws {DamagedCache} */
  get position(): Position | undefined {
    return this.#cache.require((sql) =>
      sql("SELECT epoch, last_modified, id FROM position").get()
    ) as Position | undefined;
  }

  /**
   * Stores a page of the server's list, tombstones too, and how far that is, in one transaction.
   *
   * @throws {DamagedCache}
   */
  update(page: readonly ListedRecord[], position: Position): void {
    this.#cache.requireTransaction((sql) => {
      for (const record of page) {
        if (record.deleted) sql("DELETE FROM records WHERE id = ?").run(record.id);
        else {
          sql("INSERT OR REPLACE INTO records VALUES (?, ?, ?)")
            .run(record.id, record.last_modified, digestOf(record));
        }
      }
      sql("INSERT OR REPLACE INTO position VALUES (0, ?, ?, ?)")
        .run(position.epoch, position.last_modified, position.id);
    });
  }

  /** Forgets everything. */
  clear(): void {
    this.#cache.transaction((sql) => {
      sql("DELETE FROM records").run();
      sql("DELETE FROM position").run();
    });
  }

  /** Closes the file. */
  [Symbol.dispose](): void {
    this.#cache[Symbol.dispose]();
  }
}

const SELECT = "SELECT content FROM records WHERE id = ?";

/** The end of the digests of records without `build`. */
const NO_BUILD = "-";

function digestOf(record: object): string {
  return contentHash(record) + ("build" in record ? "" : NO_BUILD);
}

/** Ids that are read at once. */
const PAGE_SIZE = 1_000;

/** A server's address may be long and have characters that file names can't have. */
function fileName({ server, bucket, collection }: KnownRecordsOptions): string {
  const host = server.replace(/^https?:\/\//, "").replace(/[^a-zA-Z0-9.-]+/g, "_").slice(0, 80);
  const scheme = server.startsWith("https:") ? "https" : "http";
  return `known-${scheme}-${host}-${bucket}-${collection}.sqlite`;
}
