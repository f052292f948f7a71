import { canonicalJson } from "./json_value.ts";

/** The key of a missing field: it sorts after all others. */
export const MISSING_KEY = "6";

/**
 * A text that sorts as Kinto sorts JSON values: null, strings, numbers, booleans, arrays, objects,
 * then missing ones (`undefined`). Equal values, and only they, have equal keys, so that comparing
 * texts compares typed values, and a plain index works for it.
 *
 * @example
 * ```ts
 * import { sortKey } from "./sort_key.ts";
 * const values = [null, "", "10", "9", -1.5, -1, 0, 9, 10, false, true, [1], { a: 1 }, undefined];
 * const keys = values.map(sortKey);
 * if (keys.join() !== keys.toSorted().join()) throw new Error(keys.join());
 * ```
 */
export function sortKey(value: unknown): string {
  if (value === undefined) return MISSING_KEY;
  if (value === null) return "0";
  if (typeof value === "string") return `1${value}`;
  if (typeof value === "number") return `2${sortableBits(value)}`;
  if (typeof value === "boolean") return value ? "31" : "30";
  return (Array.isArray(value) ? "4" : "5") + canonicalJson(value);
}

/** The bits of a double, in hexadecimal, flipped so that their order is that of the numbers. */
function sortableBits(value: number): string {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value === 0 ? 0 : value);
  const bits = view.getBigUint64(0);
  const isNegative = bits >> 63n === 1n;
  return (isNegative ? bits ^ 0xffffffffffffffffn : bits | (1n << 63n))
    .toString(16).padStart(16, "0");
}
