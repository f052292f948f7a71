import type { HttpOptions } from "../net/http.ts";
import type { Log } from "../reporting/log.ts";
import type { Config } from "../settings/config.ts";
import type { Archive } from "./archive.ts";
import { archiveFrom } from "./archive_from_config.ts";
import { SqliteCache } from "./document_cache.ts";
import { MetadataFinder } from "./metadata_finder.ts";

/** The archive as the settings describe it, with its cache on disk. */
export interface OpenArchive extends Disposable {
  archive: Archive;
  finder: MetadataFinder;
}

/** The settings that {@linkcode openArchive} reads. */
export const ARCHIVE_SETTINGS = [
  "archiveUrl",
  "cacheFolder",
  "parallelRequests",
  "requestsPerSecond",
  "retries",
  "timeoutMs",
] as const satisfies readonly (keyof Config)[];

/**
 * Opens the archive and the cache in CACHE_FOLDER; disposing writes the cache.
 *
 * @throws {UsageError} when the folder can't be written to
 */
export async function openArchive(
  config: Pick<Config, typeof ARCHIVE_SETTINGS[number]>,
  log: Log,
  options: Pick<HttpOptions, "fetch" | "signal"> = {},
): Promise<OpenArchive> {
  const path = `${config.cacheFolder}/buildhub-archive.sqlite`;
  const cache = await SqliteCache.open(path, (message) => log.warning(message));
  const archive = archiveFrom(config, log, options);
  const finder = new MetadataFinder({ archive, cache, log, signal: options.signal });
  return { archive, finder, [Symbol.dispose]: () => cache.close() };
}
