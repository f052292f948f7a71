import { isObject, type JsonObject } from "../../net/json.ts";

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

/** Whether two JSON values are equal, whatever the order of their keys. */
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
