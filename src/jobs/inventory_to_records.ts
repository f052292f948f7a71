import type { FoundBuild } from "../builds/announced_build.ts";
import { Classifier } from "../builds/classify.ts";
import { type Described, type RecordSources, withMetadata } from "../archive/with_metadata.ts";
import { counted } from "../errors/counted.ts";
import { interruptedAfter, type SummaryEvent } from "../reporting/summary.ts";
import type { Total } from "../reporting/telemetry.ts";
import { gunzipIfNeeded } from "../inventory/gunzip.ts";
import { InventoryRows } from "../inventory/inventory_rows.ts";
import { RowCounts, Tally } from "../inventory/row_counts.ts";
import { toBuilds, type ToBuildsOptions } from "../inventory/to_builds.ts";

/** What {@linkcode InventoryToRecords} works with. */
export interface InventoryToRecordsOptions
  extends Pick<ToBuildsOptions, "modifiedSince">, RecordSources {
  /** As PRODUCTS names them: `firefox`, `mobile`. */
  products: readonly string[];
  parallelRequests: number;
  /** Called with each row that can't be read; the first row is 1. */
  onBadRow: (row: number, reason: string) => void;
  /** Once aborted, reading stops, and what was read is completed. */
  signal?: AbortSignal;
}

/** How many complete builds had each outcome; the rare ones are left out when they are 0. */
export type Outcomes = Readonly<Record<string, number>>;

/** The rare {@linkcode Outcomes}. */
const RARE = ["unsent", "repeated", "without build id"];

/** Turns an inventory into records, and counts. */
export class InventoryToRecords {
  /** `counts.rows` = `counts.ignored.total` + `counts.builds`. */
  readonly counts = new RowCounts();
  /** `counts.builds` = `complete` + `partial` + `incomplete.total`, once everything is read. */
  complete = 0;
  /** Builds that are published without metadata. */
  partial = 0;
  /** Builds that aren't published, such as those without metadata, by what they have in common. */
  readonly incomplete = new Tally();
  /** Why the input ended early, such as a gzip file that is cut off. */
  failure: unknown;
  readonly #options: InventoryToRecordsOptions;
  /** Of complete builds that a document announced: few, beside all that an archive holds. */
  readonly #announcedIds = new Set<string>();

  constructor(options: InventoryToRecordsOptions) {
    this.#options = options;
  }

  /**
   * CSV bytes, plain or gzip → a record for each build, in order.
   *
   * An input that fails in the middle ends the stream after its last complete row, and sets
   * {@linkcode failure}.
   */
  records(inventory: ReadableStream<Uint8Array>): ReadableStream<Described> {
    return this.described(this.builds(inventory));
  }

  /** The first half: CSV bytes → builds. */
  builds(inventory: ReadableStream<Uint8Array>): ReadableStream<FoundBuild> {
    const { counts } = this;
    const options = { ...this.#options, counts, announcedIds: this.#announcedIds };
    const classifier = new Classifier(options.products);
    const classify = (path: string, sizeBytes?: number) => classifier.classify(path, sizeBytes);
    return ReadableStream.from(this.#bytes(inventory))
      .pipeThrough(new InventoryRows({ ...options, classify }))
      .pipeThrough(toBuilds(options));
  }

  /** The second half: all builds, or some of them → their records. */
  described(builds: ReadableStream<FoundBuild>): ReadableStream<Described> {
    // Counted here, since another stage of the stream would cost more than the counting.
    const onResult = (described: Described) => this.#count(described);
    return builds.pipeThrough(withMetadata({ ...this.#options, onResult }));
  }

  async *#bytes(inventory: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
    try {
      yield* gunzipIfNeeded(inventory, this.#options.signal);
    } catch (error) {
      this.failure = error;
    }
  }

  #count(described: Described): void {
    if (described.state === "complete") {
      this.complete++;
      if (described.from === "document") this.#announcedIds.add(described.record.id);
    } else if (described.state === "partial") this.partial++;
    else {
      const { record: { source, target }, reason } = described;
      const version = target.channel.startsWith("nightly") ? "nightly" : target.version;
      this.incomplete.add(`${source.product} ${version} ${target.platform}: ${reason}`);
    }
  }

  /** The totals, for telemetry. */
  *totals(): Generator<Total> {
    const { ignored, builds, unknown, layouts } = this.counts;
    yield ["buildhub.rows", ignored.total, { result: "ignored" }];
    yield ["buildhub.rows", builds, { result: "build" }];
    for (const [kind, count] of layouts.entries()) yield ["buildhub.builds", count, { kind }];
    yield ["buildhub.unknown", unknown.total, {}];
    yield ["buildhub.records", this.incomplete.total, { result: "incomplete" }];
  }

  /**
   * The summary: numbers that add up.
   *
   * @param outcomes of the complete builds, if known
   */
  summary(outcomes?: Outcomes): SummaryEvent[] {
    const { counts, complete, partial, incomplete } = this;
    const { rows, ignored, builds } = counts;
    const parts = outcomes
      ? Object.entries(outcomes).filter(([name, count]) => count > 0 || !RARE.includes(name))
      : [["complete", complete + partial]];
    const rowsRead = counted(rows, "rows");
    return [
      ...this.#options.signal?.aborted ? [interruptedAfter(rowsRead)] : [],
      { event: "rows", count: rows, parts: { ignored: ignored.total, builds } },
      ...ignored.entries().map(([reason, count]) => ({ event: "ignored", reason, count })),
      {
        ...{ event: "builds", count: builds },
        parts: { ...Object.fromEntries(parts), incomplete: incomplete.total },
      },
      ...partial > 0
        ? [{ event: "builds", reason: "of them without metadata", count: partial }]
        : [],
      ...topOf("incomplete", incomplete),
      ...unknownFiles(counts.unknown),
    ];
  }
}

/** The files that no rule knows, by shape; nothing when there are none. */
function unknownFiles(unknown: Tally): SummaryEvent[] {
  const { total: count } = unknown;
  if (count === 0) return [];
  const text = counted(count, "files of a layout that no rule knows");
  return [{ event: "unknown files", text, data: { count } }, ...topOf("unknown", unknown)];
}

/** How many groups of incomplete builds are listed; the others are summed up. */
const GROUPS_AT_MOST = 20;

function topOf(event: string, tally: Tally): SummaryEvent[] {
  const entries = tally.entries();
  const others = entries.slice(GROUPS_AT_MOST);
  return [
    ...entries.slice(0, GROUPS_AT_MOST).map(([reason, count]) => ({ event, reason, count })),
    ...others.length > 0
      ? [{
        ...{ event, reason: `in ${counted(others.length, "other groups")}` },
        count: others.reduce((sum, [, count]) => sum + count, 0),
      }]
      : [],
  ];
}
