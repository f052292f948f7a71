import { ARCHIVE_SETTINGS, type OpenArchive, openArchive } from "../archive/open_archive.ts";
import type { Described } from "../archive/with_metadata.ts";
import type { Config, Flag } from "../config.ts";
import {
  InventoryToRecords,
  type InventoryToRecordsOptions,
} from "../inventory/inventory_to_records.ts";
import type { Log } from "../log.ts";
import { outputLines } from "../output_lines.ts";
import type { Command } from "./command.ts";

/** The switch of every job that reads an inventory. */
export const STRICT: Flag = {
  name: "strict",
  help: "exit code 1 when there are files of a layout that no rule knows",
};

/** `inventory-to-records`: an S3 inventory on stdin → records on stdout. */
export const command: Command = {
  summary: "turn an S3 inventory on stdin into records on stdout",
  description:
    `Reads the CSV of an S3 inventory, plain or gzip, and writes {"data": record}, one a line,
for each build whose metadata the archive has, in the order of the inventory. Rows that can't
be read are named and skipped; a gzip file that is cut off is an error, after all its rows.`,
  settings: [...ARCHIVE_SETTINGS, "products", "minAgeLastModifiedHours"],
  flags: [STRICT],
  async run({ config, flags, stdin, stdout, log, signal }) {
    using open = await openArchive(config, log);
    const job = new InventoryToRecords(inventoryOptions(config, open, log, signal));
    using _ = log.telemetry.follow(() => job.totals());
    await job.records(stdin)
      .pipeThrough(toLines(log))
      .pipeTo(outputLines(stdout));
    log.print([...job.summary(), requestsLine(open)].join("\n"));
    if (job.failure !== undefined) throw job.failure;
    return isUnknownAllowed(job, flags) ? 0 : 1;
  },
};

/** What every job that reads an inventory takes from the settings. */
export function inventoryOptions(
  config: Config,
  { finder }: OpenArchive,
  log: Log,
  signal?: AbortSignal,
): InventoryToRecordsOptions {
  const { archiveUrl, products, parallelRequests, minAgeLastModifiedHours: hours } = config;
  const since = hours === 0 ? undefined : new Date(Date.now() - hours * 3_600_000).toISOString();
  return {
    archiveUrl,
    products,
    parallelRequests,
    finder,
    modifiedSince: since,
    onBadRow: (row, reason) => log.warning(`Row ${row} is skipped: ${reason}`),
    signal,
  };
}

/** Whether the job's exit code may be 0, as far as {@linkcode STRICT} decides. */
export function isUnknownAllowed(
  { counts }: InventoryToRecords,
  flags: Record<string, string | true>,
): boolean {
  return flags.strict === undefined || counts.unknown.total === 0;
}

/** What a job asked of the archive, for its summary. */
export function requestsLine({ archive, finder }: OpenArchive): string {
  const failures = finder.failures === 0 ? "" : `; ${finder.failures} documents can't be had`;
  return `${archive.requests} requests to the archive${failures}`;
}

function toLines(log: Log): TransformStream<Described, string> {
  return new TransformStream({
    transform({ record, incomplete }, controller) {
      if (incomplete === undefined) controller.enqueue(JSON.stringify({ data: record }));
      else log.info(`${record.id} is incomplete: ${incomplete}`);
    },
  });
}
