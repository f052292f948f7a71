import type { OpenArchive } from "../archive/open_archive.ts";
import { counted } from "../errors/counted.ts";
import type { SummaryEvent } from "../reporting/summary.ts";
import type { Config } from "../settings/config.ts";
import type { Log } from "../reporting/log.ts";
import type { InventoryToRecordsOptions } from "./inventory_to_records.ts";

/** The settings of jobs that read an inventory; an audit reads rows of any age. */
export type InventoryConfig =
  & Pick<Config, "archiveUrl" | "products" | "parallelRequests">
  & Partial<Pick<Config, "minAgeLastModifiedHours" | "incomplete">>;

/** The options of jobs that read an inventory. */
export function inventoryOptions(
  config: InventoryConfig,
  { finder, sizes }: OpenArchive,
  log: Log,
  signal?: AbortSignal,
): InventoryToRecordsOptions {
  const { archiveUrl, products, parallelRequests, incomplete } = config;
  const { minAgeLastModifiedHours: hours = 0 } = config;
  const since = hours === 0 ? undefined : new Date(Date.now() - hours * 3_600_000).toISOString();
  return {
    archiveUrl,
    products,
    parallelRequests,
    finder,
    sizes,
    incomplete,
    modifiedSince: since,
    onBadRow: (row, reason) => log.warning(`Row ${row} is skipped: ${reason}`),
    signal,
  };
}

/** How many requests a job sent to the archive, for its summary. */
export function requestsSummary({ archive, finder, sizes }: OpenArchive): SummaryEvent {
  const { requests: count } = archive;
  const failures = finder.failures + sizes.failures;
  const note = failures === 0 ? "" : `; ${counted(failures, "documents")} can't be fetched`;
  const text = counted(count, "requests to the archive") + note;
  return { event: "requests", text, data: { count, failures } };
}
