import { isNightlyOfTrunk, isOfTrunk } from "./nightly_folder.ts";
import { type Product, productAt } from "./products.ts";
import { folderOf } from "./file_path.ts";
import { folderRejection } from "./rejection.ts";

/** A document that describes builds, by its path. */
export interface MetadataFile {
  kind: "metadata";
  path: string;
  product: Product;
  /** What it describes. */
  of: "nightly" | "candidate" | "release";
  /**
   * - `classic`: `firefox-55.0b12.json`, with all fields at its root.
   * - `buildhub`: a `buildhub.json`, with its fields in groups.
   */
  form: "classic" | "buildhub";
}

/** The name of the document beside en-US builds that remains when the classic one has expired. */
export const BUILDHUB_JSON = "buildhub.json";

/**
 * What the document at this path describes (docs/domain.md, "S3 events"); undefined when it's no
 * build metadata, or is beside builds that aren't indexed. Part of `classify()`: ask that.
 */
export function metadataFileAt(path: string): MetadataFile | undefined {
  const product = path.endsWith(".json") ? productAt(path) : undefined;
  if (!product) return undefined;
  const place = { kind: "metadata", path, product } as const;
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (isOfCandidate(path, name, product)) return { ...place, of: "candidate", form: "classic" };
  if (isOfNightly(path, name, product)) return { ...place, of: "nightly", form: "classic" };
  const of = buildhubOf(path, name, product);
  return of && { ...place, of, form: "buildhub" };
}

/**
 * `pub/firefox/candidates/55.0b12-candidates/build1/mac/en-US/firefox-55.0b12.json` or, for Fennec,
 * `…/fennec-56.0b1.en-US.android-arm.json`.
 */
function isOfCandidate(path: string, name: string, { filePrefix, family }: Product): boolean {
  const version = /\/candidates\/(.+)-candidates/.exec(path)?.[1];
  if (version === undefined || !name.startsWith(`${filePrefix}-${version}`)) return false;
  const rest = name.slice(`${filePrefix}-${version}`.length);
  return family === "fennec" ? /^\.[^.]+\.[^.]+\.json$/.test(rest) : rest === ".json";
}

/**
 * `pub/firefox/nightly/2017/08/2017-08-08-11-40-32-mozilla-central/firefox-57.0a1.en-US.mac.json`.
 * Aliases of the latest build don't count: the document is announced at its dated place too.
 */
function isOfNightly(path: string, name: string, product: Product): boolean {
  if (!product.hasNightlies || !path.includes("nightly") || !isOfTrunk(path, product)) return false;
  if (/latest-|test_packages|mozinfo|buildhub\.json/.test(path)) return false;
  return name.startsWith(`${product.filePrefix}-`) && /\..*\..*\.json$/.test(name);
}

/**
 * What a `buildhub.json` describes: the en-US build beside it and its localized siblings. That of a
 * release or candidate is in its en-US folder, a nightly's beside the build:
 * `firefox-157.0a1.en-US.linux-x86_64.buildhub.json`.
 */
function buildhubOf(path: string, name: string, product: Product): MetadataFile["of"] | undefined {
  if (!name.endsWith(BUILDHUB_JSON)) return undefined;
  const folder = folderOf(path);
  if (folderRejection(folder) !== undefined) return undefined;
  if (isNightlyOfTrunk(path.split("/"), product)) {
    const isBeside = name.startsWith(`${product.filePrefix}-`) &&
      name.endsWith(`.${BUILDHUB_JSON}`);
    return isBeside && product.hasNightlies ? "nightly" : undefined;
  }
  const [, of] = /^pub\/[^/]+\/(candidate|release)s\/.+\/en-US\/$/.exec(folder) ?? [];
  return name === BUILDHUB_JSON ? of as "candidate" | "release" | undefined : undefined;
}
