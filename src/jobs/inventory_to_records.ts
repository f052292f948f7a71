import type { Build } from "../builds/build_url.ts";
import { type Described, type RecordSources, withMetadata } from "../archive/with_metadata.ts";
import type { Total } from "../reporting/telemetry.ts";
import { gunzipIfNeeded } from "../inventory/gunzip.ts";
import { InventoryRows } from "../inventory/inventory_rows.ts";
import { RowCounts, Tally } from "../inventory/row_counts.ts";
import { toBuilds, unwantedBecause, type WantedBuilds } from "../inventory/to_builds.ts";

/** What {@linkcode InventoryToRecords} works with. */
export interface InventoryToRecordsOptions extends WantedBuilds, RecordSources {
  archiveUrl: string;
  parallelRequests: number;
  /** Told of each row that can't be read; the first row is 1. */
  onBadRow: (row: number, reason: string) => void;
  /** Once aborted, the input counts as ended: what was read of it is completed. */
  signal?: AbortSignal;
}

/** What became of the complete builds, by name; what is rare is left out when it's 0. */
export type Outcomes = Readonly<Record<string, number>>;

/** The rare ones of {@linkcode Outcomes}. */
const RARE = ["unsent", "repeated", "without build id"];

/** An inventory on its way to records: one chain, and what it counted. */
export class InventoryToRecords {
  /** `counts.rows` = `counts.ignored.total` + `counts.builds`. */
  readonly counts = new RowCounts();
  /** `counts.builds` = `complete` + `incomplete.total`, once everything is read. */
  complete = 0;
  /** Builds whose metadata is missing, by what they have in common. */
  readonly incomplete = new Tally();
  /** Why the input ended early, such as a gzip file that is cut off. */
  failure: unknown;
  readonly #options: InventoryToRecordsOptions;

  constructor(options: InventoryToRecordsOptions) {
    this.#options = options;
  }

  /**
   * CSV bytes, plain or gzip → a record for each build, in order.
   *
   * An input that fails in the middle ends the stream after all that was complete: look at
   * {@linkcode failure} then.
   */
  records(inventory: ReadableStream<Uint8Array>): ReadableStream<Described> {
    return this.described(this.builds(inventory));
  }

  /** The first half: CSV bytes → builds. */
  builds(inventory: ReadableStream<Uint8Array>): ReadableStream<Build> {
    const { counts } = this;
    const options = { ...this.#options, counts };
    return ReadableStream.from(this.#bytes(inventory))
      .pipeThrough(new InventoryRows({ ...options, ignoredBecause: unwantedBecause(options) }))
      .pipeThrough(toBuilds(options));
  }

  /** The second half: builds, or those of them whose metadata is wanted → their records. */
  described(builds: ReadableStream<Build>): ReadableStream<Described> {
    // Counted on the way: a stage of its own would cost each record more than the counting.
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

  #count({ record: { source, target }, incomplete }: Described): void {
    if (incomplete === undefined) this.complete++;
    else {
      const version = target.channel.startsWith("nightly") ? "nightly" : target.version;
      this.incomplete.add(`${source.product} ${version} ${target.platform}: ${incomplete}`);
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
   * The numbers, as lines for people; they add up.
   *
   * @param outcomes what became of the complete ones, where that's known
   */
  summary(outcomes?: Outcomes): string[] {
    const { counts, complete, incomplete } = this;
    const { rows, ignored, builds } = counts;
    const parts = outcomes
      ? Object.entries(outcomes).filter(([name, count]) => count > 0 || !RARE.includes(name))
      : [["complete", complete]];
    return [
      `${rows} rows = ${ignored.total} ignored + ${builds} builds`,
      ...ignored.entries().map(([reason, count]) => `  ${count} ${reason}`),
      `${builds} builds = ${
        [...parts, ["incomplete", incomplete.total]].map(([name, count]) => `${count} ${name}`)
          .join(" + ")
      }`,
      ...topOf(incomplete).map((line) => `  ${line}`),
      ...unknownLines(counts.unknown),
    ];
  }
}

/** What no rule knows, by shape; no lines when there is nothing. */
function unknownLines(unknown: Tally): string[] {
  if (unknown.total === 0) return [];
  return [
    `${unknown.total} files of a layout that no rule knows`,
    ...topOf(unknown).map((line) => `  ${line}`),
  ];
}

/** So many groups of incomplete builds are named; the others are summed up. */
const GROUPS_AT_MOST = 20;

function topOf(tally: Tally): string[] {
  const entries = tally.entries();
  const others = entries.slice(GROUPS_AT_MOST);
  return [
    ...entries.slice(0, GROUPS_AT_MOST).map(([reason, count]) => `${count} ${reason}`),
    ...others.length > 0
      ? [`${others.reduce((sum, [, count]) => sum + count, 0)} in ${others.length} other groups`]
      : [],
  ];
}
