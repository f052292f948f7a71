import { membersOf } from "../bits.ts";
import { compileAggregations } from "./aggregate.ts";
import {
  type AggregationAnswer,
  type AggregationContext,
  aggregationRun,
} from "./aggregation_run.ts";
import type { NumberColumn } from "./columns.ts";
import { compileQuery } from "./compile_query.ts";
import { type Hits, needsScores, pickHits } from "./hits.ts";
import { intersect, scoreOf } from "./matches.ts";
import type { NumberRange } from "./number_values.ts";
import type { RecordIndex } from "./record_index.ts";
import type { SearchRequest } from "./request.ts";
import { dateRangeFields } from "./rewrite.ts";
import { compileSort } from "./sort.ts";
import type { Work } from "./work.ts";

/** An answer as Elasticsearch 6 gives it. */
export interface SearchAnswer {
  /** Milliseconds. */
  took: number;
  timed_out: boolean;
  _shards: { total: number; successful: number; skipped: number; failed: number };
  hits: Hits;
  aggregations?: AggregationAnswer;
}

/** What a search needs from outside. */
export interface SearchOptions {
  /** Milliseconds since 1970. */
  now: () => number;
  /** Shown as `_index` and `_type` of the hits. */
  indexName: string;
}

/**
 * Answers a search request: a computation in slices, in which others can have their turn.
 *
 * Records that change meanwhile may be found as they were or as they are.
 *
 * @throws {DslError} when a value doesn't fit its field, or the answer would be too large
 * @example
 * ```ts
 * import { mappingOf } from "./mapping.ts";
 * import { RecordIndex } from "./record_index.ts";
 * import { parseRequest } from "./request.ts";
 * import { search } from "./search.ts";
 * import { finish } from "./work.ts";
 *
 * const records = [{ id: "a", channel: "beta" }, { id: "b", channel: "release" }];
 * const mapping = mappingOf({ properties: { channel: { type: "keyword" } } });
 * const index = new RecordIndex(mapping, (number) => records[number]!);
 * for (const [number, record] of records.entries()) index.put(number, record);
 *
 * const request = parseRequest('{"query": {"term": {"channel": "beta"}}}');
 * const answer = finish(search(index, request, { now: Date.now, indexName: "builds" }));
 * if (answer.hits.total !== 1) throw new Error("not found");
 * ```
 */
export function* search(
  index: RecordIndex,
  request: SearchRequest,
  { now, indexName }: SearchOptions,
): Work<SearchAnswer> {
  const startMs = now();
  const fields = new Set<string>();
  const bounds = new Map<string, NumberRange | undefined>();
  const dates = dateRangeFields(request, index.mapping);
  yield* index.load(dates);
  for (const field of dates) {
    bounds.set(field, yield* (index.column(field) as NumberColumn).bounds());
  }
  let isScored = needsScores(request);
  const context: AggregationContext = {
    mapping: index.mapping,
    nowMs: startMs,
    indexName,
    boundsOf: (field) => bounds.get(field),
    onField: (field) => fields.add(field),
    onScores: () => isScored = true,
  };
  // Aggregations decide whether scores are needed.
  const prepare = compileAggregations(request.aggregations, context);
  const query = compileQuery(request.query, context, { isScored });
  const postFilter = request.postFilter && compileQuery(request.postFilter, context);
  const sorted = compileSort(request.sort, context);
  yield* index.load(fields);

  const matches = yield* query(index);
  const scores = (record: number) => scoreOf(matches, record);
  const records = membersOf(matches.bits);
  yield;
  let aggregations: AggregationAnswer | undefined;
  if (request.aggregations.size > 0) {
    const aggregate = yield* prepare(aggregationRun(index));
    aggregations = yield* aggregate({ records, scoreOf: scores });
  }
  let shown = records;
  if (postFilter !== undefined) {
    const bits = matches.bits.slice();
    intersect(bits, (yield* postFilter(index)).bits);
    shown = membersOf(bits);
  }
  const hits = yield* pickHits(index, shown, scores, request, sorted, indexName);
  // Elasticsearch doesn't compute scores for no hits.
  if (request.size === 0) hits.max_score = 0;
  return {
    took: Math.max(0, Math.round(now() - startMs)),
    timed_out: false,
    _shards: { total: 1, successful: 1, skipped: 0, failed: 0 },
    hits,
    ...aggregations && { aggregations },
  };
}
