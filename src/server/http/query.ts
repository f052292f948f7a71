import { isObject } from "./json.ts";
import { pythonStr } from "./python_repr.ts";
import { ERRNO, invalid, type InvalidPart, Refusal } from "./reply.ts";
import type { Filter, Sort } from "../store/sql.ts";

/** What the query string of a list asks for. */
export interface Query {
  filters: Filter[];
  sort: Sort[];
  /** 0: as many as the server ever gives, whatever its pages are. */
  limit: number | undefined;
  token: string | undefined;
  /** Fields to return; `id` and `last_modified` always are. */
  fields: string[] | undefined;
}

/** Values by parameter; a parameter that is there twice has both. */
export type Params = ReadonlyMap<string, string | string[]>;

/** The parameters that are integers. */
export type TypedParams = ReadonlyMap<string, number>;

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

const DAY_MS = 24 * 3600 * 1000;

/**
 * Splits a query string, without its question mark.
 *
 * @throws {Refusal} 400 when it isn't UTF-8
 */
export function paramsOf(search: string): Params {
  const params = new Map<string, string | string[]>();
  for (const pair of search.split("&")) {
    if (pair === "") continue;
    const equals = pair.indexOf("=");
    const name = decode(equals < 0 ? pair : pair.slice(0, equals), search);
    const value = equals < 0 ? "" : decode(pair.slice(equals + 1), search);
    const before = params.get(name);
    params.set(name, before === undefined ? value : [before, value].flat());
  }
  return params;
}

