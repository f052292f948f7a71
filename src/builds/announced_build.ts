import type { Build, ListedBuild } from "./build.ts";
import { classify } from "./classify.ts";
import { folderOf } from "./file_path.ts";
import type { MetadataFile } from "./metadata_file.ts";

/**
 * An en-US build that its `buildhub.json` announces, where the installer itself isn't listed: what the
 * document's path gives. The installer's path, size and date are in the document.
 */
export interface AnnouncedBuild extends Pick<Build, "id" | "product" | "layout" | "target"> {
  kind: "announced";
  /** The document's place in the archive. */
  documentPath: string;
  /** When the document was listed as modified: UTC, whole seconds. */
  documentDate: string;
}

/** A build in an inventory: by its own row, or by that of its `buildhub.json` alone. */
export type FoundBuild = ListedBuild | AnnouncedBuild;

/** An extension that an installer of every platform may have. */
const ANY_EXTENSION = "tar.xz";

/**
 * The build that a `buildhub.json` announces, by its path alone: an installer in its place gives the
 * same id, whatever its extension.
 *
 * @param documentDate when the document was listed as modified: UTC, whole seconds
 * @returns undefined when a build in its place isn't indexed
 *
 * @example
 * ```ts
 * import { announcedBuild } from "./announced_build.ts";
 * import { classify } from "./classify.ts";
 * const folder = "pub/firefox/candidates/157.0b3-candidates/build1/win64/en-US";
 * const file = classify(`${folder}/buildhub.json`);
 * if (file.kind !== "metadata") throw new Error();
 * const build = announcedBuild(file, "2026-11-23T09:27:14Z");
 * if (build?.id !== "firefox_beta_157-0b3rc1_win64_en-us") throw new Error(build?.id);
 * ```
 */
export function announcedBuild(
  { path, product, of }: MetadataFile,
  documentDate: string,
): AnnouncedBuild | undefined {
  const installerPath = of === "nightly"
    ? path.replace(/buildhub\.json$/, ANY_EXTENSION)
    : `${folderOf(path)}${product.filePrefix}-0.${ANY_EXTENSION}`;
  const build = classify(installerPath);
  if (build.kind !== "build") return undefined;
  const { id, layout, target } = build;
  return { kind: "announced", id, product, layout, target, documentPath: path, documentDate };
}

/**
 * The build at the place that an announced build's document names.
 *
 * @param installerPath decoded, from the document
 * @returns why it isn't the announced one
 */
export function installerOf(
  { id, documentPath }: AnnouncedBuild,
  installerPath: string,
): Build | string {
  if (folderOf(installerPath) !== folderOf(documentPath)) {
    return "its document describes a file of another folder";
  }
  const build = classify(installerPath);
  if (build.kind !== "build") return "its document describes no build";
  return build.id === id ? build : "its document describes another build";
}
