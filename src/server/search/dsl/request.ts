import type { Aggregations } from "./aggregation.ts";
import { DslError, illegalArgument, parsingError, unsupported } from "./dsl_error.ts";
import type { HitsOptions } from "./hits.ts";
import { booleanOf, integerOf, isObject, isScalar, type Json, parseJson } from "./json.ts";
import { parseAggregations } from "./parse_aggregations.ts";
import { parseQuery } from "./parse_query.ts";
import { queryString } from "./parse_query_string_query.ts";
import type { Query } from "./query.ts";
import { parseSort } from "./parse_sort.ts";
import { parseSourceFilter } from "./source_filter.ts";

/** A search request. */
export interface SearchRequest extends HitsOptions {
  query: Query;
  /** Filters the hits, but not the aggregations. */
  postFilter: Query | undefined;
  aggregations: Aggregations;
}

/** How many records are answered. */
export interface SizeOptions {
  /** When the request doesn't say. @default {10} */
  defaultSize?: number;
  /** Larger sizes are reduced to this. */
  maxSize?: number;
  /** Larger sizes are refused. */
  sizeLimit?: number;
}

/** Elasticsearch's `index.max_result_window`. */
const MAX_RESULT_WINDOW = 10_000;

/** Options of Elasticsearch 6 that aren't supported, when they aren't false. */
const UNSUPPORTED = new Set([
  ...["min_score", "version", "seq_no_primary_term", "explain", "profile", "stored_fields"],
  ...["docvalue_fields", "script_fields", "indices_boost", "highlight", "suggest", "rescore"],
  ...["ext", "search_after", "collapse", "slice", "terminate_after"],
]);

/** Options that change nothing of the answer. */
const IGNORED = new Set(["timeout", "stats"]);

/**
 * Reads the body of a search request.
 *
 * @param text JSON; an empty text asks for everything
 * @throws {DslError} when it is malformed, or asks for what isn't supported
 */
export function parseRequest(text: string, options: SizeOptions = {}): SearchRequest {
  const request = emptyRequest(options);
  let aggregations: Json | undefined;
  for (const [name, value] of Object.entries(text.trim() === "" ? {} : parseJson(text))) {
    if (value === null) throw parsingError(`Unknown key for a VALUE_NULL in [${name}]`);
    switch (name) {
      case "from":
        request.from = integerOf(value, name);
        break;
      case "size":
        request.size = integerOf(value, name);
        break;
      case "query":
        request.query = parseQuery(object(value, name));
        break;
      case "post_filter":
        request.postFilter = parseQuery(object(value, name));
        break;
      case "aggs":
      case "aggregations":
        aggregations = object(value, name);
        break;
      case "sort":
        request.sort = parseSort(value);
        break;
      case "_source":
        request.source = parseSourceFilter(value);
        break;
      case "track_scores":
        request.tracksScores = booleanOf(value, name);
        break;
      case "track_total_hits":
        if (!booleanOf(value, name)) throw unsupported(`[${name}] without a total`);
        break;
      default:
        if (IGNORED.has(name)) break;
        if (UNSUPPORTED.has(name) && value !== false) throw unsupported(`The option [${name}]`);
        if (!UNSUPPORTED.has(name)) {
          throw parsingError(`Unknown key in [${name}]`);
        }
    }
  }
  if (aggregations !== undefined) request.aggregations = parseAggregations(aggregations);
  return checkWindow(request, options);
}

/** A request by a query in Lucene's syntax, as in `?q=`. @throws {DslError} */
export function requestByText(text: string | undefined, options: SizeOptions = {}): SearchRequest {
  const request = emptyRequest(options);
  if (text !== undefined) request.query = queryString(text);
  return checkWindow(request, options);
}

function emptyRequest({ defaultSize = 10 }: SizeOptions): SearchRequest {
  return {
    query: { kind: "match_all", boost: 1 },
    postFilter: undefined,
    aggregations: new Map(),
    from: 0,
    size: defaultSize,
    sort: [],
    source: { includes: [], excludes: [] },
    tracksScores: false,
    showsSortedScores: true,
  };
}

function object(value: Json, name: string): Json {
  if (isObject(value)) return value;
  throw parsingError(`Unknown key for a ${isScalar(value) ? "value" : "START_ARRAY"} in [${name}]`);
}

function checkWindow(
  request: SearchRequest,
  { maxSize, sizeLimit = Infinity }: SizeOptions,
): SearchRequest {
  // Elasticsearch takes -1 as if nothing was said.
  if (request.from === -1) request.from = 0;
  if (request.size === -1) request.size = 10;
  if (request.from < 0) throw illegalArgument("[from] parameter cannot be negative");
  if (request.size < 0) {
    throw illegalArgument(`[size] parameter cannot be negative, found [${request.size}]`);
  }
  if (request.size > sizeLimit) {
    throw illegalArgument(`Search size too large (${request.size})`);
  }
  if (maxSize !== undefined && request.size > maxSize) request.size = maxSize;
  const last = request.from + request.size;
  if (last > MAX_RESULT_WINDOW) {
    throw new DslError(
      "query_phase_execution_exception",
      `Result window is too large, from + size must be less than or equal to: ` +
        `[${MAX_RESULT_WINDOW}] but was [${last}]`,
    );
  }
  return request;
}
