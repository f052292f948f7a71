import { placeOf } from "../audit/build_place.ts";
import type { ShippedVersion } from "./shipped_versions.ts";

/** The platforms that the collection has of each version, by {@linkcode versionId}. */
export type PublishedPlatforms = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * The platforms of these versions, from the ids of all records: an id has the product, the version and
 * the platform. Nothing is kept of other versions.
 */
export function publishedPlatforms(
  ids: Iterable<string>,
  versions: readonly ShippedVersion[],
): PublishedPlatforms {
  const platforms = new Map(versions.map((version) => [versionId(version), new Set<string>()]));
  for (const id of ids) {
    const { product, version, platform } = placeOf(id);
    platforms.get(`${product}_${version}`)?.add(platform);
  }
  return platforms;
}

/** The product and the version, as ids of records spell them: `firefox_99-0b8`. */
export function versionId({ product, version }: Pick<ShippedVersion, "product" | "version">) {
  return `${product}_${version.toLowerCase().replaceAll(".", "-")}`;
}
