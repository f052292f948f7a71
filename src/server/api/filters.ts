import { LIMITS } from "../http/limits.ts";
import type { Query } from "../http/query_string.ts";
import { invalidPart, type Refusal } from "../http/refusal.ts";
import type { Filter } from "../store/sql.ts";
import {
  hasNul,
  isEmpty,
  isFieldName,
  isTimestamp,
  nativeValue,
  type Raw,
  valuesOf,
} from "./query_values.ts";

/** Operators by the prefix of a parameter. */
const OPERATORS: Record<string, Filter["operator"]> = {
  lt: "<",
  min: ">=",
  max: "<=",
  not: "!=",
  eq: "=",
  gt: ">",
  in: "in",
  exclude: "exclude",
  like: "like",
  has: "has",
};

const PREFIXED = new RegExp(`^(${Object.keys(OPERATORS).join("|")})_([\\p{L}\\p{N}_.]+)$`, "u");

/** Parameters that filter by `last_modified`. */
const TIMES: Record<string, Filter["operator"]> = { _since: ">", _to: "<", _before: "<" };

/**
 * The filters of a query string.
 *
 * Values are JSON where they can be (`57` is a number, `"57"` a string), text otherwise: Kinto's
 * rule, and why `target.version=57.0` finds nothing where `target.version="57.0"` does.
 *
 * @param integers the values of parameters that were read as integers
 * @param now milliseconds since 1970
 * @throws {Refusal} 400 with the name of the invalid one
 */
export function filtersOf(
  query: Query,
  integers: ReadonlyMap<string, number>,
  now: number,
): Filter[] {
  const filters: Filter[] = [];
  for (const [given, raw] of query) {
    const name = given.trim();
    const refusal = (description = `Invalid value for ${name}`) =>
      invalidPart("querystring", name, description);
    const time = Object.hasOwn(TIMES, name) ? TIMES[name] : undefined;
    if (name.startsWith("_") && time === undefined) continue;
    const value = integers.get(name) ?? nativeValue(raw);
    if (time !== undefined) {
      if (value !== null && !isTimestamp(value, now)) throw refusal();
      filters.push({ field: "last_modified", operator: time, value });
      continue;
    }
    if (name.startsWith("contains_")) throw refusal("contains_ filters are not supported");
    const [, prefix = "eq", field = name] = PREFIXED.exec(name) ?? [];
    if (!isFieldName(field)) throw refusal("Field name is too long");
    const filter = { field, operator: OPERATORS[prefix]!, value };
    filters.push({ ...filter, value: checked(filter, raw, now, refusal) });
  }
  if (filters.length > LIMITS.filters) {
    throw invalidPart("querystring", null, `More than ${LIMITS.filters} filters`);
  }
  return filters;
}

/** A filter's value in the form that its operator and field require. */
function checked(
  { field, operator, value }: Filter,
  raw: Raw,
  now: number,
  refusal: (description?: string) => Refusal,
): unknown {
  if (operator === "like" && typeof value !== "string") throw refusal();
  const isList = operator === "in" || operator === "exclude";
  const values = isList ? valuesOf(raw).map(nativeValue) : undefined;
  if (values && field === "id" && !values.every((id) => typeof id === "string")) throw refusal();
  if (hasNul(field) || hasNul(values ?? value)) throw refusal("Invalid character 0x00");
  if (field === "last_modified" && !isTimestamp(values ?? value, now)) throw refusal();
  return operator === "has" ? Boolean(value) && !isEmpty(value) : values ?? value;
}
