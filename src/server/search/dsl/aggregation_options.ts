import { type Options, readOptions } from "./options.ts";
import type { BucketOrder } from "./aggregation.ts";
import { illegalArgument, parsingError, unsupported } from "./dsl_error.ts";
import {
  integerOf,
  isObject,
  isScalar,
  type Json,
  type JsonObject,
  type Scalar,
  textOf,
} from "./json.ts";

/** Reads the options that all aggregations of a field have, and others. */
export function readField(kind: string, body: JsonObject, options: Options) {
  let field: string | undefined;
  let missing: Scalar | undefined;
  let format: string | undefined;
  readOptions(`[${kind}]`, body, {
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

/** A number from 0. @throws {DslError} */
export function minimum(value: Json, option: string): number {
  const number = integerOf(value, option);
  if (number < 0) throw illegalArgument(`[${option}] must be greater than or equal to 0`);
  return number;
}

/** Reads the option `order`: one criterion, or several. @throws {DslError} */
export function parseOrder(json: Json): BucketOrder[] {
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