/** The query string of some parameters, without a question mark. */
export function searchOf(params: Params): string {
  return [...params].flatMap(([name, values]) =>
    [values].flat().map((value) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
  ).join("&");
}

function decode(text: string, search: string): string {
  try {
    // A percent sign that begins no escape stands for itself.
    return decodeURIComponent(text.replaceAll("+", " ").replace(/%(?![0-9a-fA-F]{2})/g, "%25"));
  } catch {
    throw new Refusal(400, ERRNO.INVALID_PARAMETERS, {
      message:
        "A request with an incorrect encoding in the querystring wasreceived. Please make sure " +
        `your requests are encoded in UTF-8: ${search}`,
    });
  }
}

/**
 * Reads the query string of a list.
 *
 * Values are JSON where they can be (`57` is a number, `"57"` a string), text otherwise: Kinto's
 * rule, and why `target.version=57.0` finds nothing where `target.version="57.0"` does.
 *
 * @throws {Refusal} 400 naming what is wrong
 *
 * @example
 * ```ts
 * import { paramsOf, queryOf } from "./query.ts";
 * const params = paramsOf('min_download.date="2017"');
 * const { filters } = queryOf(params, new Map(), Date.now());
 * if (filters[0]?.operator !== ">=" || filters[0].value !== "2017") throw new Error();
 * ```
 */
export function queryOf(params: Params, typed: TypedParams, now: number): Query {
  const token = nativeOrText(params.get("_token"));
  return {
    filters: filtersOf(params, typed, now),
    sort: sortOf(params.get("_sort")),
    limit: typed.get("_limit") ?? (params.has("_limit") ? 0 : undefined),
    token: typeof token === "string" && token !== "" ? token : undefined,
    fields: fieldsOf(params),
  };
}

/**
 * Reads the parameters that must be integers, or text.
 *
 * @returns the integers; what is wrong is added to `errors`
 */
export function typedParamsOf(params: Params, errors: InvalidPart[]): TypedParams {
  const integers = new Map<string, number>();
  for (const name of ["_limit", "_since", "_to", "_before", "last_modified"]) {
    const value = integer(name, params.get(name), errors);
    if (value !== undefined) integers.set(name, value);
  }
  for (const name of ["id", "_token"]) {
    const value = nativeOrText(params.get(name));
    if (value === undefined || value === null || typeof value === "string") continue;
    const description = `${pythonStr(value)} is not a string: {'${name}': ''}`;
    errors.push({ location: "querystring", name, description });
  }
  return integers;
}

/** The fields that a query asks for. */
export function fieldsOf(params: Params): string[] | undefined {
  const fields = listOf(params.get("_fields")).filter((field) => field !== "");
  return fields.length > 0 ? [...fields, "id", "last_modified"] : undefined;
}

function filtersOf(params: Params, typed: TypedParams, now: number): Filter[] {
  const filters: Filter[] = [];
  for (const [given, raw] of params) {
    const name = given.trim();
    const refuse = (description = `Invalid value for ${name}`) =>
      invalid([{ location: "querystring", name, description }]);
    const isTime = ["_since", "_to", "_before"].includes(name);
    if (name.startsWith("_") && !isTime) continue;
    const value = typed.get(name) ?? native(raw);
    if (isTime) {
      if (value !== null && !isTimestamp(value, now)) throw refuse();
      filters.push({ field: "last_modified", operator: name === "_since" ? ">" : "<", value });
      continue;
    }
    if (name.startsWith("contains_")) throw refuse("contains_ filters are not supported");
    const match = /^(lt|min|max|not|eq|gt|in|exclude|like|has)_([\p{L}\p{N}_.]+)$/u.exec(name);
    const operator = OPERATORS[match?.[1] ?? "eq"] as Filter["operator"];
    const field = match?.[2] ?? name;
    filters.push({ field, operator, value: checked(field, operator, value, raw, now, refuse) });
  }
  return filters;
}

/** A filter's value, as its operator and field want it. */
function checked(
  field: string,
  operator: Filter["operator"],
  value: unknown,
  raw: string | string[],
  now: number,
  refuse: (description?: string) => Refusal,
): unknown {
  if (operator === "like" && typeof value !== "string") throw refuse();
  const values = operator === "in" || operator === "exclude" ? listOf(raw).map(native) : undefined;
  if (values && field === "id" && !values.every((id) => typeof id === "string")) throw refuse();
  if (hasNull(field) || hasNull(values ?? value)) throw refuse("Invalid character 0x00");
  if (field === "last_modified" && !isTimestamp(values ?? value, now)) throw refuse();
  return operator === "has" ? isTruthy(value) : values ?? value;
}

/** `_sort=a,-b`; the newest first among equals. What is no field name is passed over. */
function sortOf(raw: string | string[] | undefined): Sort[] {
  const sort = new Map<string, Sort>();
  for (const name of [...listOf(raw), "-last_modified"]) {
    const [, sign, field] = /^([-+]?)([\p{L}\p{N}_.]+)$/u.exec(name.trim()) ?? [];
    // A field that is already sorted by has no say any more.
    if (field === undefined || sort.has(field)) continue;
    sort.set(field, { field, direction: sign === "-" ? -1 : 1 });
  }
  return [...sort.values()];
}

function integer(
  name: string,
  raw: string | string[] | undefined,
  errors: InvalidPart[],
): number | undefined {
  const value = nativeOrText(raw);
  if (value === undefined || value === null || value === "" || isEmpty(value)) return undefined;
  const number = typeof value === "string" && /^\s*[-+]?\d+\s*$/.test(value)
    ? Number(value)
    : typeof value === "number"
    ? Math.trunc(value)
    : NaN;
  const refuse = (description: string) => {
    errors.push({ location: "querystring", name, description });
    return undefined;
  };
  if (!Number.isFinite(number)) return refuse(`"${pythonStr(value)}" is not a number`);
  if (number < 0) return refuse(`${number} is less than minimum value 0`);
  if (number > 2 ** 63) {
    return refuse(`${BigInt(number)} is greater than maximum value ${2n ** 63n}`);
  }
  return number;
}

/** Milliseconds since 1970, not after tomorrow; digits, and digits between quotes, do as well. */
export function isTimestamp(value: unknown, now: number): boolean {
  if (typeof value === "string" && !/^(\d+|"\d+")$/.test(value)) return false;
  if (typeof value !== "string" && typeof value !== "number") return false;
  const number = Math.trunc(Number(String(value).replaceAll('"', "")));
  return number >= 0 && number < now + DAY_MS;
}

/** A parameter's value as JSON if it is some, as text if not. */
function native(raw: string | string[]): unknown {
  if (Array.isArray(raw)) return raw;
  try {
    return JSON.parse(raw);
  } catch {
    return raw;
  }
}

/** The same, but that booleans stay text: they'd pass for integers in Kinto. */
function nativeOrText(raw: string | string[] | undefined): unknown {
  if (raw === undefined) return undefined;
  const value = native(raw);
  return typeof value === "boolean" ? raw : value;
}

function listOf(raw: string | string[] | undefined): string[] {
  if (raw === undefined) return [];
  return Array.isArray(raw) ? raw : raw === "" ? [] : raw.split(",");
}

/** Whether a NUL character is anywhere in a value: texts may not have one. */
export function hasNull(value: unknown): boolean {
  if (typeof value === "string") return value.includes("\0");
  if (Array.isArray(value)) return value.some(hasNull);
  return isObject(value) && Object.entries(value).some(hasNull);
}

function isTruthy(value: unknown): boolean {
  return isEmpty(value) ? false : Boolean(value);
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value)
    ? value.length === 0
    : isObject(value) && Object.keys(value).length === 0;
}
