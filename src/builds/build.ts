import type { Layout } from "./layouts.ts";
import { bytesOf, type ListedSize } from "./listed_size.ts";
import type { Product } from "./products.ts";
import type { ListedRecord, ReleaseRecord, UrlRecord } from "./record.ts";

/** A file that a user installs: what its path gives. */
export interface Build {
  kind: "build";
  /** Its place in the archive, decoded: `pub/firefox/releases/52.0/win32/fr/Firefox Setup 52.0.exe`. */
  path: string;
  product: Product;
  /** The layout that its path was read by. */
  layout: Layout["name"];
  /** The platform as the archive spells it: `mac-EME-free`. */
  platform: string;
  /** N of a candidate's `/buildN/`. */
  buildNumber?: number;
  /** The id of its record. */
  id: string;
  target: ReleaseRecord["target"];
  mimetype: string;
}

/** A build with the size and date that an inventory, a listing or an event gives. */
export interface ListedBuild extends Build {
  /** As it's listed: bytes, or rounded. */
  size: ListedSize;
  /** Without what only the build's metadata knows; with the size as exact as it's listed. */
  record: ListedRecord;
}

/** What is known of a file besides its path. */
export interface Listed {
  /** The base of the record's URL: `https://archive.mozilla.org/`. */
  archiveUrl: string;
  size: ListedSize;
  /** When it was published: UTC, whole seconds, `2017-06-02T12:20:10Z`. */
  date: string;
}

/** A build with the record that its path, size and date give. */
export function listedBuild(build: Build, { archiveUrl, size, date }: Listed): ListedBuild {
  const { id, source, target, download } = urlRecord(build, archiveUrl);
  const record = { id, source, target, download: { ...download, size: bytesOf(size), date } };
  return { ...build, size, record };
}

/**
 * The part of a build's record that its path gives.
 *
 * @param archiveUrl the base of the record's URL: `https://archive.mozilla.org/`
 */
export function urlRecord(
  { path, product, id, target, mimetype }: Build,
  archiveUrl: string,
): UrlRecord {
  return {
    id,
    source: { product: product.name },
    target,
    download: { url: archiveUrl + path, mimetype },
  };
}
