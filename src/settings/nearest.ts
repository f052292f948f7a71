/**
 * The word that was probably meant: the one with the fewest characters to add, remove or replace, if
 * these are few.
 *
 * @example
 * ```ts
 * import { nearest } from "./nearest.ts";
 * if (nearest("sattus", ["serve", "status"]) !== "status") throw new Error();
 * if (nearest("nonsense", ["serve", "status"]) !== undefined) throw new Error();
 * ```
 */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let fewest = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const one of known) {
    const edits = editsBetween(word.toLowerCase(), one.toLowerCase());
    if (edits < fewest) [best, fewest] = [one, edits];
  }
  return best;
}

/** The Levenshtein distance of two words. */
function editsBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (const [i, character] of [...a].entries()) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      const replaced = row[j]! + (b[j] === character ? 0 : 1);
      next.push(Math.min(replaced, row[j + 1]! + 1, next[j]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
