import type { DatabaseSync, StatementSync } from "node:sqlite";
import { isDamage, removeDatabase } from "../storage/damaged_database.ts";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { CrawledFolder } from "./crawled_folder.ts";
import type { ListedFile } from "../archive/listing.ts";
import type { ListedSize } from "../builds/listed_size.ts";
import type { Remembered } from "./settled.ts";

/** A folder as it was listed once. */
export interface RememberedFolder extends CrawledFolder, Remembered {
  /** The crawl that listed it. */
  crawl: number;
  children: string[];
}

/** Changes when the form of what is stored, or the rules for what is kept of a listing, change. */
const FORMAT = 2;

/** So many changes are written in one transaction. */
const CHANGES_AT_MOST = 500;

/** So many folders are read at once. */
const PAGE_SIZE = 200;

/** A crawl that was cut short is taken up again within this time; later it's begun anew. */
const RESUMED_WITHIN_MS = 24 * 3_600_000;

/**
 * What crawls of one archive have found, in an SQLite file: it costs no memory, and a kill at any
 * moment loses at most the last few hundred folders, which are asked for again.
 */
export class CrawlState implements Disposable {
  readonly #database: DatabaseSync;
  readonly #select: StatementSync;
  readonly #insert: StatementSync;
  readonly #finish: StatementSync;
  readonly #page: StatementSync;
  readonly #count: StatementSync;
  readonly #delete: StatementSync;
  #changes = 0;

