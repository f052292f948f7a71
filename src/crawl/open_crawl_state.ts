import type { Log } from "../reporting/log.ts";
import type { Config } from "../settings/config.ts";
import { CrawlState } from "./crawl_state.ts";

/**
 * Opens what crawls of this archive remember, in CACHE_FOLDER.
 *
 * @throws {UsageError} when the folder can't be written to
 */
export function openCrawlState(
  { cacheFolder, archiveUrl }: Pick<Config, "cacheFolder" | "archiveUrl">,
  log: Log,
): Promise<CrawlState> {
  const { host, pathname } = new URL(archiveUrl);
  const name = `${host}${pathname}`.replace(/\/+$/, "").replace(/[^\w.]+/g, "-");
  const path = `${cacheFolder}/buildhub-crawl-${name}.sqlite`;
  return CrawlState.open(path, (message) => log.warning(message));
}
