import {
  type Build,
  buildFrom,
  folderIgnoredBecause,
  folderOf,
  ignoredBecause,
} from "../builds/build_url.ts";
import { bytesOf } from "../builds/listed_size.ts";
import { pathShape } from "../builds/path_shape.ts";
import { type Product, productAt, productsAt } from "../builds/products.ts";
import { isInUnknownFolder } from "../builds/unknown_installer.ts";
import type { InventoryRow } from "./row.ts";
import type { RowCounts } from "./row_counts.ts";

/** Which builds of an inventory are wanted. */
export interface WantedBuilds {
  /** As PRODUCTS names them: `firefox`, `mobile`. */
  products: readonly string[];
  /** Rows last modified before this are left out; `2017-06-02T12:20:10Z`. */
  modifiedSince?: string;
}

const NOT_ASKED_FOR = "product not asked for";

/**
 * Why a row isn't wanted, from its path alone. Rows of one folder stand together, and most folders
 * hold no builds at all: what is known of the last one decides most rows.
 */
export function unwantedBecause({ products }: WantedBuilds): (path: string) => string | undefined {
  const wanted = new Set(products);
  let folder: string | undefined;
  let reason: string | undefined;
  return (path) => {
    if (
      folder === undefined || !path.startsWith(folder) || path.indexOf("/", folder.length) >= 0
    ) {
      folder = folderOf(path);
      reason = folderIgnoredBecause(folder);
      const isWanted = ({ key }: Product) => wanted.has(key);
      if (reason === undefined && !productsAt(folder).some(isWanted)) reason = NOT_ASKED_FOR;
    }
    return ignoredBecause(path, reason) ??
      (wanted.has(productAt(path)!.key) ? undefined : NOT_ASKED_FOR);
  };
}

/**
 * Rows → builds, the rest counted by reason. Of files that would share an id, such as an old build's
 * `installer.tar.gz` and `tar.gz`, the first is the build: rows of one folder stand together.
 */
export function toBuilds(
  { archiveUrl, counts, modifiedSince = "" }: WantedBuilds & {
    archiveUrl: string;
    counts: RowCounts;
  },
): TransformStream<InventoryRow[], Build> {
  let folder = "";
  let ids = new Set<string>();
  const read = ({ path, size, lastModified }: InventoryRow): Build | string => {
    if (lastModified < modifiedSince) return "last modified too long ago";
    const build = buildFrom(path, archiveUrl);
    if ("reason" in build) {
      if (build.unknown) counts.unknown.add(pathShape(path));
      return build.reason;
    }
    if (folderOf(path) !== folder) [folder, ids] = [folderOf(path), new Set()];
    if (ids.has(build.record.id)) return "another file of the same build";
    ids.add(build.record.id);
    if (isInUnknownFolder(path)) counts.unknown.add(pathShape(path));
    counts.layouts.add(build.layout);
    build.size = size;
    Object.assign(build.record.download, { size: bytesOf(size), date: lastModified });
    return build;
  };
  return new TransformStream({
    transform(rows, controller) {
      for (const row of rows) {
        const build = read(row);
        if (typeof build === "string") counts.ignored.add(build);
        else controller.enqueue(build);
      }
    },
  });
}
