import type { FoundBuild } from "../../builds/announced_build.ts";
import type { PublishedRecord } from "../../builds/record.ts";
import type { Described } from "../../archive/with_metadata.ts";
import type { InventoryToRecords } from "../inventory_to_records.ts";
import type { Kinto } from "../../kinto/kinto.ts";
import type { CollectionName } from "../../kinto/kinto_request.ts";
import type { KnownRecords } from "../../kinto/known_records.ts";
import { placeOf } from "./build_place.ts";
import type { SummaryEvent } from "../../reporting/summary.ts";
import { Ledger } from "./ledger.ts";
import { recordsWithoutBuild } from "./records_without_build.ts";

/** What {@linkcode audit} works with. */
export interface AuditOptions {
  job: InventoryToRecords;
  kinto: Kinto;
  name: CollectionName;
  /** Up to date. */
  known: KnownRecords;
  /** Where its files are, while it runs. */
  folder: string;
  /** Takes the records that are missing. @default {they are dropped} */
  publish?: WritableStream<PublishedRecord>;
  signal?: AbortSignal;
}

/** What an audit found. Its numbers add up, see {@linkcode auditSummary}. */
export interface Audit extends Disposable {
  ledger: Ledger;
  /** Builds that are in the catalogue without a build id, although the archive knows it. */
  withoutBuildId: number;
  /** Rows that say the same id again. */
  repeated: number;
  /** Records in the catalogue of products that the inventory doesn't have. */
  notCompared: number;
  /** Whether the inventory was read to its end: else nothing can be said to be gone. */
  isWhole: boolean;
}

/** The reason of what is incomplete in the catalogue alone. */
const NO_BUILD_ID = "no build id in the collection, though the archive has one";

/**
 * Compares what an archive has with what is published. Metadata is asked for only of builds that the
 * catalogue lacks: without any they're incomplete, and no gap.
 *
 * @throws as reading the collection does
 */
export async function audit(
  inventory: ReadableStream<Uint8Array>,
  options: AuditOptions,
): Promise<Audit> {
  const { job, kinto, name, known, folder, signal } = options;
  await using stack = new AsyncDisposableStack();
  const ledger = stack.use(await Ledger.open(folder));
  for await (const id of recordsWithoutBuild(kinto, name)) ledger.lack(id);
  const found: Audit = {
    ledger,
    withoutBuildId: 0,
    repeated: 0,
    notCompared: 0,
    isWhole: false,
    [Symbol.dispose]: () => ledger[Symbol.dispose](),
  };
  const products = new Set<string>();
  const absent = new TransformStream<FoundBuild, FoundBuild>({
    transform(build, controller) {
      const { id } = build;
      products.add(placeOf(id).product);
      if (!known.holds(id) || ledger.isLacking(id)) controller.enqueue(build);
      else if (!ledger.add(id, "present")) found.repeated++;
    },
  });
  const judged = new TransformStream<Described, PublishedRecord>({
    transform(described, controller) {
      const { id } = described.record;
      if (described.state === "incomplete") {
        ledger.add(id, "incomplete", described.reason);
        return;
      }
      const isLacking = ledger.isLacking(id);
      if (described.state === "partial" && isLacking) {
        // There is nothing that it could be completed with.
        if (!ledger.add(id, "present")) found.repeated++;
        return;
      }
      const isNew = isLacking
        ? ledger.add(id, "incomplete", NO_BUILD_ID)
        : ledger.add(id, "missing");
      if (!isNew) found.repeated++;
      else {
        if (isLacking) found.withoutBuildId++;
        controller.enqueue(described.record);
      }
    },
  });
  await job.described(job.builds(inventory).pipeThrough(absent)).pipeThrough(judged)
    .pipeTo(options.publish ?? new WritableStream());
  found.isWhole = job.failure === undefined && !signal?.aborted;
  for (const id of found.isWhole ? known.ids() : []) {
    if (ledger.has(id)) continue;
    const { product } = placeOf(id);
    if (product === "" || products.has(product)) ledger.add(id, "gone");
    else found.notCompared++;
  }
  stack.move();
  return found;
}

/** What an audit counted. It adds up; the sum of the builds is the job's. */
export function auditSummary(
  job: InventoryToRecords,
  { ledger, withoutBuildId, repeated, notCompared, isWhole }: Audit,
  known: KnownRecords,
): SummaryEvent[] {
  const [present, missing, gone] = (["present", "missing", "gone"] as const)
    .map((state) => ledger.count(state)) as [number, number, number];
  const builds = { present, missing, "without build id": withoutBuildId, repeated };
  const summary = job.summary(builds);
  if (!isWhole) {
    const text = "The inventory wasn't read to its end: nothing is said gone";
    return [...summary, { event: "incomplete inventory", text }];
  }
  const records = known.size;
  const incomplete = records - present - gone - notCompared;
  const parts = { present, incomplete, gone, ...notCompared > 0 && { notCompared } };
  const names = { notCompared: "of products that the inventory doesn't have" };
  return [...summary, { event: "records", count: records, parts, names }];
}
