import { hash } from "node:crypto";

/** What Kinto adds to a record by itself, and its name: no part of its content. */
const NOT_CONTENT: ReadonlySet<string> = new Set(["id", "last_modified", "schema"]);

/**
 * A digest of what a record holds: equal for equal content, in whatever order its keys are, and
 * whatever Kinto has stamped on it.
 *
 * @returns 20 bytes
 *
 * @example
 * ```ts
 * import { contentHash } from "./content.ts";
 * const one = contentHash({ id: "a", size: 1, date: "2017" });
 * const two = contentHash({ date: "2017", size: 1, last_modified: 1496404930000, id: "a" });
 * if (one.join() !== two.join()) throw new Error();
 * ```
 */
export function contentHash(record: object): Uint8Array {
  const content = Object.entries(record).filter(([name]) => !NOT_CONTENT.has(name));
  return hash("sha1", canonical(Object.fromEntries(content)), "buffer");
}

/** JSON with the keys of every object in the order of their code units. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const members = value as Record<string, unknown>;
  return `{${
    Object.keys(members).filter((name) => members[name] !== undefined).sort()
      .map((name) => `${JSON.stringify(name)}:${canonical(members[name])}`).join()
  }}`;
}
