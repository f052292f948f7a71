import { counted } from "../errors/counted.ts";
import { openArchive } from "../archive/open_archive.ts";
import { Crawl } from "../crawl/crawl.ts";
import { CRAWL_STEPS, crawlInventory } from "../crawl/crawl_inventory.ts";
import { openCrawlState } from "../crawl/open_crawl_state.ts";
import { UsageError } from "../errors/usage_error.ts";
import { requestsSummary } from "../jobs/inventory_from_config.ts";
import { interruptedAfter } from "../reporting/summary.ts";
import { outputLines } from "../reporting/output_lines.ts";
import { Progress, progressStyle } from "../reporting/progress.ts";
import { CACHED_ARCHIVE } from "../settings/setting_groups.ts";
import { defineCommand } from "./command.ts";

/** `archive-to-inventory`: the archive's own listings → inventory rows on stdout. */
export const command = defineCommand({
  summary: "walk the archive's listings and print inventory rows",
  description:
    `Lists the folders that can contain builds, and writes a row for each installer in them, as in an
S3 inventory; inventory-to-records reads it. Installers since April 2024 are in no S3 inventory,
but are listed here.

What was listed is remembered in CACHE_FOLDER. An interrupted run is resumed; a later run requests
only folders that can have changed, and still writes all rows. With --since it writes only what is
newer than that date, and skips folders that can't contain anything newer. A folder that can't be
listed is an error, after all others; the next run requests it again.

The summary adds up: folders = listed + unchanged + without builds + too old + gone + failed;
files = rows + not installers + too old.`,
  example: "buildhub archive-to-inventory --products firefox --since 2026-11-01 > inventory.csv",
  settings: [...CACHED_ARCHIVE, "products"],
  flags: [
    { name: "since", value: "DATE", help: "only what was modified since then, such as 2026-11-01" },
    { name: "all", help: "request every folder, whatever is remembered" },
  ],
  async run({ config, flags, log, stdout, signal, isTerminal }) {
    const since = typeof flags.since === "string" ? dateOf(flags.since) : undefined;
    using open = await openArchive(config, log, { signal });
    using state = await openCrawlState(config, log);
    const crawl = new Crawl({
      ...{ products: config.products, parallelRequests: config.parallelRequests },
      ...{ archive: open.archive, state, log, signal, since, isFull: flags.all === true },
    });
    {
      const style = progressStyle({ config, isTerminal });
      using progress = new Progress({ style, label: "archive", total: CRAWL_STEPS });
      const lines = crawlInventory(crawl, () => showProgress(progress, crawl));
      await ReadableStream.from(lines).pipeTo(outputLines(stdout));
    }
    const { counts } = crawl;
    log.summary([
      ...signal.aborted
        ? [interruptedAfter(`${counted(counts.listed + counts.unchanged, "folders")}`)]
        : [],
      ...counts.summary(),
      requestsSummary(open),
    ]);
    return counts.failed > 0 ? 1 : 0;
  },
});

function showProgress(progress: Progress, { counts, progress: share }: Crawl): void {
  const { listed, unchanged, rows } = counts;
  progress.update(
    Math.floor(share * CRAWL_STEPS),
    `${counted(listed + unchanged, "folders")}, ${listed} of them requested, ${
      counted(rows, "rows")
    }`,
  );
}

function dateOf(text: string): string {
  const isDate = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?Z)?$/.test(text);
  const time = isDate ? Date.parse(text) : NaN;
  if (Number.isNaN(time)) {
    throw new UsageError(`--since ${JSON.stringify(text)} is no date such as 2026-11-01`);
  }
  return new Date(time).toISOString();
}
