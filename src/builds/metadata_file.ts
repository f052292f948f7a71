import { folderIgnoredBecause, folderOf, isNightlyOfTrunk, isOfTrunk } from "./build_url.ts";
import { BUILDHUB_JSON } from "./metadata_place.ts";
import { productAt } from "./products.ts";

/**
 * Whether a path is metadata of a candidate, such as
 * `pub/firefox/candidates/55.0b12-candidates/build1/mac/en-US/firefox-55.0b12.json` or, for mobile,
 * `…/fennec-56.0b1.en-US.android-arm.json` (docs/domain.md, "S3 events").
 */
export function isCandidateMetadata(path: string): boolean {
  const product = productAt(path);
  const version = /\/candidates\/(.+)-candidates/.exec(path)?.[1];
  if (!product || version === undefined) return false;
  const prefix = `${product.filePrefix}-${version}`;
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (!name.startsWith(prefix)) return false;
  const rest = name.slice(prefix.length);
  return product.folder === "mobile" ? /^\.[^.]+\.[^.]+\.json$/.test(rest) : rest === ".json";
}

/**
 * Whether a path is metadata of a nightly of mozilla-central or comm-central, such as
 * `pub/firefox/nightly/2017/08/2017-08-08-11-40-32-mozilla-central/firefox-57.0a1.en-US.mac.json`.
 * Aliases of the latest build are not: theirs is announced at its dated place too.
 */
export function isNightlyMetadata(path: string): boolean {
  const product = productAt(path);
  // Devedition's builds are numbered betas; it has no nightlies.
  if (!product || product.folder === "devedition") return false;
  if (!path.includes("nightly") || !isOfTrunk(path)) return false;
  if (/latest-|test_packages|mozinfo|buildhub\.json/.test(path)) return false;
  const name = path.slice(path.lastIndexOf("/") + 1);
  return name.startsWith(`${product.filePrefix}-`) && /\..*\..*\.json$/.test(name);
}

/**
 * What a `buildhub.json` at this path describes: the en-US build beside it and its localized
 * siblings, as a classic document at its place does; undefined when it's another file, or beside
 * builds that aren't indexed.
 *
 * The `buildhub.json` of a release or candidate is in its en-US folder, a nightly's beside the
 * build: `firefox-157.0a1.en-US.linux-x86_64.buildhub.json`.
 *
 * @example
 * ```ts
 * import { buildhubMetadataOf } from "./metadata_file.ts";
 * const path = "pub/firefox/releases/157.0/mac/en-US/buildhub.json";
 * if (buildhubMetadataOf(path) !== "release") throw new Error();
 * ```
 */
export function buildhubMetadataOf(path: string): "nightly" | "candidate" | "release" | undefined {
  const folder = folderOf(path);
  const product = productAt(path);
  if (!product || folderIgnoredBecause(folder) !== undefined) return undefined;
  const name = path.slice(folder.length);
  if (isNightlyOfTrunk(path.split("/"))) {
    const isBeside = name.startsWith(`${product.filePrefix}-`) &&
      name.endsWith(`.${BUILDHUB_JSON}`);
    return isBeside ? "nightly" : undefined;
  }
  const [, kind] = /^pub\/[^/]+\/(candidate|release)s\/.+\/en-US\/$/.exec(folder) ?? [];
  return name === BUILDHUB_JSON ? kind as "candidate" | "release" | undefined : undefined;
}
