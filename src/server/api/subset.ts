import { isObject, type JsonObject } from "../../net/json.ts";

/**
 * The object with only these fields; `a.b` keeps `b` of `a`.
 *
 * @example
 * ```ts
 * import { subset } from "./subset.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(subset({ a: { b: 1, c: 2 }, d: 3, e: 4 }, ["a.b", "d"]), { a: { b: 1 }, d: 3 });
 * ```
 */
export function subset(object: JsonObject, fields: readonly string[]): JsonObject {
  const entries: [string, unknown][] = [];
  for (const [root, paths] of Map.groupBy(fields, (field) => field.split(".", 1)[0]!)) {
    if (!Object.hasOwn(object, root)) continue;
    const value = object[root];
    const isPart = isObject(value) && !paths.includes(root);
    entries.push([
      root,
      isPart ? subset(value, paths.map((path) => path.slice(root.length + 1))) : value,
    ]);
  }
  return Object.fromEntries(entries);
}
