import { type OpenArchive, openArchive } from "../../archive/open_archive.ts";
import type { PublishedRecord } from "../../builds/record.ts";
import { reasonOf } from "../../errors/reason_of.ts";
import { inventoryPrefix } from "../../inventory/inventories.ts";
import { UNREADABLE_ROW } from "../../inventory/row_counts.ts";
import { batches } from "../../kinto/batches.ts";
import { kintoFrom } from "../../kinto/kinto_from_config.ts";
import { KnownRecords } from "../../kinto/known_records.ts";
import { Outcome } from "../../kinto/outcome.ts";
import { publisher } from "../../kinto/publisher.ts";
import { valid } from "../../kinto/record_schema.ts";
import { refreshKnownRecords } from "../../kinto/refresh_known_records.ts";
import { targetValidator } from "../../kinto/target_validator.ts";
import { counted } from "../../errors/counted.ts";
import type { SummaryEvent } from "../../reporting/summary.ts";
import type { Log } from "../../reporting/log.ts";
import type { ConfigOf } from "../../settings/config.ts";
import type { AUDIT } from "../../settings/setting_groups.ts";
import { inventoryOptions, requestsSummary } from "../inventory_from_config.ts";
import { allInventories, openCrawl, openS3 } from "../inventory_source.ts";
import { InventoryToRecords } from "../inventory_to_records.ts";
import { audit, auditSummary } from "./audit.ts";
import type { Ledger } from "./ledger.ts";
import { type GoneRecord, prune } from "./prune.ts";

/** The settings of {@linkcode auditCollection}. */
type AuditConfig = ConfigOf<typeof AUDIT>;

/** The options of {@linkcode auditCollection} beside the settings. */
export interface AuditCollectionOptions {
  /** CSV, plain or gzip, or where it comes from. */
  inventory: ReadableStream<Uint8Array> | "s3" | "crawl";
  /** Publish what is missing. */
  isFixing: boolean;
  /** Say what pruning would remove, or remove what is gone. @default {neither} */
  prune?: "list" | "remove";
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
  { inventory, isFixing, prune: pruning, onFindings, log, signal }: AuditCollectionOptions,
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
  let removed = 0;
  if (pruning && ledger.count("gone") > 0) {
    const isReliable = isWhole && job.failure === undefined &&
      open.finder.failures + open.sizes.failures === 0 &&
      job.counts.ignored.of(UNREADABLE_ROW) === 0;
    if (!isReliable) log.error("No record is removed: something couldn't be read, see above");
    else if (pruning === "list") log.summary([toRemove(ledger.count("gone"))]);
    else {
      const pruned = await prune(goneRecords(ledger, known), {
        ...{ kinto, name, batchSize: batchMaxRequests },
        onRefusal: (id, reason) => log.error(`${id} isn't removed: ${reason}`),
      });
      removed = pruned.removed;
      log.summary([{ event: "gone", count: ledger.count("gone"), parts: { ...pruned } }]);
    }
  }
  const differences = ledger.count("missing") + ledger.count("gone") + withoutBuildId;
  return {
    gaps: differences - outcome.published - removed,
    isWhole,
    sizeFailures: open.sizes.failures,
    unknown: job.counts.unknown.total,
  };
}

function toRemove(count: number): SummaryEvent {
  const text = `${counted(count, "gone records")} would be removed; --yes removes them`;
  return { event: "gone", text, data: { count } };
}

function* goneRecords(ledger: Ledger, known: KnownRecords): Generator<GoneRecord> {
  for (const { id, state } of ledger.findings()) {
    const lastModified = state === "gone" ? known.lastModified(id) : undefined;
    if (lastModified !== undefined) yield { id, lastModified };
  }
}

function readInventory(
  source: "s3" | "crawl",
  config: AuditConfig,
  { open, log, signal }: { open: OpenArchive; log: Log; signal?: AbortSignal },
): ReadableStream<Uint8Array> {
  const openSources = () =>
    source === "s3" ? openS3(config, log, signal) : openCrawl(config, open, log, signal);
  return allInventories(openSources, (summary) => log.summary(summary));
}

/** Counts the records that are to be published. */
function counting(outcome: Outcome): TransformStream<PublishedRecord, PublishedRecord> {
  return new TransformStream({
    transform(record, controller) {
      outcome.read++;
      controller.enqueue(record);
    },
  });
}
