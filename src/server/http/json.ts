/** A JSON object, as it came from outside. */
export type JsonObject = Record<string, unknown>;

/** Whether a JSON value is an object: no array, no null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Texts in which a number may stand that a double can't hold; strings may look like one, too. */
const SUSPICIOUS_NUMBER = /[:[,]\s*-?(?:\d{16,}|\d+(?:\.\d+)?[eE])/;

/**
 * Parses JSON, and refuses the numbers that would silently become others: integers beyond 2^53 and
 * what overflows a double. A record is stored as it was sent, or not at all.
 *
 * @throws {SyntaxError} saying what is wrong
 *
 * @example
 * ```ts
 * import { parseJson } from "./json.ts";
 * import { assertThrows } from "@std/assert";
 * assertThrows(() => parseJson("[9007199254740993]"), SyntaxError, "9007199254740993");
 * ```
 */
export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  if (SUSPICIOUS_NUMBER.test(text)) JSON.parse(text, refuseInexact);
  return value;
}

function refuseInexact(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (
    typeof value === "number" &&
    (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value)))
  ) {
    throw new SyntaxError(`Number ${context?.source ?? value} is too big to be stored exactly`);
  }
  return value;
}

/**
 * The value at a dotted path, as Kinto finds it: a key may hold dots itself, and the longest key
 * that exists wins at each level.
 *
 * @returns undefined when there is none; null is a value
 */
export function valueAt(object: JsonObject, path: string): unknown {
  if (Object.hasOwn(object, path)) return object[path];
  for (let dot = path.lastIndexOf("."); dot > 0; dot = path.lastIndexOf(".", dot - 1)) {
    const root = path.slice(0, dot);
    if (!Object.hasOwn(object, root)) continue;
    const value = object[root];
    return isObject(value) ? valueAt(value, path.slice(dot + 1)) : undefined;
  }
  return undefined;
}

/** The object with only these fields; `a.b` keeps `b` of `a`. */
export function subset(object: JsonObject, fields: readonly string[]): JsonObject {
  const entries = new Map<string, unknown>();
  for (const field of fields) {
    const dot = field.indexOf(".");
    const root = dot < 0 ? field : field.slice(0, dot);
    if (!Object.hasOwn(object, root)) continue;
    const value = object[root];
    if (dot < 0 || !isObject(value)) {
      entries.set(root, value);
      continue;
    }
    const before = entries.get(root);
    const part = subset(value, [field.slice(dot + 1)]);
    entries.set(root, isObject(before) ? merge(before, part) : part);
  }
  return Object.fromEntries(entries);
}

function merge(into: JsonObject, from: JsonObject): JsonObject {
  const merged = new Map(Object.entries(into));
  for (const [key, value] of Object.entries(from)) {
    const before = merged.get(key);
    merged.set(key, isObject(before) && isObject(value) ? merge(before, value) : value);
  }
  return Object.fromEntries(merged);
}

/** Whether two JSON values are equal, whatever the order of keys. */
export function sameJson(a: unknown, b: unknown): boolean {
  return a === b || canonicalJson(a) === canonicalJson(b);
}

/** JSON with sorted keys: equal values give equal texts. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(
    value,
    (_key, part) =>
      isObject(part)
        ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => a < b ? -1 : 1))
        : part,
  ) ?? "";
}
