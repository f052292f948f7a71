import { DslError, illegalArgument, parsingError } from "./dsl_error.ts";
import { javaDouble } from "./java_number.ts";

/**
 * A number that is no safe integer. Its text is kept, because `55.0` as a term is the text `55.0`,
 * and JavaScript's number would be 55.
 */
export class DecimalNumber {
  constructor(readonly literal: string) {}

  /** As Java writes it. */
  toString(): string {
    return /[.eE]/.test(this.literal) ? javaDouble(Number(this.literal)) : this.literal;
  }
}

/** A value that is neither an object nor an array. */
export type Scalar = string | number | boolean | DecimalNumber;

/** A parsed JSON value. */
export type Json = Scalar | null | Json[] | JsonObject;

/** A parsed JSON object. */
export interface JsonObject {
  [name: string]: Json;
}

/** Objects and arrays within each other; far more than any sensible query needs. */
const MAX_DEPTH = 200;

/** V8's third argument of a reviver, which TypeScript doesn't declare yet. */
type Reviver = (name: string, value: Json, context: { source?: string }) => Json;

/** Parses the body of a request. @throws {DslError} when it is no JSON object, or nested too deep */
export function parseJson(text: string): JsonObject {
  checkDepth(text);
  const revive: Reviver = (_, value, { source }) => {
    // Half a character is the replacement character to Elasticsearch.
    if (typeof value === "string") return value.toWellFormed();
    return typeof value === "number" && source !== undefined && !isPlainInteger(value, source)
      ? new DecimalNumber(source)
      : value;
  };
  let value: Json;
  try {
    value = JSON.parse(text, revive as Parameters<typeof JSON.parse>[1]);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new DslError("json_parse_exception", `Invalid JSON: ${error.message}`);
  }
  if (!isObject(value)) throw parsingError("Expected [START_OBJECT] but found another value");
  return value;
}

function isPlainInteger(value: number, source: string): boolean {
  return Number.isSafeInteger(value) && !/[.eE]/.test(source);
}

function checkDepth(text: string): void {
  let depth = 0;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/gs)) {
    if (token === "[" || token === "{") depth++;
    else if (token === "]" || token === "}") depth--;
    if (depth > MAX_DEPTH) {
      throw parsingError(`The request is nested more than ${MAX_DEPTH} levels deep`);
    }
  }
}

/** Whether a value is an object. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) &&
    !(value instanceof DecimalNumber);
}

/** Whether a value is a text, number or boolean. */
export function isScalar(value: Json | undefined): value is Scalar {
  return value !== undefined && value !== null && !Array.isArray(value) && !isObject(value);
}

/** A scalar as text. @throws {DslError} when it is none */
export function textOf(value: Json, name: string): string {
  if (!isScalar(value)) throw parsingError(`[${name}] must be a text`);
  return String(value);
}

/** A boolean, or one as text. @throws {DslError} when it is none */
export function booleanOf(value: Json, name: string): boolean {
  if (value === true || value === "true") return true;
  if (value === false || value === "false" || value === "") return false;
  throw illegalArgument(`[${name}] must be true or false`);
}

/** A number, or one as text. @throws {DslError} when it is none */
export function numberOf(value: Json, name: string): number {
  const number = typeof value === "string" || typeof value === "number" ||
      value instanceof DecimalNumber
    ? Number(String(value).trim() || "none")
    : NaN;
  if (!Number.isFinite(number)) {
    throw new DslError("number_format_exception", `[${name}] must be a number`);
  }
  return number;
}

/** A 32-bit integer, or one as text; decimals are cut off. @throws {DslError} when it is none */
export function integerOf(value: Json, name: string): number {
  const number = Math.trunc(numberOf(value, name));
  if (Math.abs(number) > 2 ** 31 - 1) {
    throw illegalArgument(`[${name}] is out of range for an integer`);
  }
  return number;
}
