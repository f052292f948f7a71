import type { Aggregations, BucketOrder, TermsAggregation } from "./aggregation.ts";
import type { AggregationAnswer, AggregationContext, Preparation } from "./aggregation_run.ts";
import { groupRecords } from "./group_records.ts";
import { firstSorted } from "./sorting.ts";
import { type Counts, countValues } from "./term_counts.ts";
import { type Values, valuesOf } from "./term_values.ts";
import { RECORDS_PER_SLICE, type Work } from "./work.ts";

const BUCKETS_PER_SLICE = 1000;

/** A bucket for each value of a field. @throws {DslError} when the field doesn't allow it */
export function termsBuckets(
  aggregation: TermsAggregation & { inner: Aggregations },
  inner: Preparation,
  context: AggregationContext,
): Preparation {
  const prepareValues = valuesOf(aggregation, context);
  const hasInner = aggregation.inner.size > 0;
  return function* (run) {
    const values = yield* prepareValues(run);
    const aggregate = yield* inner(run);
    return function* ({ records, scoreOf }) {
      const { size, minDocCount, shardMinDocCount, showsError } = aggregation;
      const counts = yield* countValues(values, records, minDocCount === 0);
      let total = 0;
      const candidates: number[] = [];
      for (const [place, key] of counts.keys.entries()) {
        const count = counts.countOf(key);
        total += count;
        if (count >= shardMinDocCount) candidates.push(key);
        if (place % RECORDS_PER_SLICE === RECORDS_PER_SLICE - 1) yield;
      }
      // In two steps, as a shard and the node that asks it do: what is too rare, is left out last.
      const shard = yield* firstKeys(candidates, counts, aggregation, values);
      const error = errorBound(aggregation, shard.length);
      let others = total - sum(shard, counts);
      const frequent = shard.filter((key) => counts.countOf(key) >= minDocCount);
      const first = frequent.slice(0, size);
      others += sum(frequent.slice(size), counts);
      run.countBuckets(first.length);
      const grouped = hasInner ? yield* groupRecords(records, first, values.keyOf) : undefined;
      const buckets: AggregationAnswer[] = [];
      for (const [place, key] of first.entries()) {
        buckets.push({
          ...values.show(key),
          doc_count: counts.countOf(key),
          ...showsError && { doc_count_error_upper_bound: error },
          ...grouped && (yield* aggregate({ records: grouped[place]!, scoreOf })),
        });
        if (place % BUCKETS_PER_SLICE === BUCKETS_PER_SLICE - 1) yield;
      }
      return {
        doc_count_error_upper_bound: error,
        sum_other_doc_count: others,
        buckets,
      };
    };
  };
}

/**
 * What Elasticsearch says of counts that it can't be sure of: -1 when the rarest values are asked
 * for, and a shard may have left some out. All are counted here, but the answer is the same.
 */
function errorBound(aggregation: TermsAggregation, buckets: number): number {
  const [{ by, direction } = { by: "count", direction: -1 }] = aggregation.order;
  return by === "count" && direction === 1 && buckets >= shardSizeOf(aggregation) ? -1 : 0;
}

/** How many buckets a shard answers. */
function shardSizeOf({ size, shardSize, order }: TermsAggregation): number {
  const byDefault = order[0]?.by === "key" ? size : Math.floor(size * 1.5 + 10);
  return Math.max(size, shardSize ?? byDefault);
}

function sum(keys: readonly number[], { countOf }: Counts): number {
  return keys.reduce((total, key) => total + countOf(key), 0);
}

function* firstKeys(
  keys: readonly number[],
  { countOf }: Counts,
  aggregation: TermsAggregation,
  values: Values,
): Work<number[]> {
  const compareKeys = yield* values.comparer(keys.length);
  const all: readonly BucketOrder[] = [...aggregation.order, { by: "key", direction: 1 }];
  const size = shardSizeOf(aggregation);
  const places = new Uint32Array(keys.length);
  for (let place = 0; place < places.length; place++) places[place] = place;
  const first = yield* firstSorted(places, Math.min(size, keys.length), (a, b) => {
    for (const { by, direction } of all) {
      const difference = by === "count"
        ? countOf(keys[a]!) - countOf(keys[b]!)
        : compareKeys(keys[a]!, keys[b]!);
      if (difference !== 0) return difference * direction;
    }
    return 0;
  });
  const result: number[] = [];
  for (const place of first) result.push(keys[place]!);
  return result;
}
