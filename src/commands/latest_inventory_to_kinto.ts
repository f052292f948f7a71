import { publishLatestInventories } from "../jobs/publish_latest_inventories.ts";
import { progressStyle } from "../reporting/progress.ts";
import { PUBLISH_LATEST } from "../settings/setting_groups.ts";
import { defineCommand } from "./command.ts";
import { STRICT_FLAG } from "./inventory_flags.ts";

/** `latest-inventory-to-kinto`: from the newest S3 inventories to the collection, in one step. */
export const command = defineCommand({
  summary: "publish what the latest S3 inventories list to Kinto",
  description:
    `Creates the bucket and the collection where they are missing (INITIALIZE_SERVER), reads what the
collection has, downloads the newest inventories, and writes the records that are new or different.
Since April 2024 these list only the buildhub.json of en-US nightlies and candidates: it reads those.
With --source crawl it reads the archive's own listings instead, as archive-to-inventory does, which
have all builds; with --source s3,crawl first the one and then the other. Run it on an empty server,
and then from cron: a run that finds nothing new writes nothing.

The summary adds up: rows = ignored + builds;
builds = published + unchanged + incomplete + refused (+ unsent, when it was interrupted).`,
  example: "buildhub latest-inventory-to-kinto --source crawl --server http://localhost:8888/v1",
  settings: PUBLISH_LATEST,
  flags: [STRICT_FLAG],
  async run({ config, flags, log, signal, isTerminal }) {
    const style = progressStyle({ config, isTerminal });
    const result = await publishLatestInventories(config, { log, style, signal });
    const { summary, failed, refused, sizeFailures, unknown } = result;
    log.summary(summary);
    const isStrictFailure = flags.strict !== undefined && unknown > 0;
    return failed + refused + sizeFailures > 0 || isStrictFailure ? 1 : 0;
  },
});
