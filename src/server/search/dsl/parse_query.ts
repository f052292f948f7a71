import { parseTimeZone } from "./dates.ts";
import { DslError, illegalArgument, parsingError, unsupported } from "./dsl_error.ts";
import {
  booleanOf,
  integerOf,
  isObject,
  isScalar,
  type Json,
  type JsonObject,
  numberOf,
  type Scalar,
  textOf,
} from "./json.ts";
import { REGEXP_FLAGS } from "./lucene_regexp.ts";
import type { Query, QueryBody } from "./query.ts";

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

/** Handles options: a function for each that is read; others are errors. */
type Options = Readonly<Record<string, (value: Json, name: string) => void>>;

function readOptions(query: string, body: JsonObject, options: Options): void {
  for (const [name, value] of Object.entries(body)) {
    if (name === "_name") throw unsupported(`[_name] of the [${query}] query`);
    const read = Object.hasOwn(options, name) ? options[name] : undefined;
    if (read === undefined) throw parsingError(`[${query}] query does not support [${name}]`);
    read(value, name);
  }
}

function withoutField(kind: "match_all" | "match_none", body: JsonObject, name: string): Query {
  let boost = 1;
  readOptions(name, body, { boost: (value) => boost = boostOf(value) });
  return { kind, boost };
}

/** The field of a query that has just one, and what is said of it. */
function fieldOf(query: string, body: JsonObject): [field: string, value: Json] {
  const fields = Object.entries(body);
  if (fields.length === 0) throw illegalArgument(`[${query}] field name is null or empty`);
  if (fields.length > 1) {
    throw parsingError(
      `[${query}] query doesn't support multiple fields, found [${fields[0]![0]}] and ` +
        `[${fields[1]![0]}]`,
    );
  }
  const [field, value] = fields[0]!;
  if (field === "") throw illegalArgument(`[${query}] field name is null or empty`);
  return [field, value];
}

/** A query of one field whose value stands alone, or in an object with options. */
function parseFieldValue(
  query: string,
  body: JsonObject,
  valueNames: readonly string[],
  more: Options = {},
): { field: string; value: Scalar; boost: number } {
  const [field, given] = fieldOf(query, body);
  let [value, boost]: [Json | undefined, number] = [given, 1];
  if (isObject(given)) {
    value = undefined;
    const setValue = (json: Json) => value = json;
    readOptions(query, given, {
      boost: (json) => boost = boostOf(json),
      ...Object.fromEntries(valueNames.map((name) => [name, setValue])),
      ...more,
    });
  }
  if (Array.isArray(value)) throw parsingError(`[${query}] query does not support array of values`);
  if (!isScalar(value)) throw illegalArgument(`[${query}] value cannot be null`);
  return { field, value, boost };
}

function parseTerm(body: JsonObject): Query {
  const query = parseFieldValue("term", body, ["value", "term"]);
  return { kind: "term", ...query, lenient: false };
}

function parseTerms(body: JsonObject): Query {
  let query: { field: string; values: Scalar[] } | undefined;
  let boost = 1;
  for (const [name, value] of Object.entries(body)) {
    if (name === "boost" && !Array.isArray(value)) boost = boostOf(value);
    else if (isObject(value)) throw unsupported("The lookup of the [terms] query");
    else if (!Array.isArray(value)) throw parsingError(`[terms] query does not support [${name}]`);
    else if (query !== undefined) {
      throw parsingError("[terms] query does not support multiple fields");
    } else {
      const values = value.map((one) => {
        if (!isScalar(one)) throw parsingError("No value specified for terms query");
        return one;
      });
      query = { field: name, values };
    }
  }
  if (query === undefined) {
    throw parsingError("[terms] query requires a field name, followed by array of terms");
  }
  return { kind: "terms", ...query, boost };
}

