import { illegalArgument, unsupported } from "./dsl_error.ts";
import { isObject, isScalar, type Json, type Scalar } from "./json.ts";

/** One criterion of an order. */
export interface Sort {
  /** `_score` and `_doc` (the order of the records) are none of the mapping. */
  field: string;
  direction: 1 | -1;
  /** What records without a value count as: `_first`, `_last` or a value. */
  missing: Scalar;
  /** The type of a field that the mapping doesn't have; without one, that is an error. */
  unmappedType: string | undefined;
}

/** Reads the option `sort`. @throws {DslError} when it is malformed */
export function parseSort(json: Json): Sort[] {
  const parts = Array.isArray(json) ? json : [json];
  const sorts = parts.flatMap((part) => {
    if (typeof part === "string") return [sortBy(part)];
    if (!isObject(part)) {
      throw illegalArgument("malformed sort format, either start with array, object, or a string");
    }
    return Object.entries(part).map(([field, options]) => parseOptions(field, options));
  });
  return sorts;
}

function sortBy(field: string): Sort {
  return {
    field,
    direction: field === "_score" ? -1 : 1,
    missing: "_last",
    unmappedType: undefined,
  };
}

function parseOptions(field: string, options: Json): Sort {
  const sort = sortBy(field);
  if (typeof options === "string") return { ...sort, direction: directionOf(options) };
  if (!isObject(options)) throw illegalArgument(`[field_sort] malformed sort of [${field}]`);
  for (const [name, value] of Object.entries(options)) {
    if (name === "order") sort.direction = directionOf(stringOf(value, name));
    else if (field === "_score" || field === "_geo_distance" || field === "_script") {
      throw unsupported(`The option [${name}] of sorting by [${field}]`);
    } else if (name === "missing" && (value === null || isScalar(value))) {
      sort.missing = value ?? "_last";
    } else if (name === "unmapped_type") sort.unmappedType = stringOf(value, name);
    else if (name === "mode") checkMode(stringOf(value, name));
    else throw illegalArgument(`[field_sort] unknown field [${name}], parser not found`);
  }
  return sort;
}

function stringOf(value: Json, name: string): string {
  if (typeof value !== "string") throw illegalArgument(`[field_sort] [${name}] must be a text`);
  return value;
}

function directionOf(text: string): 1 | -1 {
  const order = text.toLowerCase();
  if (order !== "asc" && order !== "desc") throw illegalArgument(`No sort order [${text}]`);
  return order === "asc" ? 1 : -1;
}

/** Fields have one value, so that the mode makes no difference. */
function checkMode(mode: string): void {
  if (!/^(min|max)$/i.test(mode)) throw unsupported(`The sort mode [${mode}]`);
}
