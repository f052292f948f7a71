import type { DatabaseSync } from "node:sqlite";
import { DamagedCache } from "../errors/damaged_cache.ts";

/** The tables of a cache file. */
export interface CacheFormat {
  /** `PRAGMA user_version`: changes when what the tables hold changes its form or meaning. */
  version: number;
  /** The statements that create the tables, without `IF NOT EXISTS`. */
  schema: string;
  /** Check the whole file when it's opened, for a cache that must be complete. @default {false} */
  isChecked?: boolean;
}

/** How long a statement waits for another process's lock, in milliseconds. */
const BUSY_TIMEOUT_MS = 10_000;

/**
 * Opens a cache file, and creates its tables in a new file or in one of another format.
 *
 * @param onOtherFormat called before the tables of a file of another format are replaced
 * @throws {DamagedCache} when the whole file is checked and damaged
 * @throws {Error} of SQLite
 */
export function openCacheFile(
  Database: typeof DatabaseSync,
  path: string,
  format: CacheFormat,
  onOtherFormat: () => void,
): DatabaseSync {
  const database = new Database(path);
  try {
    // The timeout comes first: switching a new file to WAL needs a lock, too.
    database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
    // With WAL, NORMAL loses at most the last transactions in a power cut, and never the file.
    database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
    const expected = tablesOf(format, Database);
    if (stateOf(database, format, expected) !== "current") {
      database.exec("BEGIN IMMEDIATE");
      // Another process may have created the tables meanwhile.
      const state = stateOf(database, format, expected);
      if (state === "other") {
        onOtherFormat();
        for (const name of tableNames(database)) database.exec(`DROP TABLE "${name}"`);
      }
      if (state !== "current") {
        database.exec(`${format.schema}; PRAGMA user_version = ${format.version}`);
      }
      database.exec("COMMIT");
    }
    if (format.isChecked) check(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Removes a cache file and the two files that SQLite keeps beside it. */
export function removeCacheFile(path: string): void {
  // The file itself comes last: a process killed in between leaves no log of a file that is gone.
  for (const suffix of ["-wal", "-shm", ""]) {
    try {
      Deno.removeSync(path + suffix);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
}

/** The tables are compared, too: a damaged page may have changed their definitions. */
function stateOf(
  database: DatabaseSync,
  { version }: CacheFormat,
  expected: string,
): "new" | "current" | "other" {
  const tables = tablesIn(database);
  if (tables === "[]") return "new";
  const { user_version } = database.prepare("PRAGMA user_version").get() as {
    user_version: number;
  };
  return user_version === version && tables === expected ? "current" : "other";
}

function tablesOf({ schema }: CacheFormat, Database: typeof DatabaseSync): string {
  const database = new Database(":memory:");
  try {
    database.exec(schema);
    return tablesIn(database);
  } finally {
    database.close();
  }
}

function tablesIn(database: DatabaseSync): string {
  return JSON.stringify(
    database.prepare("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name").all(),
  );
}

function tableNames(database: DatabaseSync): string[] {
  const rows = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
  return (rows as { name: string }[]).map(({ name }) => name);
}

/** @throws {DamagedCache} naming the first problem */
function check(database: DatabaseSync): void {
  const row = database.prepare("PRAGMA quick_check(1)").get() as { quick_check: string };
  if (row.quick_check !== "ok") throw new DamagedCache(row.quick_check.split("\n").at(-1));
}
