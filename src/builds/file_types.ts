/** The files that a user installs, by extension, and their MIME type in records. */
export const FILE_TYPES: ReadonlyMap<string, string> = new Map([
  ["zip", "application/zip"],
  ["tar.gz", "application/x-gzip"],
  ["tar.bz2", "application/x-bzip2"],
  ["tar.xz", "application/x-xz"],
  ["dmg", "application/x-apple-diskimage"],
  ["apk", "application/vnd.android.package-archive"],
  ["exe", "application/msdos-windows"],
]);

/** The same builds in another package: as records they would take the build's own id. */
export const REPACKAGINGS: readonly string[] = ["pkg", "msi", "msix", "deb"];

/** Whether a file is an installer, by its extension: a build or a repackaging of one. */
export function isInstaller(name: string): boolean {
  const extension = extensionOf(name);
  return FILE_TYPES.has(extension) || REPACKAGINGS.includes(extension);
}

/**
 * The extension of a file: its last part, with `tar` before it, in lower case.
 *
 * @example
 * ```ts
 * import { extensionOf } from "./file_types.ts";
 * if (extensionOf("firefox-135.0.tar.xz") !== "tar.xz") throw new Error();
 * ```
 */
export function extensionOf(name: string): string {
  const dot = name.lastIndexOf(".");
  const start = name.endsWith(".tar", dot) ? dot - 3 : dot + 1;
  return name.slice(start).toLowerCase();
}
