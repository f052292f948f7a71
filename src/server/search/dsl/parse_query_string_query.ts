import { parseTimeZone } from "./dates.ts";
import { illegalArgument, parsingError } from "./dsl_error.ts";
import { booleanOf, type JsonObject, textOf } from "./json.ts";
import type { Query, QueryBody } from "./query.ts";
import { boostOf, readQueryOptions } from "./query_options.ts";

/** `and` or `or`, in any case. @throws {DslError} */
export function operatorOf(text: string): "and" | "or" {
  const operator = text.toLowerCase();
  if (operator !== "and" && operator !== "or") throw illegalArgument(`No operator [${text}]`);
  return operator;
}

/** Reads the query `query_string`. @throws {DslError} */
export function parseQueryStringQuery(body: JsonObject): Query {
  let [text, defaultField, minimumShouldMatch]: (string | undefined)[] = [];
  let fields: Map<string, number> | undefined;
  let [defaultOperator, boost]: ["and" | "or", number] = ["or", 1];
  let [lenient, allowsLeadingWildcard, offsetMs]: [boolean?, boolean?, number?] = [];
  readQueryOptions("query_string", body, {
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
