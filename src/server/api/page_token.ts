import { isObject, type JsonObject } from "../../net/json.ts";
import { invalidPart, type Refusal } from "../http/refusal.ts";
import type { Sort } from "../store/sql.ts";
import { hasNul, isTimestamp } from "./query_values.ts";

/** Where a page ended: the content of a `_token`. */
export interface PageEnd {
  /** The last object's values of the fields that the list is sorted by. */
  values: JsonObject;
  /** Its number, which orders objects with the same values. */
  seq?: number;
  /** How many objects came before. */
  offset: number;
  nonce: string;
}

/** Writes a `_token`, in Kinto's form. */
export function tokenOf({ values, seq, offset, nonce }: PageEnd): string {
  const json = JSON.stringify({ last_object: values, seq, offset, nonce });
  return new TextEncoder().encode(json).toBase64();
}

/** Reads a `_token`. @throws {Refusal} 400 */
export function pageEndOf(token: string, sort: readonly Sort[], now: number): PageEnd {
  try {
    const bytes = Uint8Array.fromBase64(token);
    const json: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (!isObject(json) || !isObject(json.last_object)) throw new SyntaxError();
    const { last_object: values, seq, offset, nonce } = json;
    if (!isCount(offset) || typeof nonce !== "string") throw new SyntaxError();
    if (seq !== undefined && !isCount(seq)) throw new SyntaxError();
    for (const { field } of sort) {
      const value = Object.hasOwn(values, field) ? values[field] : undefined;
      if (field === "last_modified" && !isTimestamp(value, now)) throw new SyntaxError();
      if (typeof value === "object" && value !== null || hasNul(value)) throw new SyntaxError();
    }
    return { values, seq, offset, nonce };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw invalidToken("_token has invalid content");
  }
}

/** 400 about the `_token`. */
export function invalidToken(description: string): Refusal {
  return invalidPart("querystring", null, description);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
