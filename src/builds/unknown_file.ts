import { excludedBy, type Reason } from "./exclusions.ts";
import { extensionOf } from "./file_types.ts";
import { FOREIGN_INSTALLERS, KNOWN_EXTENSIONS, KNOWN_NAMES } from "./known_noise.ts";
import type { Product } from "./products.ts";
import { dashedName, folderOf } from "./file_path.ts";
import { NO_INSTALLER, OTHER_NAME, rejection } from "./rejection.ts";

/** Files of this size may be installers, whatever their extension: the smallest had 4 MB. */
export const INSTALLER_BYTES = 2_000_000;

/** The folders of a product that hold builds. */
const SECTIONS: readonly string[] = ["nightly", "candidates", "releases"];

/**
 * Whether a rejected file looks like an installer that no rule knows: one of an unknown type, or
 * under another name, where builds are. What is rejected on purpose doesn't: a known type
 * (known_noise.ts), an excluded name, a folder without builds. Part of `classify()`: ask that.
 *
 * @param reason why it's rejected
 * @param folderReason why all files of its folder are, if they are
 */
export function isUnknownInstaller(
  path: string,
  product: Product,
  { reason, folderReason, sizeBytes }: {
    reason: Reason;
    folderReason: Reason | undefined;
    sizeBytes: number;
  },
): boolean {
  if (reason === NO_INSTALLER) {
    const name = path.slice(path.lastIndexOf("/") + 1);
    const extension = name.includes(".") ? extensionOf(name) : "";
    if (KNOWN_EXTENSIONS.has(extension)) return false;
    if (sizeBytes < INSTALLER_BYTES && !FOREIGN_INSTALLERS.includes(extension)) return false;
  } else if (reason !== OTHER_NAME) return false;
  const name = dashedName(path);
  if (KNOWN_NAMES.some((known) => known.name.test(name))) return false;
  const plainBuild = `${folderOf(path)}${product.filePrefix}-0.tar.bz2`;
  return rejection(plainBuild, folderReason) === undefined && excludedBy(path, name) === undefined;
}

/** Whether a build is in a folder that never held builds: its position is read all the same. */
export function isInUnknownSection(path: string): boolean {
  return !SECTIONS.includes(path.split("/")[2] ?? "");
}
