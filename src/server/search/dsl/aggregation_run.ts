import type { QueryContext } from "./matcher.ts";
import { DslError } from "./dsl_error.ts";
import type { RecordIndex } from "./record_index.ts";
import type { Work } from "./work.ts";

/** The answer of an aggregation. */
export type AggregationAnswer = Record<string, unknown>;

/** Some records, ascending, with their scores. */
export interface Found {
  records: Uint32Array;
  scoreOf(record: number): number;
}

/** Computes an aggregation over some records. */
export type Aggregator = (found: Found) => Work<AggregationAnswer>;

/** Prepares an aggregation, after its columns were loaded: what is the same for all buckets. */
export type Preparation<Prepared = Aggregator> = (run: AggregationRun) => Work<Prepared>;

/** What the aggregations of one request share. */
export interface AggregationRun {
  index: RecordIndex;
  /** Counts buckets. @throws {DslError} when there are too many */
  countBuckets(count: number): void;
}

/** What aggregations are compiled with. */
export interface AggregationContext extends QueryContext {
  indexName: string;
  /** Called when scores are needed. */
  onScores(): void;
}

/** The most buckets of an answer. */
const MAX_BUCKETS = 200_000;

/** A new count of buckets. */
export function aggregationRun(index: RecordIndex): AggregationRun {
  let buckets = 0;
  return {
    index,
    countBuckets(count) {
      buckets += count;
      if (buckets <= MAX_BUCKETS) return;
      throw new DslError(
        "too_many_buckets_exception",
        `Trying to create too many buckets. Must be less than or equal to: [${MAX_BUCKETS}]`,
      );
    },
  };
}

/** A bucket with its number of records, and the aggregations within. */
export function* bucketOf(
  run: AggregationRun,
  found: Found,
  inner: Aggregator,
): Work<AggregationAnswer> {
  run.countBuckets(1);
  return { doc_count: found.records.length, ...yield* inner(found) };
}
