import { counted } from "../errors/counted.ts";
import { BUCKET_STEPS, openBucketListing } from "../jobs/bucket_source.ts";
import { outputLines } from "../reporting/output_lines.ts";
import { Progress, progressStyle } from "../reporting/progress.ts";
import { ARCHIVE_BUCKET } from "../settings/setting_groups.ts";
import { defineCommand } from "./command.ts";

/** `bucket-to-inventory`: the objects of the archive's bucket → inventory rows on stdout. */
export const command = defineCommand({
  summary: "list the archive's bucket and print inventory rows",
  description:
    `Lists the objects of ARCHIVE_BUCKET that may be builds, and writes a row for each, as
archive-to-inventory does; inventory-to-records reads them. An answer has 1,000 objects with exact
sizes, so this takes few requests; but the bucket's server has to allow it. Requests are signed with
the credentials that an AWS client finds in its environment, such as AWS_ACCESS_KEY_ID; without any,
they aren't signed. Google's servers take HMAC keys.

An interrupted run is resumed from CACHE_FOLDER within a day, and still writes all rows. A part that
can't be listed is an error, after all others.

The summary adds up: objects = rows + not installers + without builds.`,
  example: "buildhub bucket-to-inventory --products firefox > inventory.csv",
  settings: ARCHIVE_BUCKET,
  flags: [{ name: "all", help: "request everything, whatever an interrupted run has listed" }],
  async run({ config, flags, log, stdout, signal, isTerminal }) {
    using open = await openBucketListing(config, log, { signal, isFull: flags.all === true });
    const { listing } = open;
    const { counts } = listing;
    {
      const style = progressStyle({ config, isTerminal });
      using progress = new Progress({ style, label: "bucket", total: BUCKET_STEPS });
      const lines = async function* () {
        for await (const line of listing.lines()) {
          const done = Math.floor(listing.progress * BUCKET_STEPS);
          progress.update(
            done,
            `${counted(counts.objects, "objects")}, ${counted(counts.rows, "rows")}`,
          );
          yield line;
        }
      };
      await ReadableStream.from(lines()).pipeTo(outputLines(stdout));
    }
    log.summary(counts.summary());
    return counts.failed > 0 ? 1 : 0;
  },
});
