import { excludedBy, type Reason } from "./exclusions.ts";
import { dashedName } from "./file_path.ts";
import { extensionOf, FILE_TYPES, REPACKAGINGS } from "./file_types.ts";
import { isOfTrunk, OTHER_NIGHTLY } from "./nightly_folder.ts";
import { productAt } from "./products.ts";

/** The reason of files of another type. */
export const NO_INSTALLER: Reason = "not an installer";

/** The reason of installers of something else. */
export const OTHER_NAME: Reason = "not named after its product";

/**
 * Why the file at this path is not a build, by its extension, folders and name alone; undefined when
 * it looks like one. Part of `classify()`: ask that.
 *
 * @param folderReason what {@linkcode folderRejection} says of its folder
 */
export function rejection(path: string, folderReason: Reason | undefined): Reason | undefined {
  const extension = extensionOf(path);
  if (!FILE_TYPES.has(extension)) {
    return REPACKAGINGS.includes(extension) ? "repackaging of a build" : NO_INSTALLER;
  }
  if (folderReason !== undefined) return folderReason;
  const product = productAt(path)!;
  const name = dashedName(path);
  if (!name.startsWith(`${product.filePrefix}-`)) return OTHER_NAME;
  if (extension === "zip" && path.includes("win")) return "zip on Windows";
  if (path.includes("nightly") && !isOfTrunk(path, product)) return OTHER_NIGHTLY;
  return excludedBy(path, name);
}

/**
 * Why no file directly in this folder is a build; undefined when some may be. Part of
 * `classifyFolder()`: ask that.
 *
 * @param folder with its slash
 */
export function folderRejection(folder: string): Reason | undefined {
  return productAt(folder) ? excludedBy(folder, "") : "unknown product";
}