  private constructor(database: DatabaseSync) {
    this.#database = database;
    this.#select = database.prepare("SELECT * FROM folder WHERE path = ?");
    this.#insert = database.prepare(
      "INSERT OR REPLACE INTO folder VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    );
    this.#finish = database.prepare("UPDATE folder SET newest_below = ? WHERE path = ?");
    this.#page = database.prepare(
      `SELECT * FROM folder WHERE path >= ? AND path < ? ORDER BY path LIMIT ${PAGE_SIZE}`,
    );
    this.#count = database.prepare(`
      SELECT count(*) AS folders, sum(pruned_count) AS pruned, sum(file_count) AS files
      FROM folder WHERE path >= ? AND path < ?`);
    this.#delete = database.prepare("DELETE FROM folder WHERE path >= ? AND path < ?");
  }

  /**
   * Opens the file of an archive, or makes it; one that is damaged or of another format is begun
   * anew.
   *
   * @param onDamage told why a file was replaced
   * @throws when the folder can't be written to
   */
  static async open(path: string, onDamage: (reason: string) => void): Promise<CrawlState> {
    const { DatabaseSync } = await import("node:sqlite");
    const open = () => {
      const database = new DatabaseSync(path, { timeout: 10_000 });
      database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
      const { user_version } = database.prepare("PRAGMA user_version").get() as {
        user_version: number;
      };
      if (user_version !== FORMAT) {
        database.exec("DROP TABLE IF EXISTS folder; DROP TABLE IF EXISTS crawl");
      }
      database.exec(`
        CREATE TABLE IF NOT EXISTS folder (
          path TEXT PRIMARY KEY, crawl INTEGER, listed_at INTEGER, newest TEXT, newest_below TEXT,
          children TEXT, pruned_count INTEGER, file_count INTEGER, files BLOB);
        CREATE TABLE IF NOT EXISTS crawl (id INTEGER PRIMARY KEY, began INTEGER, ended INTEGER);
        PRAGMA user_version = ${FORMAT}`);
      return new CrawlState(database);
    };
    try {
      return open();
    } catch (error) {
      if (!isDamage(error)) throw error;
      onDamage(String(error));
      removeDatabase(path);
      return open();
    }
  }

  /** Begins a crawl, or takes up the last one when it was cut short. @returns its number */
  begin(now: number, { isNew = false }: { isNew?: boolean } = {}): number {
    const last = this.#database.prepare("SELECT * FROM crawl ORDER BY id DESC LIMIT 1").get() as
      | { id: number; began: number; ended: number | null }
      | undefined;
    const isCutShort = last && last.ended === null && now - last.began < RESUMED_WITHIN_MS;
    if (isCutShort && !isNew) return last.id;
    const id = (last?.id ?? 0) + 1;
    this.#database.prepare("INSERT INTO crawl VALUES (?, ?, NULL)").run(id, now);
    return id;
  }

  /** Ends a crawl: the next one is another. */
  end(crawl: number, now: number): void {
    this.#change(() =>
      this.#database.prepare("UPDATE crawl SET ended = ? WHERE id = ?").run(now, crawl)
    );
    this.#commit();
  }

  /** What is known of a folder. */
  get(path: string): RememberedFolder | undefined {
    const row = this.#select.get(path);
    return row && folderOf(row as unknown as Row);
  }

  /** A folder and those in it, at any depth, in the order of their paths. */
  *under(path: string): Generator<RememberedFolder> {
    let from = path;
    for (;;) {
      const rows = this.#page.all(from, endOf(path)) as unknown as Row[];
      for (const row of rows) yield folderOf(row);
      if (rows.length < PAGE_SIZE) return;
      from = `${rows.at(-1)!.path}\0`;
    }
  }

  /** How many of those there are, and what they have in all. */
  countUnder(path: string): { folders: number; pruned: number; files: number } {
    return this.#count.get(path, endOf(path)) as { folders: number; pruned: number; files: number };
  }

  /** Remembers a folder; what it had and has no longer is forgotten. */
  put(folder: RememberedFolder, before: RememberedFolder | undefined): void {
    const { path, crawl, listedAt, newest, newestBelow, children, prunedCount, fileCount, files } =
      folder;
    this.#change(() => {
      for (const child of before?.children ?? []) {
        if (children.includes(child)) continue;
        this.#delete.run(path + child, endOf(path + child));
      }
      this.#insert.run(
        ...[path, crawl, listedAt, newest ?? null, newestBelow, JSON.stringify(children)],
        ...[prunedCount, fileCount, deflated(files)],
      );
    });
  }

  /** Remembers that all in a folder is known, and the date of the latest of it. */
  finish(path: string, newestBelow: string): void {
    this.#change(() => this.#finish.run(newestBelow, path));
  }

  [Symbol.dispose](): void {
    this.#commit();
    this.#database.close();
  }

  #change(write: () => void): void {
    if (this.#changes++ === 0) this.#database.exec("BEGIN IMMEDIATE");
    write();
    if (this.#changes >= CHANGES_AT_MOST) this.#commit();
  }

  #commit(): void {
    if (this.#changes > 0) this.#database.exec("COMMIT");
    this.#changes = 0;
  }
}

interface Row {
  path: string;
  crawl: number;
  listed_at: number;
  newest: string | null;
  newest_below: string | null;
  children: string;
  pruned_count: number;
  file_count: number;
  files: string | Uint8Array;
}

function folderOf(row: Row): RememberedFolder {
  const { path, crawl, newest_below: newestBelow } = row;
  return {
    ...{ path, crawl, newestBelow },
    listedAt: row.listed_at,
    newest: row.newest ?? undefined,
    children: JSON.parse(row.children),
    prunedCount: row.pruned_count,
    fileCount: row.file_count,
    files: inflated(row.files),
  };
}

/** Below this length a folder's files are stored as they are. */
const DEFLATED_FROM_LENGTH = 1_000;

function deflated(files: readonly ListedFile[]): string | Uint8Array {
  const text = JSON.stringify(
    files.map(({ name, size, last_modified }) => [name, size, last_modified]),
  );
  return text.length < DEFLATED_FROM_LENGTH ? text : deflateRawSync(text);
}

function inflated(stored: string | Uint8Array): ListedFile[] {
  const text = typeof stored === "string"
    ? stored
    : new TextDecoder().decode(inflateRawSync(stored));
  return JSON.parse(text).map(
    ([name, size, last_modified]: [string, ListedSize, string]) => ({ name, size, last_modified }),
  );
}

/** What comes after all paths that begin with this one: a slash's successor is `0`. */
function endOf(folder: string): string {
  return `${folder.slice(0, -1)}0`;
}
