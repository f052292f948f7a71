import type { FacetValue } from "./answers.ts";

/** A part of a page that is sorted by version. */
export interface VersionSlice {
  /** Of several versions, it has all builds. */
  versions: string[];
  /** How many builds to skip. */
  from: number;
  size: number;
}

/**
 * The versions of a page of results that are sorted by version, which Elasticsearch would sort as
 * texts, 10.0 before 9.0.
 *
 * @param counts the versions in order, and how many builds each has
 * @param from how many builds to skip
 * @param size how many builds are on the page
 * @example
 * ```ts
 * import { versionSlices } from "./version_slices.ts";
 * const counts = [["10.0", 20], ["9.0", 3], ["8.0", 2], ["7.0", 50]].map(
 *   ([value, count]) => ({ value: String(value), count: Number(count) }),
 * );
 * const [first, whole, last] = versionSlices(counts, 15, 30);
 * if (first?.from !== 15 || first.size !== 5) throw new Error("first");
 * if (whole?.versions.join() !== "9.0,8.0" || whole.size !== 5) throw new Error("whole");
 * if (last?.versions.join() !== "7.0" || last.size !== 20) throw new Error("last");
 * ```
 */
export function versionSlices(
  counts: readonly FacetValue[],
  from: number,
  size: number,
): VersionSlice[] {
  const slices: VersionSlice[] = [];
  let [toSkip, left, isLastWhole] = [from, size, false];
  for (const { value, count } of counts) {
    if (left === 0) break;
    if (toSkip >= count) {
      toSkip -= count;
      continue;
    }
    const taken = Math.min(count - toSkip, left);
    const last = slices.at(-1);
    if (last !== undefined && isLastWhole && taken === count) {
      last.versions.push(value);
      last.size += taken;
    } else slices.push({ versions: [value], from: toSkip, size: taken });
    isLastWhole = taken === count;
    left -= taken;
    toSkip = 0;
  }
  return slices;
}
