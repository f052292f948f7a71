/** How {@linkcode isKintoId}'s rule is put in messages. */
export const KINTO_ID_FORM = "letters, digits, dashes and underscores, the first a letter or digit";

/**
 * Whether Kinto accepts an id of a bucket, group, collection or record.
 *
 * Source: `kinto.core.storage.generators`
 */
export function isKintoId(id: unknown): id is string {
  return typeof id === "string" && /^[a-zA-Z0-9][a-zA-Z0-9_-]*$/.test(id);
}
