import type { Config } from "../settings/config.ts";
import { reasonOf } from "../errors/reason_of.ts";
import { UsageError } from "../errors/usage_error.ts";
import type { HttpOptions } from "../net/http.ts";
import type { Log } from "../reporting/log.ts";
import type { Archive } from "./archive.ts";
import { archiveFrom } from "./archive_from_config.ts";
import { CrawlState } from "../crawl/crawl_state.ts";
import { SqliteCache } from "./document_cache.ts";
import { ExactSizes } from "./exact_sizes.ts";
import { MetadataFinder } from "./metadata_finder.ts";

/** The archive as the settings describe it, with its cache on disk. */
export interface OpenArchive extends Disposable {
  archive: Archive;
  finder: MetadataFinder;
  sizes: ExactSizes;
}

/** The settings that {@linkcode openArchive} heeds. */
export const ARCHIVE_SETTINGS = [
  "archiveUrl",
  "cacheFolder",
  "parallelRequests",
  "requestsPerSecond",
  "retries",
  "timeoutMs",
  "maxWaitMs",
] as const satisfies readonly (keyof Config)[];

/**
 * Opens the archive and the cache under CACHE_FOLDER; disposing saves the cache.
 *
 * @throws {UsageError} when the folder can't be written to
 */
export async function openArchive(
  config: Pick<Config, typeof ARCHIVE_SETTINGS[number]> & Partial<Pick<Config, "sizes">>,
  log: Log,
  options: Pick<HttpOptions, "fetch" | "signal"> = {},
): Promise<OpenArchive> {
  const cache = await openCache(config.cacheFolder, log);
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

/**
 * Opens what crawls remember of this archive, under CACHE_FOLDER.
 *
 * @throws {UsageError} when the folder can't be written to
 */
export async function openCrawlState(
  { cacheFolder, archiveUrl }: Pick<Config, "cacheFolder" | "archiveUrl">,
  log: Log,
): Promise<CrawlState> {
  const { host, pathname } = new URL(archiveUrl);
  const name = `${host}${pathname}`.replace(/\/+$/, "").replace(/[^\w.]+/g, "-");
  const path = `${cacheFolder}/buildhub-crawl-${name}.sqlite`;
  return await opened(cacheFolder, (onDamage) => CrawlState.open(path, onDamage), path, log);
}

async function openCache(folder: string, log: Log): Promise<SqliteCache> {
  const path = `${folder}/buildhub-archive.sqlite`;
  return await opened(folder, (onDamage) => SqliteCache.open(path, onDamage), path, log);
}

async function opened<T>(
  folder: string,
  open: (onDamage: (reason: string) => void) => Promise<T>,
  path: string,
  log: Log,
): Promise<T> {
  try {
    await Deno.mkdir(folder, { recursive: true });
    return await open((reason) =>
      log.warning(`The cache ${path} is damaged, and begun anew: ${reason}`)
    );
  } catch (cause) {
    throw new UsageError(`CACHE_FOLDER ${JSON.stringify(folder)} is no use: ${reasonOf(cause)}`, {
      cause,
    });
  }
}
