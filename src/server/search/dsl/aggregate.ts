import { membersOf } from "../bits.ts";
import type { Aggregation, Aggregations } from "./aggregation.ts";
import {
  type AggregationAnswer,
  type AggregationContext,
  type Aggregator,
  bucketOf,
  type Preparation,
} from "./aggregation_run.ts";
import { compileFilter } from "./compile_query.ts";
import { dateHistogram } from "./date_histogram.ts";
import { illegalArgument } from "./dsl_error.ts";
import { filtered, severalFilters } from "./filter_buckets.ts";
import { needsScores, pickHits } from "./hits.ts";
import { cardinality, extreme } from "./metrics.ts";
import { compileSort } from "./sort.ts";
import { termsBuckets } from "./terms_buckets.ts";
import { done } from "./work.ts";

/** Checks aggregations against the mapping. @throws {DslError} */
export function compileAggregations(
  aggregations: Aggregations,
  context: AggregationContext,
): Preparation {
  const compiled = [...aggregations].map(([name, one]): [string, Preparation] => {
    const preparation = compileAggregation(one, context);
    return [name, one.meta === undefined ? preparation : withMeta(preparation, one.meta)];
  });
  return function* (run) {
    const prepared: [string, Aggregator][] = [];
    for (const [name, prepare] of compiled) prepared.push([name, yield* prepare(run)]);
    return function* (found) {
      const answer: AggregationAnswer = {};
      for (const [name, aggregate] of prepared) answer[name] = yield* aggregate(found);
      return answer;
    };
  };
}

function withMeta(prepare: Preparation, meta: unknown): Preparation {
  return function* (run) {
    const aggregate = yield* prepare(run);
    return function* (found) {
      return { meta, ...yield* aggregate(found) };
    };
  };
}

function compileAggregation(aggregation: Aggregation, context: AggregationContext): Preparation {
  const inner = compileAggregations(aggregation.inner, context);
  switch (aggregation.kind) {
    case "terms":
      return termsBuckets(aggregation, inner, context);
    case "date_histogram":
      return dateHistogram(aggregation, inner, context);
    case "filter":
      return filtered(compileFilter(aggregation.filter, context), inner);
    case "filters":
      return severalFilters(aggregation, inner, context);
    case "global":
      return function* (run) {
        const aggregate = yield* inner(run);
        return () =>
          bucketOf(run, { records: membersOf(run.index.live()), scoreOf: () => 1 }, aggregate);
      };
    case "cardinality":
      return cardinality(aggregation.field, aggregation.missing, context);
    case "min":
    case "max":
      return extreme(aggregation, context);
    case "top_hits": {
      const sorted = compileSort(aggregation.sort, context);
      if (needsScores(aggregation)) context.onScores();
      const { indexName } = context;
      return ({ index }) =>
        done(function* ({ records, scoreOf }) {
          if (records.length > 0 && aggregation.from + aggregation.size === 0) {
            throw illegalArgument("[top_hits] needs a size of at least 1");
          }
          const hits = yield* pickHits(index, records, scoreOf, aggregation, sorted, indexName);
          // Where Elasticsearch starts looking for the maximum: Java's `Float.MIN_VALUE`.
          if (hits.max_score === 0) hits.max_score = 1.4e-45;
          return { hits };
        });
    }
  }
}
