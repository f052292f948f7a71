import type { HttpOptions } from "../net/http.ts";
import type { Log } from "../reporting/log.ts";
import type { ConfigOf } from "../settings/config.ts";
import type { CACHED_ARCHIVE } from "../settings/setting_groups.ts";
import type { Archive } from "./archive.ts";
import { archiveFrom } from "./archive_from_config.ts";
import { ExactSizes } from "./exact_sizes.ts";
import { MetadataFinder } from "./metadata_finder.ts";
import { SqliteCache } from "./sqlite_cache.ts";

/** The archive as the settings describe it, with its cache on disk. */
export interface OpenArchive extends Disposable {
  archive: Archive;
  finder: MetadataFinder;
  sizes: ExactSizes;
}

/**
 * Opens the archive and the cache in CACHE_FOLDER; disposing writes the cache.
 *
 * @throws {UsageError} when the folder can't be written to
 */
export async function openArchive(
  config: ConfigOf<typeof CACHED_ARCHIVE> & Partial<ConfigOf<["sizes"]>>,
  log: Log,
  options: Pick<HttpOptions, "fetch" | "signal"> = {},
): Promise<OpenArchive> {
  const path = `${config.cacheFolder}/buildhub-archive.sqlite`;
  const cache = await SqliteCache.open(path, (message) => log.warning(message));
  const archive = archiveFrom(config, log, options);
  const finder = new MetadataFinder({ archive, cache, log, signal: options.signal });
  const sizes = new ExactSizes({
    archive,
    cache,
    log,
    sizes: config.sizes,
    signal: options.signal,
  });
  return { archive, finder, sizes, [Symbol.dispose]: () => cache.close() };
}
