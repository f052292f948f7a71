import { ARCHIVE_SETTINGS, openArchive } from "../archive/open_archive.ts";
import type { Described } from "../archive/with_metadata.ts";
import { inventoryOptions, requestsLine } from "../jobs/inventory_from_config.ts";
import { InventoryToRecords } from "../jobs/inventory_to_records.ts";
import type { Log } from "../reporting/log.ts";
import { outputLines } from "../reporting/output_lines.ts";
import type { Command } from "./command.ts";
import { isTooStrange, STRICT } from "./strict.ts";

/** `inventory-to-records`: an S3 inventory on stdin → records on stdout. */
export const command: Command = {
  summary: "turn an S3 inventory on stdin into records on stdout",
  description:
    `Reads the CSV of an S3 inventory, plain or gzip, and writes {"data": record}, one a line,
for each build whose metadata the archive has, in the order of the inventory. Rows that can't
be read are named and skipped; a gzip file that is cut off is an error, after all its rows.`,
  settings: [...ARCHIVE_SETTINGS, "sizes", "products", "minAgeLastModifiedHours"],
  flags: [STRICT],
  async run({ config, flags, stdin, stdout, log, signal }) {
    using open = await openArchive(config, log);
    const job = new InventoryToRecords(inventoryOptions(config, open, log, signal));
    using _ = log.telemetry.follow(() => job.totals());
    await job.records(stdin).pipeTo(outputLines(stdout, { lineOf: lineOf(log) }));
    log.print([...job.summary(), requestsLine(open)].join("\n"));
    if (job.failure !== undefined) throw job.failure;
    return open.sizes.failures > 0 || isTooStrange(job.counts.unknown.total, flags) ? 1 : 0;
  },
};

function lineOf(log: Log): (described: Described) => string | undefined {
  return (described) => {
    const { record } = described;
    if (described.state === "complete") return JSON.stringify({ data: record });
    log.info(`${record.id} is incomplete: ${described.reason}`);
  };
}
