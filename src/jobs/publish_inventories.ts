import { counted } from "../errors/counted.ts";
import type { PublishedRecord } from "../builds/record.ts";
import type { Described } from "../archive/with_metadata.ts";
import { reasonOf } from "../errors/reason_of.ts";
import type { InventoryToRecords } from "./inventory_to_records.ts";
import type { InventorySource } from "./inventory_source.ts";
import type { Log } from "../reporting/log.ts";
import { Progress, type ProgressStyle } from "../reporting/progress.ts";
import { batches } from "../kinto/batches.ts";
import type { Kinto } from "../kinto/kinto.ts";
import type { CollectionName } from "../kinto/kinto_request.ts";
import type { KnownRecords } from "../kinto/known_records.ts";
import type { Outcome } from "../kinto/outcome.ts";
import { publisher } from "../kinto/publisher.ts";
import { type RecordValidator, validBy } from "../kinto/record_schema.ts";

/** The options of {@linkcode publishInventories}. */
export interface PublishInventoriesOptions {
  /** In the order in which they're read. */
  inventories: readonly InventorySource[];
  job: InventoryToRecords;
  kinto: Kinto;
  to: CollectionName;
  /** Records per batch. */
  batchSize: number;
  known: KnownRecords;
  validate: RecordValidator;
  /** What became of the records. */
  outcome: Outcome;
  style: ProgressStyle;
  log: Log;
  /** Once aborted, no further inventory is opened. */
  signal?: AbortSignal;
}

/**
 * Reads inventories one after the other and publishes what is new or different.
 *
 * An inventory that can't be fetched or isn't complete is logged as an error, and the next one is
 * read. The one that is being read when the signal is aborted is finished.
 *
 * @returns how many inventories failed
 * @throws when the server accepts no batches
 */
export async function publishInventories(
  options: PublishInventoriesOptions,
): Promise<number> {
  const { inventories, log, signal } = options;
  using _job = log.telemetry.follow(() => options.job.totals());
  using _outcome = log.telemetry.follow(() => options.outcome.totals());
  let failed = 0;
  for (const inventory of inventories) {
    if (signal?.aborted) break;
    try {
      await publishInventory(inventory, options);
    } catch (error) {
      if (!(error instanceof InventoryFailure)) throw error;
      failed++;
      log.error(`Inventory ${inventory.name}: ${reasonOf(error.cause)}`);
    }
  }
  return failed;
}

/** Thrown when reading fails, not publishing: other inventories can still be read. */
class InventoryFailure extends Error {
  override name = "InventoryFailure";
}

async function publishInventory(
  source: InventorySource,
  options: PublishInventoriesOptions,
): Promise<void> {
  const { job, kinto, to, batchSize, known, validate, style, log } = options;
  const { outcome } = options;
  const { name } = source;
  const inventory = await source.open().catch((cause) => {
    throw new InventoryFailure(name, { cause });
  });
  using progress = new Progress({ style, label: name, total: inventory.total });
  inventory.onProgress = (done) =>
    progress.update(
      done,
      `${counted(job.counts.builds, "builds")}, ${outcome.published} published`,
    );
  await job.records(inventory.readable)
    .pipeThrough(wanting({ known, validate, outcome, log }))
    .pipeThrough(batches(batchSize))
    .pipeTo(publisher(kinto, { to, outcome }));
  log.summary(inventory.summary());
  const cause = job.failure ?? inventory.failure();
  job.failure = undefined;
  if (cause !== undefined) throw new InventoryFailure(name, { cause });
}

/**
 * Passes on the records to publish: different from what the server has, and valid. A record without
 * metadata, or with the date of its document instead of its listing's, never replaces a complete
 * one. It's one stage, since another stage would cost each record more than these checks.
 */
function wanting(
  { known, validate, outcome, log }: Pick<
    PublishInventoriesOptions,
    "known" | "validate" | "outcome" | "log"
  >,
): TransformStream<Described, PublishedRecord> {
  const isValid = validBy(validate, outcome);
  return new TransformStream({
    transform(described, controller) {
      if (described.state === "incomplete") {
        log.info(`${described.record.id} is incomplete: ${described.reason}`);
        return;
      }
      const { record } = described;
      outcome.read++;
      const isSecondary = described.state === "partial" || described.from === "document";
      const isKnown = isSecondary && known.hasComplete(record.id) || known.has(record);
      if (isKnown) outcome.unchanged++;
      else if (isValid(record)) controller.enqueue(record);
    },
  });
}
