import { type OpenArchive, openArchive } from "../../archive/open_archive.ts";
import type { ReleaseRecord } from "../../builds/record.ts";
import { reasonOf } from "../../errors/reason_of.ts";
import { inventoryPrefix } from "../../inventory/inventories.ts";
import { batches } from "../../kinto/batches.ts";
import { kintoFrom } from "../../kinto/kinto_from_config.ts";
import { KnownRecords } from "../../kinto/known_records.ts";
import { Outcome } from "../../kinto/outcome.ts";
import { publisher } from "../../kinto/publisher.ts";
import { valid } from "../../kinto/record_schema.ts";
import { refreshKnownRecords } from "../../kinto/refresh_known_records.ts";
import { targetValidator } from "../../kinto/target_validator.ts";
import type { Log } from "../../reporting/log.ts";
import type { ConfigOf } from "../../settings/config.ts";
import type { AUDIT } from "../../settings/setting_groups.ts";
import { inventoryOptions, requestsSummary } from "../inventory_from_config.ts";
import { openBucket } from "../bucket_source.ts";
import { allInventories, openCrawl, openS3 } from "../inventory_source.ts";
import { InventoryToRecords } from "../inventory_to_records.ts";
import { audit, auditSummary } from "./audit.ts";
import type { Ledger } from "./ledger.ts";

/** The settings of {@linkcode auditCollection}. */
type AuditConfig = ConfigOf<typeof AUDIT>;

/** An inventory that is read from where the settings say. */
type InventoryName = "s3" | "crawl" | "bucket";

/** The options of {@linkcode auditCollection} beside the settings. */
export interface AuditCollectionOptions {
  /** CSV, plain or gzip, or where it comes from. */
  inventory: ReadableStream<Uint8Array> | InventoryName;
  /** Publish what is missing. */
  isFixing: boolean;
  /** Called with what was found, before the summary is printed. */
  onFindings: (ledger: Ledger) => Promise<void>;
  log: Log;
  /** Ends reading; nothing counts as gone then. */
  signal?: AbortSignal;
}

/** The result of an audit. */
export interface AuditResult {
  /** What is missing, gone, or published without the build id that the archive has. */
  gaps: number;
  /** Whether the inventory was read to its end. */
  isWhole: boolean;
  /** Sizes that couldn't be requested. */
  sizeFailures: number;
  /** Files of a layout that no rule knows. */
  unknown: number;
}

/**
 * Compares an inventory with the collection, and prints the summary.
 *
 * @throws {UsageError} for an unknown inventory, before any work
 * @throws as reading the collection does
 */
export async function auditCollection(
  config: AuditConfig,
  { inventory, isFixing, onFindings, log, signal }: AuditCollectionOptions,
): Promise<AuditResult> {
  const { bucket, collection, cacheFolder: folder } = config;
  if (inventory === "s3") config.inventories.forEach(inventoryPrefix);
  const name = { bucket, collection };
  const kinto = kintoFrom(config, log);
  const { batchMaxRequests } = await kinto.info();
  const validate = await targetValidator(kinto, name, log);
  using known = await KnownRecords.open({ folder, server: kinto.url, ...name, log });
  await refreshKnownRecords(known, kinto, { ...name, log });
  // Only what is published needs exact sizes.
  const sizes = isFixing ? config.sizes : "listed";
  using open = await openArchive({ ...config, sizes }, log);
  const job = new InventoryToRecords(inventoryOptions(config, open, log, signal));
  const outcome = new Outcome((name, reason) => log.error(`Refused ${name}: ${reason}`));
  using _job = log.telemetry.follow(() => job.totals());
  using _outcome = log.telemetry.follow(() => outcome.totals());
  const fix = counting(outcome);
  const publishing = isFixing
    ? fix.readable.pipeThrough(valid(validate, outcome))
      .pipeThrough(batches(batchMaxRequests))
      .pipeTo(publisher(kinto, { to: name, outcome }))
    : undefined;
  const publish = publishing && fix.writable;
  const csv = inventory instanceof ReadableStream
    ? inventory
    : readInventory(inventory, config, { open, log, signal });
  const auditing = audit(csv, { job, kinto, name, known, folder, publish, signal });
  const [, found] = await Promise.all([publishing, auditing]);
  using _ = found;
  const { ledger, isWhole, withoutBuildId } = found;
  await onFindings(ledger);
  log.summary([...auditSummary(job, found, known), requestsSummary(open)]);
  if (isFixing) log.summary([outcome.sum]);
  if (job.failure !== undefined) log.error(`The inventory: ${reasonOf(job.failure)}`);
  const differences = ledger.count("missing") + ledger.count("gone") + withoutBuildId;
  return {
    gaps: differences - outcome.published,
    isWhole,
    sizeFailures: open.sizes.failures,
    unknown: job.counts.unknown.total,
  };
}

function readInventory(
  source: InventoryName,
  config: AuditConfig,
  { open, log, signal }: { open: OpenArchive; log: Log; signal?: AbortSignal },
): ReadableStream<Uint8Array> {
  const openers = {
    s3: () => openS3(config, log, signal),
    crawl: () => openCrawl(config, open, log, signal),
    bucket: () => openBucket(config, log, signal),
  };
  return allInventories(openers[source], (summary) => log.summary(summary));
}

/** Counts the records that are to be published. */
function counting(outcome: Outcome): TransformStream<ReleaseRecord, ReleaseRecord> {
  return new TransformStream({
    transform(record, controller) {
      outcome.read++;
      controller.enqueue(record);
    },
  });
}
