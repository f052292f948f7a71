import { hash } from "node:crypto";

/**
 * A digest of what a record holds: equal for equal content, in whatever order its keys are. Its id,
 * and the last_modified and schema that Kinto stamps on it, are no part of that.
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
  const { id: _, last_modified: __, schema: ___, ...content } = record as Record<string, unknown>;
  return hash("sha1", canonical(content), "buffer");
}

/** JSON with the keys of every object in the order of their code units. */
export function canonical(value: unknown): string {
  return JSON.stringify(inOrder(value)) ?? "null";
}

function inOrder(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(inOrder);
  const members = value as Record<string, unknown>;
  // Without a prototype, so that a key may have any name.
  const ordered: Record<string, unknown> = Object.create(null);
  for (const name of Object.keys(members).sort()) ordered[name] = inOrder(members[name]);
  return ordered;
}
