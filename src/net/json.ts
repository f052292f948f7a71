/** A JSON object, as it came from outside. */
export type JsonObject = Record<string, unknown>;

/** Whether a JSON value is an object: neither an array nor null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
