import { illegalArgument, parsingError, unsupported } from "./dsl_error.ts";
import { booleanOf, isObject, isScalar, type Json, type JsonObject, textOf } from "./json.ts";
import { MAX_CLAUSES, tooManyClauses } from "./max_clauses.ts";
import {
  parseExists,
  parseIds,
  parseMatch,
  parsePrefix,
  parseRange,
  parseRegexp,
  parseTerm,
  parseTerms,
  parseWildcard,
} from "./parse_field_queries.ts";
import { parseQueryStringQuery } from "./parse_query_string_query.ts";
import type { Query } from "./query.ts";
import { boostOf, readQueryOptions } from "./query_options.ts";

/** Reads a query. @throws {DslError} when it is malformed, or not supported */
export function parseQuery(json: Json): Query {
  if (!isObject(json)) throw parsingError("[_na] query malformed, must start with start_object");
  const [name, ...others] = Object.keys(json);
  if (name === undefined) throw illegalArgument("query malformed, empty clause found");
  const parse = Object.hasOwn(PARSERS, name) ? PARSERS[name] : undefined;
  if (parse === undefined) {
    if (UNSUPPORTED.has(name)) throw unsupported(`[${name}] query`);
    throw parsingError(`no [query] registered for [${name}]`);
  }
  const body = json[name]!;
  if (!isObject(body)) {
    throw parsingError(`[${name}] query malformed, no start_object after query name`);
  }
  if (others.length > 0) {
    throw parsingError(`[${name}] malformed query, expected [END_OBJECT] but found [FIELD_NAME]`);
  }
  return parse(body, name);
}

const PARSERS: Readonly<Record<string, (body: JsonObject, name: string) => Query>> = {
  match_all: (body, name) => withoutField("match_all", body, name),
  match_none: (body, name) => withoutField("match_none", body, name),
  bool: parseBool,
  term: parseTerm,
  terms: parseTerms,
  range: parseRange,
  regexp: parseRegexp,
  prefix: parsePrefix,
  wildcard: parseWildcard,
  match: parseMatch,
  ids: parseIds,
  exists: parseExists,
  query_string: parseQueryStringQuery,
  constant_score: parseConstantScore,
};

/** Queries of Elasticsearch 6 that aren't supported. */
const UNSUPPORTED = new Set([
  ...["boosting", "common", "dis_max", "function_score", "fuzzy", "geo_bounding_box"],
  ...["geo_distance", "geo_polygon", "geo_shape", "has_child", "has_parent", "intervals"],
  ...["match_phrase", "match_phrase_prefix", "more_like_this", "multi_match", "nested"],
  ...["parent_id", "percolate", "script", "simple_query_string", "span_containing"],
  ...["span_first", "span_multi", "span_near", "span_not", "span_or", "span_term"],
  ...["span_within", "field_masking_span", "terms_set", "type", "wrapper"],
]);

function withoutField(kind: "match_all" | "match_none", body: JsonObject, name: string): Query {
  let boost = 1;
  readQueryOptions(name, body, { boost: (value) => boost = boostOf(value) });
  return { kind, boost };
}

function parseConstantScore(body: JsonObject): Query {
  let [filter, boost]: [Query | undefined, number] = [undefined, 1];
  readQueryOptions("constant_score", body, {
    filter: (value) => filter = parseQuery(value),
    boost: (value) => boost = boostOf(value),
  });
  if (filter === undefined) throw parsingError("[constant_score] requires a 'filter' element");
  return { kind: "constant_score", filter, boost };
}

function parseBool(body: JsonObject): Query {
  const clauses: Record<"must" | "filter" | "should" | "mustNot", Query[]> = {
    must: [],
    filter: [],
    should: [],
    mustNot: [],
  };
  let [boost, minimumShouldMatch, adjustPureNegative]: [number, string | undefined, boolean] = [
    1,
    undefined,
    true,
  ];
  const add = (name: keyof typeof clauses) => (value: Json) => {
    if (isScalar(value)) throw parsingError(`[bool] query does not support a value as clause`);
    if (value === null) return;
    for (const one of Array.isArray(value) ? value : [value]) clauses[name].push(parseQuery(one));
  };
  readQueryOptions("bool", body, {
    must: add("must"),
    filter: add("filter"),
    should: add("should"),
    must_not: add("mustNot"),
    mustNot: add("mustNot"),
    minimum_should_match: (value, name) =>
      minimumShouldMatch = value === null ? undefined : textOf(value, name),
    adjust_pure_negative: (value, name) => adjustPureNegative = booleanOf(value, name),
    disable_coord: () => {},
    boost: (value) => boost = boostOf(value),
  });
  const total = Object.values(clauses).reduce((sum, { length }) => sum + length, 0);
  if (total > MAX_CLAUSES) throw tooManyClauses();
  return { kind: "bool", ...clauses, minimumShouldMatch, adjustPureNegative, boost };
}
