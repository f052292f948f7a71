import type { Cache, Sql } from "../storage/cache.ts";
import { openCache } from "../storage/open_cache.ts";
import { DamagedCache } from "../errors/damaged_cache.ts";
import {
  checksumOfText,
  folderOf,
  type FolderRow,
  type RememberedFolder,
  rowOf,
} from "./folder_row.ts";

/**
 * The version also changes with the rules for what is kept of a listing: up to version 2, an empty
 * listing was final. `checksum` and `below_checksum` are the CRC-32 of the row and of `newest_below`,
 * which is written later.
 */
const FORMAT = {
  version: 3,
  schema: `
    CREATE TABLE folder (
      path TEXT PRIMARY KEY, crawl INTEGER, listed_at INTEGER, newest TEXT, newest_below TEXT,
      children TEXT, pruned_count INTEGER, file_count INTEGER, files BLOB, checksum INTEGER,
      below_checksum INTEGER);
    CREATE TABLE crawl (id INTEGER PRIMARY KEY, began INTEGER, ended INTEGER)`,
  isChecked: true,
};

/** Changes that are written in one transaction. */
const MAX_CHANGES = 500;

/** Folders that are read at once. */
const PAGE_SIZE = 200;

/** An interrupted crawl is resumed within this time; later a new one begins. */
const RESUMED_WITHIN_MS = 24 * 3_600_000;

/** A folder and what is in it, at any depth. */
const UNDER = "path >= ? AND path < ?";

/**
 * What crawls of one archive have found, in an SQLite file: it takes no memory, and a kill at any
 * moment loses at most the last few hundred folders, which the next crawl lists again.
 */
export class CrawlState implements Disposable {
  readonly #cache: Cache;
  #changes = 0;

  private constructor(cache: Cache) {
    this.#cache = cache;
  }

  /**
   * Opens the file of an archive, and creates it where it's missing.
   *
   * @param onRecreate called with a message when a file that is damaged or old is recreated
   * @throws {UsageError} when the folder can't be written to
   */
  static async open(path: string, onRecreate: (message: string) => void): Promise<CrawlState> {
    return new CrawlState(await openCache(path, { ...FORMAT, onRecreate }));
  }

  /**
   * Begins a crawl, or resumes the last one when it was interrupted.
   *
   * @returns its id, the time at which it began: no crawl in a recreated file has an earlier one's
   */
  begin(now: number, { isNew = false }: { isNew?: boolean } = {}): number {
    return this.#cache.use((sql) => {
      const last = sql("SELECT * FROM crawl ORDER BY id DESC LIMIT 1").get() as
        | { id: number; began: number; ended: number | null }
        | undefined;
      const isInterrupted = last && last.ended === null && now - last.began < RESUMED_WITHIN_MS;
      if (isInterrupted && !isNew) return last.id;
      const id = Math.max(now, (last?.id ?? 0) + 1);
      sql("INSERT INTO crawl VALUES (?, ?, NULL)").run(id, now);
      return id;
    });
  }

  /** Ends a crawl: the next one has another id. */
  end(crawl: number, now: number): void {
    this.#change((sql) => sql("UPDATE crawl SET ended = ? WHERE id = ?").run(now, crawl));
    this.#commit();
  }

  /** What is remembered of a folder. */
  get(path: string): RememberedFolder | undefined {
    return this.#cache.use((sql) => {
      const row = sql("SELECT * FROM folder WHERE path = ?").get(path);
      return row && folderOf(row as unknown as FolderRow);
    });
  }

  /**
   * A remembered folder and those in it, at any depth, in the order of their paths.
   *
   * @throws {DamagedCache} when they are lost, see {@linkcode Cache.require}
   */
  *under(path: string): Generator<RememberedFolder> {
    let from = path;
    for (;;) {
      const folders = this.#cache.require((sql) => {
        const rows = sql(
          `SELECT * FROM folder WHERE ${UNDER} ORDER BY path LIMIT ${PAGE_SIZE}`,
        ).all(from, endOf(path)) as unknown as FolderRow[];
        return rows.map(folderOf);
      });
      this.#assertComplete(from !== path || folders[0]?.path === path);
      for (const folder of folders) {
        yield folder;
        this.#assertComplete(true);
      }
      if (folders.length < PAGE_SIZE) return;
      from = `${folders.at(-1)!.path}\0`;
    }
  }

  /** How many of those there are, and what they have in all. @throws {DamagedCache} */
  countUnder(path: string): { folders: number; pruned: number; files: number } {
    this.#assertComplete(true);
    return this.#cache.require((sql) =>
      sql(`SELECT count(*) AS folders, sum(pruned_count) AS pruned, sum(file_count) AS files
        FROM folder WHERE ${UNDER}`).get(path, endOf(path))
    ) as { folders: number; pruned: number; files: number };
  }

  /** Remembers a folder, and forgets the children that it no longer has. */
  put(folder: RememberedFolder, before: RememberedFolder | undefined): void {
    const { path, children } = folder;
    const row = rowOf(folder);
    this.#change((sql) => {
      for (const child of before?.children ?? []) {
        if (children.includes(child)) continue;
        sql(`DELETE FROM folder WHERE ${UNDER}`).run(path + child, endOf(path + child));
      }
      sql("INSERT OR REPLACE INTO folder VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)").run(
        ...Object.values(row),
      );
    });
  }

  /** Remembers that all in a folder is known, and the date of the latest of it. */
  finish(path: string, newestBelow: string): void {
    this.#change((sql) =>
      sql("UPDATE folder SET newest_below = ?, below_checksum = ? WHERE path = ?")
        .run(newestBelow, checksumOfText(newestBelow), path)
    );
  }

  [Symbol.dispose](): void {
    try {
      this.#commit();
    } finally {
      this.#cache[Symbol.dispose]();
    }
  }

  #change(write: (sql: Sql) => void): void {
    this.#cache.use((sql) => {
      this.#cache.begin();
      write(sql);
    });
    if (++this.#changes >= MAX_CHANGES) this.#commit();
  }

  #commit(): void {
    this.#cache.commit();
    this.#changes = 0;
  }

  /** What was remembered when the crawl decided to rely on it may be gone by now. */
  #assertComplete(isThere: boolean): void {
    if (isThere && !this.#cache.isRecreated) return;
    throw new DamagedCache("What was remembered of the archive is lost; run the command again");
  }
}

/** The end of the paths that begin with this one: `0` follows the slash. */
function endOf(folder: string): string {
  return `${folder.slice(0, -1)}0`;
}
