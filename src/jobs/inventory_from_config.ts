import type { OpenArchive } from "../archive/open_archive.ts";
import type { Config } from "../settings/config.ts";
import type { Log } from "../reporting/log.ts";
import type { InventoryToRecordsOptions } from "./inventory_to_records.ts";

/** What every job that reads an inventory takes from the settings. */
export function inventoryOptions(
  config: Config,
  { finder, sizes }: OpenArchive,
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
    sizes,
    modifiedSince: since,
    onBadRow: (row, reason) => log.warning(`Row ${row} is skipped: ${reason}`),
    signal,
  };
}

/** What a job asked of the archive, for its summary. */
export function requestsLine({ archive, finder, sizes }: OpenArchive): string {
  const count = finder.failures + sizes.failures;
  const failures = count === 0 ? "" : `; ${count} documents can't be had`;
  return `${archive.requests} requests to the archive${failures}`;
}
