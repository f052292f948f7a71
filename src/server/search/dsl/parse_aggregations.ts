import type { Aggregation, AggregationBody, Aggregations } from "./aggregation.ts";
import { minimum, readField } from "./aggregation_options.ts";
import { readOptions } from "./options.ts";
import { illegalArgument, parsingError, unsupported } from "./dsl_error.ts";
import { booleanOf, integerOf, isObject, type Json, type JsonObject } from "./json.ts";
import { parseDateHistogram } from "./parse_date_histogram.ts";
import { parseQuery } from "./parse_query.ts";
import { parseSort, type Sort } from "./parse_sort.ts";
import { parseTerms } from "./parse_terms.ts";
import { parseSourceFilter, type SourceFilter } from "./source_filter.ts";

/** Reads aggregations. @throws {DslError} when they are malformed, or not supported */
export function parseAggregations(json: Json, isTop = true): Aggregations {
  if (!isObject(json)) throw parsingError("[aggs] must be an object");
  return new Map(
    Object.entries(json).map(([name, definition]) => {
      if (!/^[^[\]>]+$/.test(name)) throw parsingError(`Invalid aggregation name [${name}]`);
      return [name, parseAggregation(name, definition, isTop)];
    }),
  );
}

function parseAggregation(name: string, json: Json, isTop: boolean): Aggregation {
  if (!isObject(json)) throw parsingError(`Aggregation definition for [${name}] must be an object`);
  let body: AggregationBody | undefined;
  let inner: Aggregations | undefined;
  let meta: unknown;
  for (const [key, value] of Object.entries(json)) {
    if (!isObject(value)) throw parsingError(`Expected [START_OBJECT] under [${key}] in [${name}]`);
    if (key === "meta") meta = value;
    else if (key === "aggs" || key === "aggregations") {
      if (inner !== undefined) {
        throw parsingError(`Found two sub aggregation definitions under [${name}]`);
      }
      inner = parseAggregations(value, false);
    } else {
      if (body !== undefined) {
        throw parsingError(`Found two aggregation type definitions in [${name}]`);
      }
      body = parseBody(key, value, name);
    }
  }
  if (body === undefined) throw parsingError(`Missing definition for aggregation [${name}]`);
  if (body.kind === "global" && !isTop) {
    throw illegalArgument(
      `Global aggregations can only be defined as top level aggregations, not as [${name}]`,
    );
  }
  const isMetric = ["min", "max", "cardinality", "top_hits"].includes(body.kind);
  if (isMetric && inner !== undefined && inner.size > 0) {
    throw illegalArgument(`[${name}] of type [${body.kind}] cannot accept sub-aggregations`);
  }
  return { ...body, inner: inner ?? new Map(), meta };
}

/** Aggregations of Elasticsearch 6 that aren't supported. */
const UNSUPPORTED = new Set([
  ...["adjacency_matrix", "avg", "avg_bucket", "bucket_script", "bucket_selector", "bucket_sort"],
  ...["children", "composite", "cumulative_sum", "date_range", "derivative", "diversified_sampler"],
  ...["extended_stats", "extended_stats_bucket", "auto_date_histogram", "geo_bounds"],
  ...["geo_centroid", "geo_distance", "geohash_grid", "histogram", "ip_range", "matrix_stats"],
  ...[
    "max_bucket",
    "median_absolute_deviation",
    "min_bucket",
    "missing",
    "moving_avg",
    "moving_fn",
  ],
  ...["nested", "parent", "percentile_ranks", "percentiles", "percentiles_bucket", "range"],
  ...["reverse_nested", "sampler", "scripted_metric", "serial_diff", "significant_terms"],
  ...["significant_text", "stats", "stats_bucket", "sum", "sum_bucket", "value_count"],
  ...["weighted_avg"],
]);

function parseBody(kind: string, body: JsonObject, name: string): AggregationBody {
  switch (kind) {
    case "terms":
      return parseTerms(body, name);
    case "date_histogram":
      return parseDateHistogram(body, name);
    case "filter":
      return { kind, filter: parseQuery(body) };
    case "filters":
      return parseFilters(body, name);
    case "global":
      if (Object.keys(body).length > 0) throw parsingError(`[global] has no options, in [${name}]`);
      return { kind };
    case "cardinality": {
      const { field, missing } = readField(kind, body, {
        precision_threshold: (value, option) => {
          if (integerOf(value, option) < 0) {
            throw illegalArgument("[precisionThreshold] must be greater than or equal to 0");
          }
        },
      });
      return { kind, field, missing };
    }
    case "min":
    case "max":
      return { kind, ...readField(kind, body, {}) };
    case "top_hits":
      return parseTopHits(body, name);
    default:
      if (UNSUPPORTED.has(kind)) throw unsupported(`The aggregation [${kind}] of [${name}]`);
      throw parsingError(`Unknown BaseAggregationBuilder [${kind}]`);
  }
}

function parseFilters(body: JsonObject, name: string): AggregationBody {
  let filters: [string, Json][] | undefined;
  let isKeyed = true;
  let [hasOther, otherKey]: [boolean | undefined, string | undefined] = [undefined, undefined];
  readOptions("[filters]", body, {
    filters: (value) => {
      isKeyed = !Array.isArray(value);
      if (!isKeyed) filters = (value as Json[]).map((one, index) => [String(index), one]);
      else if (isObject(value)) filters = Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1);
      else throw parsingError(`Wrong [filters] in [${name}]`);
    },
    other_bucket: (value) => {
      if (typeof value !== "boolean") throw parsingError(`Wrong [other_bucket] in [${name}]`);
      hasOther = value;
    },
    other_bucket_key: (value) => {
      if (typeof value !== "string") throw parsingError(`Wrong [other_bucket_key] in [${name}]`);
      otherKey = value;
    },
  });
  if (filters === undefined) throw parsingError(`[filters] is missing in [${name}]`);
  const showsOther = hasOther ?? otherKey !== undefined;
  return {
    kind: "filters",
    filters: filters.map(([key, filter]) => [key, parseQuery(filter)]),
    isKeyed,
    otherKey: showsOther ? otherKey ?? "_other_" : undefined,
  };
}

/** Elasticsearch's `index.max_inner_result_window`. */
const MAX_TOP_HITS = 100;

function parseTopHits(body: JsonObject, name: string): AggregationBody {
  let [from, size, tracksScores] = [0, 3, false];
  let sort: Sort[] = [];
  let source: SourceFilter = { includes: [], excludes: [] };
  readOptions("[top_hits]", body, {
    from: (value, option) => from = minimum(value, option),
    size: (value, option) => size = minimum(value, option),
    sort: (value) => {
      // Elasticsearch takes this for the name of a field, here only.
      if (value === "_score") {
        throw parsingError("No mapping found for [_score] in order to sort on");
      }
      sort = parseSort(value);
    },
    _source: (value) => source = parseSourceFilter(value),
    track_scores: (value, option) => tracksScores = booleanOf(value, option),
  });
  if (from + size > MAX_TOP_HITS) {
    throw illegalArgument(
      `Top hits result window is too large, the top hits aggregator [${name}]'s from + size must ` +
        `be less than or equal to: [${MAX_TOP_HITS}] but was [${from + size}]`,
    );
  }
  return { kind: "top_hits", from, size, sort, source, tracksScores, showsSortedScores: false };
}
