import { hash } from "node:crypto";
import { canonicalText } from "../net/json.ts";

/**
 * A digest of a record's content: equal for equal content, in whatever order its keys are. Its id is
 * no part of the content, nor are the last_modified and schema that Kinto adds.
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
  return hash("sha1", canonicalText(content));
}
