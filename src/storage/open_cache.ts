import { UsageError } from "../errors/usage_error.ts";
import { Cache, type OpenCacheOptions } from "./cache.ts";
import { isLocked, readableReason } from "./sqlite_errors.ts";

/** How often opening is tried again while another process creates the same file. */
const OPEN_ATTEMPTS = 20;

/** Between two such attempts, in milliseconds. */
const OPEN_PAUSE_MS = 100;

/**
 * Opens a cache in one SQLite file, and creates the file and its folder where they are missing. A
 * file that is damaged or has another format is recreated, when it's opened or later.
 *
 * @throws {UsageError} when the folder can't be written to
 *
 * @example
 * ```ts
 * import { openCache } from "./open_cache.ts";
 * const folder = await Deno.makeTempDir();
 * using cache = await openCache(`${folder}/example.sqlite`, {
 *   version: 1,
 *   schema: "CREATE TABLE page (key TEXT PRIMARY KEY, text TEXT)",
 *   onRecreate: (message) => console.error(message),
 * });
 * cache.use((sql) => sql("INSERT INTO page VALUES (?, ?)").run("a", "1"));
 * const row = cache.use((sql) => sql("SELECT text FROM page WHERE key = ?").get("a"));
 * if (row?.text !== "1") throw new Error();
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function openCache(path: string, options: OpenCacheOptions): Promise<Cache> {
  const { DatabaseSync } = await import("node:sqlite");
  const folder = path.slice(0, path.lastIndexOf("/")) || "/";
  try {
    await Deno.mkdir(folder, { recursive: true });
    for (let attempt = 1;; attempt++) {
      try {
        return new Cache(DatabaseSync, path, options);
      } catch (error) {
        // SQLite doesn't wait where it sees that two processes would wait for each other.
        if (!isLocked(error) || attempt === OPEN_ATTEMPTS) throw error;
        await new Promise((resolve) => setTimeout(resolve, OPEN_PAUSE_MS));
      }
    }
  } catch (cause) {
    throw new UsageError(
      `Cannot use ${path}: ${
        readableReason(cause)
      }; set CACHE_FOLDER to a folder that can be written to`,
      { cause },
    );
  }
}
