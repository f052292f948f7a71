/**
 * The value that differs least from a word, if it differs little: one letter in three may be missing,
 * added, another one, or swapped with the next.
 *
 * @param values the first of equally near ones is taken
 * @example
 * ```ts
 * import { nearest } from "./nearest.ts";
 * if (nearest("wni64", ["win32", "win64"]) !== "win64") throw new Error();
 * if (nearest("xyz", ["win32", "win64"]) !== undefined) throw new Error();
 * ```
 */
export function nearest(word: string, values: Iterable<string>): string | undefined {
  const lower = word.toLowerCase();
  let best: string | undefined;
  let least = Math.max(1, Math.floor(lower.length / 3)) + 1;
  for (const value of values) {
    // The lengths alone differ too much.
    if (Math.abs(value.length - lower.length) >= least) continue;
    const found = distance(lower, value.toLowerCase());
    if (found < least) [best, least] = [value, found];
  }
  return best;
}

/** How many letters differ: the optimal string alignment distance. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const isEqual = a[i - 1] === b[j - 1];
      current[j] = Math.min(
        previous[j]! + 1,
        current[j - 1]! + 1,
        previous[j - 1]! + (isEqual ? 0 : 1),
        a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? before[j - 2]! + 1 : Infinity,
      );
    }
    [before, previous] = [previous, current];
  }
  return previous[b.length]!;
}
