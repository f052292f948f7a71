import { folderOf } from "./build_url.ts";
import { excludedBy, type Reason } from "./exclusions.ts";
import { extensionOf } from "./file_types.ts";
import { FOREIGN_INSTALLERS, KNOWN_EXTENSIONS, KNOWN_NAMES } from "./known_noise.ts";
import { productAt } from "./products.ts";

/** Files of this size may be installers, whatever their extension: the smallest had 4 MB. */
export const INSTALLER_BYTES = 2_000_000;

/** The folders of a product that hold builds; a build anywhere else is news. */
const SECTIONS: readonly string[] = ["nightly", "candidates", "releases"];

const NO_INSTALLER: Reason = "not an installer";
const OTHER_NAME: Reason = "not named after its product";

/** Whether a file that's ignored for this reason may be one that nobody has thought of. */
export function mayBeUnknown(reason: Reason): boolean {
  return reason === NO_INSTALLER || reason === OTHER_NAME;
}

/**
 * Whether a file that the rules ignore looks like an installer that nobody has thought of: one of an
 * unknown type, or under another name, where builds lie. What is ignored on purpose is none: a known
 * type (known_noise.ts), an excluded name, a folder without builds.
 *
 * @param reason why it's ignored
 * @param ignoredBecause the rules, asked of a plain build in its place
 *
 * @example
 * ```ts
 * import { ignoredBecause } from "./build_url.ts";
 * import { isUnknownInstaller } from "./unknown_installer.ts";
 * const path = "pub/firefox/releases/150.0/linux-riscv64/fr/firefox-150.0.tar.zst";
 * if (!isUnknownInstaller(path, "not an installer", 9e7, ignoredBecause)) throw new Error();
 * ```
 */
export function isUnknownInstaller(
  path: string,
  reason: Reason,
  sizeBytes: number,
  ignoredBecause: (path: string) => Reason | undefined,
): boolean {
  const fileName = path.slice(path.lastIndexOf("/") + 1);
  const name = fileName.replaceAll(" ", "-").toLowerCase();
  if (reason === NO_INSTALLER) {
    const extension = fileName.includes(".") ? extensionOf(fileName) : "";
    if (KNOWN_EXTENSIONS.has(extension)) return false;
    if (sizeBytes < INSTALLER_BYTES && !FOREIGN_INSTALLERS.includes(extension)) return false;
  } else if (reason !== OTHER_NAME) return false;
  const product = productAt(path);
  if (product === undefined || KNOWN_NAMES.some((known) => known.name.test(name))) return false;
  if (ignoredBecause(`${folderOf(path)}${product.filePrefix}-0.tar.bz2`) !== undefined) {
    return false;
  }
  return excludedBy(path, name) === undefined;
}

/** Whether a build lies where builds never were: it's read by its position all the same. */
export function isInUnknownFolder(path: string): boolean {
  return !SECTIONS.includes(path.split("/")[2] ?? "");
}
