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

/** Warnings about single rows, at most: an input of another format has nothing but bad ones. */
const BAD_ROW_WARNINGS = 20;

/** The options of jobs that read an inventory. */
export function inventoryOptions(
  config: InventoryConfig,
  { archive, finder, sizes }: OpenArchive,
  log: Log,
  signal?: AbortSignal,
): InventoryToRecordsOptions {
  const { archiveUrl, products, parallelRequests, incomplete } = config;
  const { minAgeLastModifiedHours: hours = 0 } = config;
  const since = hours === 0 ? undefined : new Date(Date.now() - hours * 3_600_000).toISOString();
  let badRows = 0;
  return {
    ...{ archiveUrl, products, parallelRequests, finder, sizes, incomplete, signal },
    modifiedSince: since,
    unavailable: archive.unavailable,
    onBadRow(row, reason) {
      if (++badRows <= BAD_ROW_WARNINGS) log.warning(`Row ${row} is skipped: ${reason}`);
      else if (badRows === BAD_ROW_WARNINGS + 1) log.warning("Further bad rows are only counted");
    },
  };
}

/** How many documents, folders and sizes couldn't be fetched or read; then a job failed. */
export function failuresOf({ finder, sizes }: OpenArchive): number {
  return finder.failures + sizes.failures;
}

/** How many requests a job sent to the archive, for its summary. */
export function requestsSummary(open: OpenArchive): SummaryEvent {
  const { requests: count } = open.archive;
  const failures = failuresOf(open);
  const note = failures === 0 ? "" : `; ${counted(failures, "documents")} can't be fetched`;
  const text = counted(count, "requests to the archive") + note;
  return { event: "requests", text, data: { count, failures } };
}
