import { LIMITS } from "../http/limits.ts";
import type { Query } from "../http/query_string.ts";
import { invalidPart } from "../http/refusal.ts";
import type { Filter, Sort } from "../store/sql.ts";
import { filtersOf } from "./filters.ts";
import { pythonStr } from "./python_repr.ts";
import { isEmpty, isFieldName, nativeOrText, type Raw, valuesOf } from "./query_values.ts";
import type { Mistakes } from "./validator.ts";

/** What the query string of a list asks for. */
export interface ListQuery {
  filters: Filter[];
  sort: Sort[];
  /** 0: as many as the limit of all pages allows, whatever the server's setting. */
  limit: number | undefined;
  token: string | undefined;
  /** Fields to return; `id` and `last_modified` always are. */
  fields: string[] | undefined;
}

/**
 * Reads the query string of a list.
 *
 * @param integers what {@linkcode integersOf} read
 * @param now milliseconds since 1970
 * @throws {Refusal} 400 with the name of the invalid parameter
 *
 * @example
 * ```ts
 * import { parseQuery } from "../http/query_string.ts";
 * import { listQueryOf } from "./list_query.ts";
 * import { assertEquals } from "@std/assert";
 * const { filters } = listQueryOf(parseQuery('min_download.date="2017"'), new Map(), Date.now());
 * assertEquals(filters, [{ field: "download.date", operator: ">=", value: "2017" }]);
 * ```
 */
export function listQueryOf(
  query: Query,
  integers: ReadonlyMap<string, number>,
  now: number,
): ListQuery {
  const token = nativeOrText(query.get("_token"));
  return {
    filters: filtersOf(query, integers, now),
    sort: sortOf(query.get("_sort")),
    limit: integers.get("_limit") ?? (query.has("_limit") ? 0 : undefined),
    token: typeof token === "string" && token !== "" ? token : undefined,
    fields: fieldsOf(query),
  };
}

/** Reads the parameters that must be integers, and checks those that must be text. */
export function integersOf(query: Query, mistakes: Mistakes): ReadonlyMap<string, number> {
  const integers = new Map<string, number>();
  for (const name of ["_limit", "_since", "_to", "_before", "last_modified"]) {
    const value = nativeOrText(query.get(name));
    if (value === undefined || value === null || value === "" || isEmpty(value)) continue;
    const number = integerOf(value);
    const mistake = mistakeIn(number, value);
    if (mistake === undefined) integers.set(name, number);
    else mistakes.add("querystring", name, mistake);
  }
  for (const name of ["id", "_token"]) {
    const value = nativeOrText(query.get(name));
    if (value === undefined || value === null || typeof value === "string") continue;
    mistakes.add("querystring", name, `${pythonStr(value)} is not a string: {'${name}': ''}`);
  }
  return integers;
}

/** The fields that a query asks for. @throws {Refusal} 400 for too many */
export function fieldsOf(query: Query): string[] | undefined {
  const fields = valuesOf(query.get("_fields")).filter((field) => field !== "");
  checkFields("_fields", fields, LIMITS.fields);
  return fields.length > 0 ? [...fields, "id", "last_modified"] : undefined;
}

/** @throws {Refusal} 400 for too many fields, or a name that is too long */
function checkFields(parameter: string, fields: readonly string[], most: number): void {
  const refuse = (description: string) => invalidPart("querystring", parameter, description);
  if (fields.length > most) throw refuse(`More than ${most} fields`);
  if (!fields.every(isFieldName)) throw refuse("Field name is too long");
}

/** `_sort=a,-b`, then the newest first. What isn't a field's name is ignored, as by Kinto. */
function sortOf(raw: Raw | undefined): Sort[] {
  const sort = new Map<string, Sort>();
  const names = valuesOf(raw);
  checkFields("_sort", names, LIMITS.sortFields);
  for (const name of [...names, "-last_modified"]) {
    const [, sign, field] = /^([-+]?)([\p{L}\p{N}_.]+)$/u.exec(name.trim()) ?? [];
    if (field === undefined || sort.has(field)) continue;
    sort.set(field, { field, direction: sign === "-" ? -1 : 1 });
  }
  return [...sort.values()];
}

/** NaN when it's no number. */
function integerOf(value: unknown): number {
  if (typeof value === "string") return /^\s*[-+]?\d+\s*$/.test(value) ? Number(value) : NaN;
  return typeof value === "number" ? Math.trunc(value) : NaN;
}

function mistakeIn(number: number, value: unknown): string | undefined {
  if (!Number.isFinite(number)) return `"${pythonStr(value)}" is not a number`;
  if (number < 0) return `${number} is less than minimum value 0`;
  if (number <= 2 ** 63) return undefined;
  return `${BigInt(number)} is greater than maximum value ${2n ** 63n}`;
}
