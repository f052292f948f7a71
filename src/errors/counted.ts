/**
 * A number and what it counts: in the singular for one.
 *
 * @param plural what is counted; the first word that ends in `s` loses it
 *
 * @example
 * ```ts
 * import { counted } from "./counted.ts";
 * const texts = [counted(1, "requests to the archive"), counted(2, "builds"), counted(1, "gone")];
 * if (texts.join() !== "1 request to the archive,2 builds,1 gone") throw new Error(texts.join());
 * ```
 */
export function counted(count: number, plural: string): string {
  if (count !== 1) return `${count} ${plural}`;
  return `1 ${
    plural.replace(/^([\w ]*?)(ies|s)\b/, (_, stem, end) => end === "ies" ? `${stem}y` : stem)
  }`;
}
