/** A JSON object. */
export type JsonObject = Record<string, unknown>;

/** Whether a JSON value is an object: neither an array nor null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * A text that is the same for equal JSON values, in whatever order their keys are. It isn't their
 * JSON: one flat list takes less than half the time of an object with sorted keys.
 *
 * @example
 * ```ts
 * import { canonicalText } from "./json.ts";
 * if (canonicalText({ a: 1, b: [2] }) !== canonicalText({ b: [2], a: 1 })) throw new Error();
 * ```
 */
export function canonicalText(value: unknown): string {
  const parts: unknown[] = [];
  flatten(value, parts);
  return JSON.stringify(parts);
}

/** Where an object begins, an array begins, and either ends: no name or plain value is like them. */
const [OBJECT, ARRAY, END] = [{}, [], [[]]];

function flatten(value: unknown, parts: unknown[]): void {
  if (Array.isArray(value)) {
    parts.push(ARRAY);
    for (const item of value) flatten(item, parts);
    parts.push(END);
  } else if (isObject(value)) {
    parts.push(OBJECT);
    for (const name of Object.keys(value).sort()) {
      parts.push(name);
      flatten(value[name], parts);
    }
    parts.push(END);
  } else parts.push(value);
}
