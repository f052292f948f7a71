import { ARCHIVE_SETTINGS, openArchive } from "../archive/open_archive.ts";
import { InventoryToRecords } from "../inventory/inventory_to_records.ts";
import { inventoryPrefix } from "../inventory/inventories.ts";
import { ObjectStore } from "../inventory/object_store.ts";
import { initialization } from "../kinto/initialization.ts";
import { kintoFrom } from "../kinto/kinto_from_config.ts";
import { KnownRecords } from "../kinto/known_records.ts";
import { load } from "../kinto/load.ts";
import type { Outcome } from "../kinto/outcome.ts";
import { publishInventories } from "../kinto/publish_inventories.ts";
import { refreshKnownRecords } from "../kinto/refresh_known_records.ts";
import { targetValidator } from "../kinto/target_validator.ts";
import { progressStyle } from "../progress.ts";
import type { Command, CommandContext } from "./command.ts";
import {
  inventoryOptions,
  isUnknownAllowed,
  requestsLine,
  STRICT,
} from "./inventory_to_records.ts";

/** `latest-inventory-to-kinto`: from the newest S3 inventories to the collection, in one go. */
export const command: Command = {
  summary: "publish what the latest S3 inventories list to Kinto",
  description:
    `Creates the bucket and the collection where they're missing (INITIALIZE_SERVER), reads what the
collection has, downloads the newest inventories, and writes the records that are new or different.
Run it on an empty server, and then from cron: a run that finds nothing new writes nothing.

The summary adds up: rows = ignored + builds;
builds = published + unchanged + incomplete + refused (+ unsent, when it was cut short).`,
  settings: [
    ...["serverUrl", "bucket", "collection", "auth", "initializeServer"] as const,
    ...["inventories", "products", "minAgeLastModifiedHours"] as const,
    ...ARCHIVE_SETTINGS,
    ...["batchMaxRequests", "csvDownloadDirectory", "s3Endpoint", "s3ForcePathStyle"] as const,
  ],
  flags: [STRICT],
  async run(context) {
    const { outcome, failed, job } = await publishLatest(context);
    const isFine = failed === 0 && outcome.refused === 0;
    return isFine && isUnknownAllowed(job, context.flags) ? 0 : 1;
  },
};

/** The command, with what became of the records and how many inventories failed. */
export async function publishLatest(
  { config, log, signal, isTerminal }: CommandContext,
): Promise<{ outcome: Outcome; failed: number; job: InventoryToRecords }> {
  const { bucket, collection, inventories, cacheFolder, retries, timeoutMs } = config;
  inventories.forEach(inventoryPrefix); // wrong names are told before any work
  const to = { bucket, collection };
  const kinto = kintoFrom(config, log);
  const { batchMaxRequests } = await kinto.info();
  if (config.initializeServer) {
    await load(kinto, await initialization(to), { onChange: (summary) => log.print(summary) });
  }
  const validate = await targetValidator(kinto, to, log);
  using known = await KnownRecords.open({ folder: cacheFolder, server: kinto.url, ...to, log });
  await refreshKnownRecords(known, kinto, { ...to, log });
  using open = await openArchive(config, log);
  using store = await ObjectStore.open({
    endpoint: config.s3Endpoint,
    forcePathStyle: config.s3ForcePathStyle,
    retries,
    timeoutMs,
    log,
  });
  const job = new InventoryToRecords(inventoryOptions(config, open, log, signal));
  const { outcome, failed } = await publishInventories({
    ...{ inventories, store, job, kinto, to, known, validate, log, signal },
    directory: config.csvDownloadDirectory,
    batchSize: Math.min(config.batchMaxRequests ?? batchMaxRequests, batchMaxRequests),
    style: progressStyle({ config, isTerminal }),
  });
  const { published, unchanged, refused, unsent } = outcome;
  const summary = job.summary({ published, unchanged, refused, unsent });
  log.print([...summary, requestsLine(open)].join("\n"));
  return { outcome, failed, job };
}
