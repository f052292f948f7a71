import { parseTimeZone } from "./dates.ts";
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
import { REGEXP_FLAGS } from "./lucene_regexp.ts";
import { operatorOf } from "./parse_query_string_query.ts";
import type { Query } from "./query.ts";
import { boostOf, fieldOf, parseFieldValue, readQueryOptions } from "./query_options.ts";

/** Reads the query `term`. @throws {DslError} */
export function parseTerm(body: JsonObject): Query {
  const query = parseFieldValue("term", body, ["value", "term"]);
  return { kind: "term", ...query, lenient: false };
}

/** Reads the query `terms`. @throws {DslError} */
export function parseTerms(body: JsonObject): Query {
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

/** Reads the query `range`. @throws {DslError} */
export function parseRange(body: JsonObject): Query {
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
  readQueryOptions("range", options, {
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

/** Reads the query `regexp`. @throws {DslError} */
export function parseRegexp(body: JsonObject): Query {
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

/** Reads the query `prefix`. @throws {DslError} */
export function parsePrefix(body: JsonObject): Query {
  const { value, ...query } = parseFieldValue("prefix", body, ["value"], { rewrite: noRewrite });
  return { kind: "prefix", ...query, prefix: String(value), isChecked: true, lenient: false };
}

/** Reads the query `wildcard`. @throws {DslError} */
export function parseWildcard(body: JsonObject): Query {
  const names = ["value", "wildcard"];
  const { value, ...query } = parseFieldValue("wildcard", body, names, { rewrite: noRewrite });
  return { kind: "wildcard", ...query, pattern: String(value), isChecked: true };
}

function noRewrite(value: Json): void {
  if (value !== null && value !== "constant_score") throw unsupported("The option [rewrite]");
}

/** On fields that aren't analyzed, `match` is `term`. */
export function parseMatch(body: JsonObject): Query {
  let lenient = false;
  const query = parseFieldValue("match", body, ["query"], {
    lenient: (value, name) => lenient = booleanOf(value, name),
    // What combines the words of an analyzed field has no effect here.
    operator: (value, name) => void operatorOf(textOf(value, name)),
    minimum_should_match: () => {},
  });
  return { kind: "term", ...query, lenient };
}

/** Reads the query `ids`. @throws {DslError} */
export function parseIds(body: JsonObject): Query {
  let [ids, boost]: [string[] | undefined, number] = [undefined, 1];
  readQueryOptions("ids", body, {
    values: (value, name) => {
      if (typeof value !== "string" && !Array.isArray(value)) {
        throw parsingError("[ids] [values] must be a list");
      }
      ids = [value].flat().map((one) => textOf(one, name));
    },
    type: () => {
      throw unsupported("The option [type] of the [ids] query");
    },
    boost: (value) => boost = boostOf(value),
  });
  if (ids === undefined) throw illegalArgument("[ids] requires [values]");
  return { kind: "ids", ids, boost };
}

/** Reads the query `exists`. @throws {DslError} */
export function parseExists(body: JsonObject): Query {
  let [field, boost]: [string | undefined, number] = [undefined, 1];
  readQueryOptions("exists", body, {
    field: (value, name) => field = textOf(value, name),
    boost: (value) => boost = boostOf(value),
  });
  if (field === undefined) throw parsingError("[exists] must be provided with a [field]");
  if (field === "") throw illegalArgument("field name is null or empty");
  return { kind: "exists", field, boost };
}
