import { hash } from "node:crypto";

/**
 * A digest of what a record holds: equal for equal content, in whatever order its keys are. Its id,
 * and the last_modified and schema that Kinto stamps on it, are no part of that.
 *
 * @returns 40 hexadecimal digits
 *
 * @example
 * ```ts
 * import { contentHash } from "./content.ts";
 * const one = contentHash({ id: "a", size: 1, date: "2017" });
 * const two = contentHash({ date: "2017", size: 1, last_modified: 1496404930000, id: "a" });
 * if (one !== two) throw new Error();
 * ```
 */
export function contentHash(record: object): string {
  const { id: _, last_modified: __, schema: ___, ...content } = record as Record<string, unknown>;
  return hash("sha1", canonical(content));
}

/** Stand where an object begins, an array begins, and either ends: no name or plain value does. */
const [OBJECT, ARRAY, END] = [{}, [], [[]]];

/** A text that is the same for equal JSON values, in whatever order their keys are. */
export function canonical(value: unknown): string {
  const parts: unknown[] = [];
  flatten(value, parts);
  return JSON.stringify(parts);
}

/** One flat list takes less than half the time of an object with its keys in order. */
function flatten(value: unknown, parts: unknown[]): void {
  if (typeof value !== "object" || value === null) {
    parts.push(value);
  } else if (Array.isArray(value)) {
    parts.push(ARRAY);
    for (const item of value) flatten(item, parts);
    parts.push(END);
  } else {
    const members = value as Record<string, unknown>;
    parts.push(OBJECT);
    for (const name of Object.keys(members).sort()) {
      parts.push(name);
      flatten(members[name], parts);
    }
    parts.push(END);
  }
}
