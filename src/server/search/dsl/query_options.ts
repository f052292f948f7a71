import { type Options, readOptions } from "./options.ts";
import { illegalArgument, parsingError, unsupported } from "./dsl_error.ts";
import { isObject, isScalar, type Json, type JsonObject, numberOf, type Scalar } from "./json.ts";

/** Reads the options of a query. @throws {DslError} when there is another one */
export function readQueryOptions(query: string, body: JsonObject, options: Options): void {
  readOptions(`[${query}] query`, body, {
    _name: () => {
      throw unsupported(`[_name] of the [${query}] query`);
    },
    ...options,
  });
}

/** The field of a query that has just one, and what is said of it. */
export function fieldOf(query: string, body: JsonObject): [field: string, value: Json] {
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
export function parseFieldValue(
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
    readQueryOptions(query, given, {
      boost: (json) => boost = boostOf(json),
      ...Object.fromEntries(valueNames.map((name) => [name, setValue])),
      ...more,
    });
  }
  if (Array.isArray(value)) throw parsingError(`[${query}] query does not support array of values`);
  if (!isScalar(value)) throw illegalArgument(`[${query}] value cannot be null`);
  return { field, value, boost };
}

/** Scores are 32-bit floats. */
export function boostOf(value: Json): number {
  return Math.fround(numberOf(value, "boost"));
}