function parseRange(body: JsonObject): Query {
  const [field, options] = fieldOf("range", body);
  if (!isObject(options)) throw parsingError(`[range] query does not support [${field}]`);
  let [from, to]: (Scalar | undefined)[] = [];
  let [includesFrom, includesTo, boost] = [true, true, 1];
  let [format, offsetMs]: [string?, number?] = [];
  const bound = (value: Json, name: string) => {
    if (value === null) return undefined;
    if (!isScalar(value)) throw parsingError(`[range] wrong value of [${name}]`);
    return value;
  };
  readOptions("range", options, {
    from: (value, name) => from = bound(value, name),
    to: (value, name) => to = bound(value, name),
    include_lower: (value, name) => includesFrom = booleanOf(value, name),
    include_upper: (value, name) => includesTo = booleanOf(value, name),
    gt: (value, name) => (from = bound(value, name), includesFrom = false),
    gte: (value, name) => (from = bound(value, name), includesFrom = true),
    lt: (value, name) => (to = bound(value, name), includesTo = false),
    lte: (value, name) => (to = bound(value, name), includesTo = true),
    ge: (value, name) => (from = bound(value, name), includesFrom = true),
    le: (value, name) => (to = bound(value, name), includesTo = true),
    time_zone: (value, name) => offsetMs = parseTimeZone(textOf(value, name)),
    format: (value, name) => format = textOf(value, name),
    boost: (value) => boost = boostOf(value),
  });
  return {
    kind: "range",
    ...{ field, from, to, includesFrom, includesTo, format, offsetMs, boost },
    lenient: false,
  };
}

function parseRegexp(body: JsonObject): Query {
  let flags = REGEXP_FLAGS.ALL!;
  const { value, ...query } = parseFieldValue("regexp", body, ["value"], {
    flags: (value, name) => flags = flagsOf(textOf(value, name)),
    flags_value: (value, name) => flags = integerOf(value, name),
    max_determinized_states: (value, name) => void integerOf(value, name),
    rewrite: noRewrite,
  });
  return {
    kind: "regexp",
    ...query,
    pattern: String(value),
    flags,
    isChecked: true,
    lenient: false,
  };
}

function flagsOf(text: string): number {
  if (text === "") return REGEXP_FLAGS.ALL!;
  return text.split("|").reduce((flags, name) => {
    const flag = Object.hasOwn(REGEXP_FLAGS, name.toUpperCase())
      ? REGEXP_FLAGS[name.toUpperCase()]
      : undefined;
    if (flag === undefined) throw illegalArgument(`Unknown regexp flag [${name}]`);
    return flags | flag;
  }, 0);
}

function parsePrefix(body: JsonObject): Query {
  const { value, ...query } = parseFieldValue("prefix", body, ["value"], { rewrite: noRewrite });
  return { kind: "prefix", ...query, prefix: String(value), isChecked: true, lenient: false };
}

function parseWildcard(body: JsonObject): Query {
  const names = ["value", "wildcard"];
  const { value, ...query } = parseFieldValue("wildcard", body, names, { rewrite: noRewrite });
  return { kind: "wildcard", ...query, pattern: String(value), isChecked: true };
}

function noRewrite(value: Json): void {
  if (value !== null && value !== "constant_score") throw unsupported("The option [rewrite]");
}

/** On fields that aren't analyzed, `match` is `term`. */
function parseMatch(body: JsonObject): Query {
  let lenient = false;
  const query = parseFieldValue("match", body, ["query"], {
    lenient: (value, name) => lenient = booleanOf(value, name),
    // What combines the words of an analyzed field has no effect here.
    operator: (value, name) => void operatorOf(textOf(value, name)),
    minimum_should_match: () => {},
  });
  return { kind: "term", ...query, lenient };
}

function operatorOf(text: string): "and" | "or" {
  const operator = text.toLowerCase();
  if (operator !== "and" && operator !== "or") throw illegalArgument(`No operator [${text}]`);
  return operator;
}

function parseIds(body: JsonObject): Query {
  let [ids, boost]: [string[] | undefined, number] = [undefined, 1];
  readOptions("ids", body, {
    values: (value, name) =>
      ids = (Array.isArray(value) ? value : [value]).map((one) => textOf(one, name)),
    type: () => {
      throw unsupported("The option [type] of the [ids] query");
    },
    boost: (value) => boost = boostOf(value),
  });
  if (ids === undefined) throw illegalArgument("[ids] requires [values]");
  return { kind: "ids", ids, boost };
}

