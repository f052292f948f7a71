import { ARCHIVE_SETTINGS } from "../archive/open_archive.ts";
import { publishLatestInventories } from "../jobs/publish_latest_inventories.ts";
import { progressStyle } from "../reporting/progress.ts";
import type { Command } from "./command.ts";
import { isTooStrange, STRICT } from "./strict.ts";

/** `latest-inventory-to-kinto`: from the newest S3 inventories to the collection, in one go. */
export const command: Command = {
  summary: "publish what the latest S3 inventories list to Kinto",
  description:
    `Creates the bucket and the collection where they're missing (INITIALIZE_SERVER), reads what the
collection has, downloads the newest inventories, and writes the records that are new or different.
With --source crawl it reads the archive's own listings instead, as archive-to-inventory does:
installers of since April 2024 are nowhere else.
Run it on an empty server, and then from cron: a run that finds nothing new writes nothing.

The summary adds up: rows = ignored + builds;
builds = published + unchanged + incomplete + refused (+ unsent, when it was cut short).`,
  settings: [
    ...["serverUrl", "bucket", "collection", "auth", "initializeServer"] as const,
    ...["source", "inventories", "products", "minAgeLastModifiedHours"] as const,
    ...ARCHIVE_SETTINGS,
    "sizes",
    ...["batchMaxRequests", "csvDownloadDirectory", "s3Endpoint", "s3ForcePathStyle"] as const,
  ],
  flags: [STRICT],
  async run({ config, flags, log, signal, isTerminal }) {
    const style = progressStyle({ config, isTerminal });
    const { summary, failed, refused, sizeFailures, unknown } = await publishLatestInventories(
      config,
      {
        log,
        style,
        signal,
      },
    );
    log.print(summary.join("\n"));
    return failed + refused + sizeFailures > 0 || isTooStrange(unknown, flags) ? 1 : 0;
  },
};
