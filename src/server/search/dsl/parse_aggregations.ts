import type {
  Aggregation,
  AggregationBody,
  Aggregations,
  BucketOrder,
  Interval,
  TermFilter,
} from "./aggregation.ts";
import { illegalArgument, parsingError, unsupported } from "./dsl_error.ts";
import {
  booleanOf,
  integerOf,
  isObject,
  isScalar,
  type Json,
  type JsonObject,
  type Scalar,
  textOf,
} from "./json.ts";
import { parseQuery } from "./parse_query.ts";
import { parseSort, type Sort } from "./sort.ts";
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

type Options = Readonly<Record<string, (value: Json, name: string) => void>>;

function readOptions(kind: string, body: JsonObject, options: Options): void {
  for (const [name, value] of Object.entries(body)) {
    const read = Object.hasOwn(options, name) ? options[name] : undefined;
    if (read === undefined) throw illegalArgument(`[${kind}] does not support [${name}]`);
    read(value, name);
  }
}

/** Reads the options that all aggregations of a field have, and others. */
function readField(kind: string, body: JsonObject, options: Options) {
  let field: string | undefined;
  let missing: Scalar | undefined;
  let format: string | undefined;
  readOptions(kind, body, {
    field: (value, name) => {
      if (typeof value !== "string") throw illegalArgument(`[${kind}] [${name}] must be a text`);
      field = value;
    },
    missing: (value, name) => {
      if (!isScalar(value)) throw illegalArgument(`[${kind}] wrong value of [${name}]`);
      missing = value;
    },
    format: (value, name) => {
      if (kind === "cardinality") throw illegalArgument(`[${kind}] does not support [${name}]`);
      format = textOf(value, name);
    },
    ...options,
  });
  if (field === undefined) throw illegalArgument(`[${kind}] requires a [field]`);
  return { field, missing, format };
}

function parseTerms(body: JsonObject, name: string): AggregationBody {
  let [size, minDocCount, shardMinDocCount, showsError] = [10, 1, 0, false];
  let shardSize: number | undefined;
  let [include, exclude]: (TermFilter | undefined)[] = [];
  let order: BucketOrder[] = [{ by: "count", direction: -1 }];
  const positive = (value: Json, option: string): number => {
    const number = integerOf(value, option);
    if (number <= 0) {
      throw illegalArgument(`[${option}] must be greater than 0. Found [${number}] in [${name}]`);
    }
    return number;
  };
  const ofField = readField("terms", body, {
    size: (value, option) => size = positive(value, option),
    shard_size: (value, option) => shardSize = positive(value, option),
    min_doc_count: (value, option) => minDocCount = minimum(value, option),
    shard_min_doc_count: (value, option) => shardMinDocCount = minimum(value, option),
    show_term_doc_count_error: (value, option) => showsError = booleanOf(value, option),
    execution_hint: (value, option) => void textOf(value, option),
    collect_mode: (value, option) => {
      if (!/^(depth|breadth)_first$/.test(textOf(value, option))) {
        throw illegalArgument(`no [collect_mode] found for value [${value}]`);
      }
    },
    order: (value) => order = parseOrder(value),
    include: (value, option) => include = termFilter(value, option),
    exclude: (value, option) => exclude = termFilter(value, option),
  });
  if (include !== undefined && exclude !== undefined && typeof include !== typeof exclude) {
    throw illegalArgument("Cannot mix a regex-based include with a set-based method");
  }
  return {
    kind: "terms",
    ...ofField,
    ...{ size, shardSize, minDocCount, shardMinDocCount, showsError, order, include, exclude },
  };
}

function minimum(value: Json, option: string): number {
  const number = integerOf(value, option);
  if (number < 0) throw illegalArgument(`[${option}] must be greater than or equal to 0`);
  return number;
}

function termFilter(value: Json, option: string): TermFilter {
  if (typeof value === "string") return value;
  if (isObject(value)) throw unsupported(`The option [${option}] with partitions`);
  if (!Array.isArray(value) || !value.every(isScalar)) {
    throw illegalArgument(`[${option}] must be a regular expression or a list of values`);
  }
  return value as Scalar[];
}

function parseOrder(json: Json): BucketOrder[] {
  return (Array.isArray(json) ? json : [json]).map((one) => {
    if (!isObject(one)) throw parsingError("[order] must be an object");
    const entries = Object.entries(one);
    const [key, direction] = entries.at(-1) ?? [];
    if (key === undefined) throw parsingError("Must specify at least one field for [order]");
    if (
      entries.some(([, value]) => !/^(asc|desc)$/i.test(typeof value === "string" ? value : ""))
    ) {
      throw parsingError(`Unknown order direction [${direction}]`);
    }
    const by = key === "_count" ? "count" : "key";
    if (!["_count", "_key", "_term", "_time"].includes(key)) {
      throw unsupported(`Ordering by the aggregation [${key}]`);
    }
    return { by, direction: (direction as string).toLowerCase() === "asc" ? 1 : -1 };
  });
}

/** Names of intervals, and their abbreviations. */
const UNITS: Readonly<Record<string, string>> = {
  ...{ year: "y", "1y": "y", quarter: "q", "1q": "q", month: "M", "1M": "M", week: "w", "1w": "w" },
  ...{ day: "d", "1d": "d", hour: "h", "1h": "h", minute: "m", "1m": "m", second: "s", "1s": "s" },
};

const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  H: 3_600_000,
  d: 86_400_000,
  D: 86_400_000,
  w: 604_800_000,
};

function parseInterval(value: Json, option: string): Interval {
  const text = textOf(value, option);
  const unit = Object.hasOwn(UNITS, text) ? UNITS[text] : undefined;
  if (unit !== undefined) return { unit };
  const [, count, name = "ms"] = /^(\d{1,12})(ms|[smhHdDw])?$/.exec(text.trim()) ?? [];
  if (count === undefined || name === "ms" && typeof value === "string" && !text.includes("ms")) {
    throw illegalArgument(`failed to parse the interval [${text}]`);
  }
  const ms = Number(count) * UNIT_MS[name]!;
  if (ms <= 0) throw illegalArgument("[interval] must be 1 or greater");
  return { ms };
}

function parseDateHistogram(body: JsonObject, name: string): AggregationBody {
  let interval: Interval | undefined;
  let [minDocCount, isKeyed] = [0, false];
  let order: BucketOrder[] = [{ by: "key", direction: 1 }];
  const ofField = readField("date_histogram", body, {
    interval: (value, option) => interval = parseInterval(value, option),
    min_doc_count: (value, option) => minDocCount = minimum(value, option),
    keyed: (value, option) => isKeyed = booleanOf(value, option),
    order: (value) => order = parseOrder(value),
  });
  if (interval === undefined) throw illegalArgument(`[interval] is missing in [${name}]`);
  return { kind: "date_histogram", ...ofField, interval, minDocCount, isKeyed, order };
}

function parseFilters(body: JsonObject, name: string): AggregationBody {
  let filters: [string, Json][] | undefined;
  let isKeyed = true;
  let [hasOther, otherKey]: [boolean | undefined, string | undefined] = [undefined, undefined];
  readOptions("filters", body, {
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
  readOptions("top_hits", body, {
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
