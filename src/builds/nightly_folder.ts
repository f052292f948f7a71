import type { Reason } from "./exclusions.ts";
import { type Product, TRUNK } from "./products.ts";

/** Why nightlies of aurora, of ESRs and of projects aren't indexed. */
export const OTHER_NIGHTLY: Reason = "nightly of another repository";

/** Whether a nightly's path names mozilla-central or comm-central, wherever it does. */
export function isOfTrunk(path: string, product: Product): boolean {
  return TRUNK.test(path) || isNightlyOfTrunk(path.split("/"), product);
}

/**
 * Whether these segments of a path lead to an indexed nightly in its layout's own place, where the
 * first six decide: `pub/firefox/nightly/2017/08/2017-08-25-10-01-26-mozilla-central`.
 */
export function isNightlyOfTrunk(
  [, , kind, ...rest]: readonly string[],
  { nightlyRepositories }: Product,
): boolean {
  return kind === "nightly" && nightlyRepositories.test(rest.slice(0, 3).join("/"));
}
