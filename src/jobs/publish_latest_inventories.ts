import { openArchive } from "../archive/open_archive.ts";
import type { ConfigOf } from "../settings/config.ts";
import type { PUBLISH_LATEST } from "../settings/setting_groups.ts";
import { inventoryPrefix } from "../inventory/inventories.ts";
import { inventoryOptions, requestsSummary } from "./inventory_from_config.ts";
import { InventoryToRecords } from "./inventory_to_records.ts";
import { type InventorySource, openCrawl, openS3 } from "./inventory_source.ts";
import type { Log } from "../reporting/log.ts";
import type { SummaryEvent } from "../reporting/summary.ts";
import type { ProgressStyle } from "../reporting/progress.ts";
import { initialization } from "../kinto/initialization.ts";
import { kintoFrom } from "../kinto/kinto_from_config.ts";
import { KnownRecords } from "../kinto/known_records.ts";
import { load } from "../kinto/load.ts";
import { Outcome } from "../kinto/outcome.ts";
import { publishInventories } from "./publish_inventories.ts";
import { refreshKnownRecords } from "../kinto/refresh_known_records.ts";
import { targetValidator } from "../kinto/target_validator.ts";

/** The options of {@linkcode publishLatestInventories} beside the settings. */
export interface PublishLatestOptions {
  log: Log;
  style: ProgressStyle;
  /** Ends reading; what was read is published. */
  signal?: AbortSignal;
  /** Ends everything at once. */
  deadline?: AbortSignal;
  /** For Kinto and the archive. @default {globalThis.fetch} */
  fetch?: typeof fetch;
}

/** The result of a run. */
export interface PublishedLatest {
  /** The counts. */
  summary: SummaryEvent[];
  /** Inventories that couldn't be read. */
  failed: number;
  /** Records that were written. */
  published: number;
  /** Records that the server or its schema refused. */
  refused: number;
  /** Builds whose exact size couldn't be requested. */
  sizeFailures: number;
  /** Files of a layout that no rule knows. */
  unknown: number;
}

/**
 * Publishes what the newest S3 inventories list, a crawl of the archive, or both: creates the collection
 * where it's missing, reads what it has, and writes what is new or different.
 *
 * @throws {UsageError} for an unknown inventory, before any work
 * @throws when a server can't be used at all or the deadline comes, after printing the summary
 */
export async function publishLatestInventories(
  config: ConfigOf<typeof PUBLISH_LATEST>,
  { log, style, signal, deadline, fetch }: PublishLatestOptions,
): Promise<PublishedLatest> {
  const { bucket, collection, cacheFolder } = config;
  config.inventories.forEach(inventoryPrefix);
  const to = { bucket, collection };
  const kinto = kintoFrom(config, log, { signal: deadline, fetch });
  const { batchMaxRequests } = await kinto.info();
  if (config.initializeServer) {
    await load(kinto, await initialization(to), {
      onChange: (text) => log.summary([{ event: "change", text }]),
    });
  }
  const validate = await targetValidator(kinto, to, log);
  using known = await KnownRecords.open({ folder: cacheFolder, server: kinto.url, ...to, log });
  await refreshKnownRecords(known, kinto, { ...to, log });
  using open = await openArchive(config, log, { signal: deadline, fetch });
  using stack = new DisposableStack();
  const inventories: InventorySource[] = [];
  for (const source of config.sources) {
    const opened = source === "crawl"
      ? await openCrawl(config, open, log, signal)
      : await openS3(config, log, deadline);
    inventories.push(...stack.use(opened).inventories);
  }
  const job = new InventoryToRecords(inventoryOptions(config, open, log, signal));
  const outcome = new Outcome((name, reason) => log.error(`Refused ${name}: ${reason}`));
  const summary = () => {
    const { published, unchanged, refused } = outcome;
    const unsent = job.counts.builds - job.incomplete.total - published - unchanged - refused;
    return [...job.summary({ published, unchanged, refused, unsent }), requestsSummary(open)];
  };
  try {
    const failed = await publishInventories({
      ...{ inventories, job, kinto, to, known, validate, log, signal, outcome, style },
      batchSize: batchMaxRequests,
    });
    const { published, refused } = outcome;
    return {
      summary: summary(),
      ...{ failed, published, refused },
      sizeFailures: open.sizes.failures,
      unknown: job.counts.unknown.total,
    };
  } catch (error) {
    log.summary(summary());
    throw error;
  }
}
