import { openArchive } from "../archive/open_archive.ts";
import type { Described } from "../archive/with_metadata.ts";
import { inventoryOptions, requestsSummary } from "../jobs/inventory_from_config.ts";
import { InventoryToRecords } from "../jobs/inventory_to_records.ts";
import type { Log } from "../reporting/log.ts";
import { outputLines } from "../reporting/output_lines.ts";
import { CACHED_ARCHIVE } from "../settings/setting_groups.ts";
import { defineCommand } from "./command.ts";
import { STRICT_FLAG } from "./inventory_flags.ts";

/** `inventory-to-records`: an S3 inventory on stdin → records on stdout. */
export const command = defineCommand({
  summary: "turn an S3 inventory on stdin into records on stdout",
  description:
    `Reads the CSV of an S3 inventory, plain or gzip, and writes {"data": record}, one per line, for
each build whose metadata the archive has, in the order of the inventory. Rows that can't be read
are logged and skipped; a truncated gzip file is an error, after all its complete rows.`,
  example: "zcat inventory.csv.gz | buildhub inventory-to-records > records.jsonl",
  settings: [...CACHED_ARCHIVE, "sizes", "products", "minAgeLastModifiedHours"],
  flags: [STRICT_FLAG],
  async run({ config, flags, stdin, stdout, log, signal }) {
    using open = await openArchive(config, log);
    const job = new InventoryToRecords(inventoryOptions(config, open, log, signal));
    using _ = log.telemetry.follow(() => job.totals());
    await job.records(stdin).pipeTo(outputLines(stdout, { lineOf: lineOf(log) }));
    log.summary([...job.summary(), requestsSummary(open)]);
    if (job.failure !== undefined) throw job.failure;
    const isStrictFailure = flags.strict !== undefined && job.counts.unknown.total > 0;
    return open.sizes.failures > 0 || isStrictFailure ? 1 : 0;
  },
});

function lineOf(log: Log): (described: Described) => string | undefined {
  return (described) => {
    const { record } = described;
    if (described.state !== "incomplete") return JSON.stringify({ data: record });
    log.info(`${record.id} is incomplete: ${described.reason}`);
  };
}
