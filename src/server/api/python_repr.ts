import { isObject } from "../../net/json.ts";

/**
 * A JSON value as Python's `repr` writes it: Kinto's messages quote invalid values so, and people
 * search for these messages.
 *
 * @example
 * ```ts
 * import { pythonRepr } from "./python_repr.ts";
 * if (pythonRepr({ a: [null, "it's"] }) !== `{'a': [None, "it's"]}`) throw new Error();
 * ```
 */
export function pythonRepr(value: unknown): string {
  if (value === null || value === undefined) return "None";
  if (value === true) return "True";
  if (value === false) return "False";
  if (typeof value === "string") {
    const quote = value.includes("'") && !value.includes('"') ? '"' : "'";
    return quote + value.replace(/[\\\n\r\t]|['"]/g, (found) => {
      if (found === "'" || found === '"') return found === quote ? `\\${found}` : found;
      return { "\n": "\\n", "\r": "\\r", "\t": "\\t" }[found] ?? "\\\\";
    }) + quote;
  }
  if (Array.isArray(value)) return `[${value.map(pythonRepr).join(", ")}]`;
  if (isObject(value)) {
    const items = Object.entries(value).map((entry) => entry.map(pythonRepr).join(": "));
    return `{${items.join(", ")}}`;
  }
  return String(value);
}

/** A JSON value as Python's `str` writes it: strings are not quoted. */
export function pythonStr(value: unknown): string {
  return typeof value === "string" ? value : pythonRepr(value);
}