function parseExists(body: JsonObject): Query {
  let [field, boost]: [string | undefined, number] = [undefined, 1];
  readOptions("exists", body, {
    field: (value, name) => field = textOf(value, name),
    boost: (value) => boost = boostOf(value),
  });
  if (field === undefined) throw parsingError("[exists] must be provided with a [field]");
  if (field === "") throw illegalArgument("field name is null or empty");
  return { kind: "exists", field, boost };
}

function parseConstantScore(body: JsonObject): Query {
  let [filter, boost]: [Query | undefined, number] = [undefined, 1];
  readOptions("constant_score", body, {
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
  readOptions("bool", body, {
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

/** Elasticsearch's `indices.query.bool.max_clause_count`. */
export const MAX_CLAUSES = 1024;

/** More clauses in one `bool` than are allowed. */
export function tooManyClauses(): DslError {
  return new DslError("too_many_clauses", `maxClauseCount is set to ${MAX_CLAUSES}`);
}

function parseQueryStringQuery(body: JsonObject): Query {
  let [text, defaultField, minimumShouldMatch]: (string | undefined)[] = [];
  let fields: Map<string, number> | undefined;
  let [defaultOperator, boost]: ["and" | "or", number] = ["or", 1];
  let [lenient, allowsLeadingWildcard, offsetMs]: [boolean?, boolean?, number?] = [];
  readOptions("query_string", body, {
    query: (value, name) => text = textOf(value, name),
    default_field: (value, name) => defaultField = textOf(value, name),
    default_operator: (value, name) => defaultOperator = operatorOf(textOf(value, name)),
    fields: (value, name) => {
      if (!Array.isArray(value)) throw parsingError("[query_string] [fields] must be an array");
      fields = new Map(value.map((one) => fieldWithBoost(textOf(one, name))));
    },
    lenient: (value, name) => lenient = booleanOf(value, name),
    allow_leading_wildcard: (value, name) => allowsLeadingWildcard = booleanOf(value, name),
    // Fields that aren't analyzed have their wildcards as they stand.
    analyze_wildcard: (value, name) => void booleanOf(value, name),
    minimum_should_match: (value, name) =>
      minimumShouldMatch = value === null ? undefined : textOf(value, name),
    time_zone: (value, name) => offsetMs = parseTimeZone(textOf(value, name)),
    boost: (value) => boost = boostOf(value),
  });
  return queryString(text, {
    ...{ defaultField, fields, defaultOperator, lenient, allowsLeadingWildcard },
    ...{ minimumShouldMatch, offsetMs, boost },
  });
}

/** A query in Lucene's syntax, with its defaults. @throws {DslError} */
export function queryString(
  text: string | undefined,
  { defaultField, fields, lenient, ...options }: {
    defaultField?: string;
    fields?: Map<string, number>;
    lenient?: boolean;
    defaultOperator?: "and" | "or";
    allowsLeadingWildcard?: boolean;
    minimumShouldMatch?: string;
    offsetMs?: number;
    boost?: number;
  } = {},
): Query {
  if (text === undefined) throw parsingError("[query_string] must be provided with a [query]");
  if (defaultField !== undefined && fields !== undefined && fields.size > 0) {
    throw illegalArgument("cannot use [fields] parameter in conjunction with [default_field]");
  }
  const hasFieldList = fields !== undefined && fields.size > 0;
  const body: QueryBody = {
    kind: "query_string",
    text,
    fields: hasFieldList ? fields! : new Map([[defaultField ?? "*", 1]]),
    hasFieldList,
    lenient: lenient ?? (!hasFieldList && (defaultField ?? "*") === "*"),
    defaultOperator: options.defaultOperator ?? "or",
    allowsLeadingWildcard: options.allowsLeadingWildcard ?? true,
    minimumShouldMatch: options.minimumShouldMatch,
    offsetMs: options.offsetMs,
  };
  return { ...body, boost: options.boost ?? 1 };
}

/** `field^2` */
function fieldWithBoost(text: string): [field: string, boost: number] {
  const [field = "", boost] = text.split("^");
  return [field, boost === undefined ? 1 : boostOf(boost)];
}

/** Scores are 32-bit floats. */
function boostOf(value: Json): number {
  return Math.fround(numberOf(value, "boost"));
}
