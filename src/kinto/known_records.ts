import type { DatabaseSync, StatementSync } from "node:sqlite";
import { isDamage, removeDatabase } from "../storage/damaged_database.ts";
import { reasonOf } from "../errors/reason_of.ts";
import type { Log } from "../reporting/log.ts";
import { contentHash } from "./content.ts";
import type { CollectionName, KintoRecord } from "./kinto_request.ts";

/** A record as a server lists it; a deleted one is a tombstone, without content. */
export interface ListedRecord {
  id: string;
  /** Milliseconds since 1970; no two changes of a collection have the same. */
  last_modified: number;
  deleted?: true;
}

/** Where what is known of a collection is kept, and of which. */
export interface KnownRecordsOptions extends CollectionName {
  /** CACHE_FOLDER. */
  folder: string;
  /** SERVER_URL. */
  server: string;
  log: Log;
}

/** How far the records of a server's collection have been read. */
export interface Position {
  /** The collection's own last_modified, when the reading began: tells one life from another. */
  epoch: number;
  /** The latest change that was read, and whose it was. */
  last_modified: number;
  id: string;
}

/**
 * What a server has, as it said itself: id, last_modified and a digest of the content of each
 * record, in an SQLite file, so that a million of them take no memory.
 *
 * {@linkcode refreshKnownRecords} brings it up to date. A file that is damaged is made anew.
 */
export class KnownRecords implements Disposable {
  readonly #database: DatabaseSync;
  readonly #select: StatementSync;
  readonly #insert: StatementSync;
  readonly #delete: StatementSync;
  readonly #doubt: StatementSync;

  private constructor(database: DatabaseSync) {
    this.#database = database;
    this.#select = database.prepare("SELECT content FROM records WHERE id = ?");
    this.#insert = database.prepare("INSERT OR REPLACE INTO records VALUES (?, ?, ?)");
    this.#delete = database.prepare("DELETE FROM records WHERE id = ?");
    this.#doubt = database.prepare("UPDATE records SET content = '' WHERE id = ?");
  }

  /** Opens the file of this collection. @throws {Error} when CACHE_FOLDER can't be written to */
  static async open(options: KnownRecordsOptions): Promise<KnownRecords> {
    const { DatabaseSync } = await import("node:sqlite");
    const { folder, log } = options;
    const path = `${folder}/${fileName(options)}`;
    try {
      await Deno.mkdir(folder, { recursive: true });
      try {
        return new KnownRecords(opened(new DatabaseSync(path)));
      } catch (error) {
        if (!(await exists(path)) || !isUnusable(error)) throw error;
        log.warning(`${path} is damaged and made anew: ${reasonOf(error)}`);
        removeDatabase(path);
        return new KnownRecords(opened(new DatabaseSync(path)));
      }
    } catch (cause) {
      throw new Error(`Cannot keep the state in ${path} (CACHE_FOLDER): ${reasonOf(cause)}`, {
        cause,
      });
    }
  }

  /**
   * Whether the server has a record with this id and this very content. One that differs is about
   * to be written, so from here on nothing is claimed of it.
   */
  has(record: KintoRecord): boolean {
    if (record.id === undefined) return false;
    const known = this.#select.get(record.id) as { content: string } | undefined;
    if (known?.content === contentHash(record)) return true;
    if (known) this.#doubt.run(record.id);
    return false;
  }

  /** Whether the server has a record with this id, whatever it holds. */
  holds(id: string): boolean {
    return this.#select.get(id) !== undefined;
  }

  /** The ids of all records that the server has, in their order. */
  *ids(): Generator<string> {
    const rows = this.#database.prepare("SELECT id FROM records ORDER BY id").iterate();
    for (const { id } of rows as Iterable<{ id: string }>) yield id;
  }

  /** How many records the server has, as far as it's known. */
  get size(): number {
    const row = this.#database.prepare("SELECT count(*) AS size FROM records").get();
    return (row as { size: number }).size;
  }

  /** How far the server was read; undefined before the first page. */
  get position(): Position | undefined {
    const row = this.#database.prepare("SELECT epoch, last_modified, id FROM position").get();
    return row as Position | undefined;
  }

  /** Takes over a page of what a server lists, tombstones too, and how far that is: at once. */
  update(page: readonly ListedRecord[], position: Position): void {
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      for (const record of page) {
        if (record.deleted) this.#delete.run(record.id);
        else this.#insert.run(record.id, record.last_modified, contentHash(record));
      }
      this.#database.prepare("INSERT OR REPLACE INTO position VALUES (0, ?, ?, ?)")
        .run(position.epoch, position.last_modified, position.id);
      this.#database.exec("COMMIT");
    } catch (error) {
      this.#database.exec("ROLLBACK");
      throw error;
    }
  }

  /** Forgets everything. */
  clear(): void {
    this.#database.exec("BEGIN; DELETE FROM records; DELETE FROM position; COMMIT");
  }

  /** Closes the file. */
  [Symbol.dispose](): void {
    this.#database.close();
  }
}

function opened(database: DatabaseSync): DatabaseSync {
  try {
    // NORMAL with WAL: a crash of the machine may lose the last pages, and they're read again.
    database.exec(`
      PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 10000;
      CREATE TABLE IF NOT EXISTS records (
        id TEXT PRIMARY KEY, last_modified INTEGER NOT NULL, content TEXT NOT NULL
      ) WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS position (
        one INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, last_modified INTEGER NOT NULL,
        id TEXT NOT NULL
      );`);
    const check = database.prepare("PRAGMA quick_check(1)").get() as { quick_check: string };
    if (check.quick_check !== "ok") throw new Error(`malformed: ${check.quick_check}`);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Anything else, such as a full disk or a missing permission, isn't mended by starting over. */
function isUnusable(error: unknown): boolean {
  return isDamage(error) || /no such column|file is encrypted/.test(reasonOf(error));
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

/** The server's address has characters that no file name may have, and it may be long. */
function fileName({ server, bucket, collection }: KnownRecordsOptions): string {
  const host = server.replace(/^https?:\/\//, "").replace(/[^a-zA-Z0-9.-]+/g, "_").slice(0, 80);
  const scheme = server.startsWith("https:") ? "https" : "http";
  return `known-${scheme}-${host}-${bucket}-${collection}.sqlite`;
}
