import type { Reason } from "./exclusions.ts";
import { androidDepth, candidateOf, isFunnelcake } from "./layouts.ts";
import { isNightlyOfTrunk, OTHER_NIGHTLY } from "./nightly_folder.ts";
import { systemOf } from "./platforms.ts";
import { implausible } from "./plausible.ts";
import { productAt } from "./products.ts";
import { folderRejection } from "./rejection.ts";

/** Whether builds may be in a folder or below it. */
export type FolderVerdict = { kind: "open" } | { kind: "ignored"; reason: Reason };

/**
 * The folder form of `classify()`, for the crawl: whether builds may be in this folder or anywhere
 * below it. It ignores no folder on the way to a build in its layout's own place, and every other
 * one that its path gives away. (`classify()` also reads nightlies and funnelcakes at odd places, as
 * old catalogues have them: where an inventory lists such a file it's indexed, but no crawl searches
 * the archive for it.)
 *
 * @param folder with its slash: `pub/firefox/releases/60.0/source/`
 *
 * @example
 * ```ts
 * import { classifyFolder } from "./classify_folder.ts";
 * const verdict = classifyFolder("pub/firefox/releases/60.0/source/");
 * if (verdict.kind !== "ignored" || verdict.reason !== "unknown operating system") throw new Error();
 * ```
 */
export function classifyFolder(folder: string): FolderVerdict {
  const reason = holdsNoBuildsBecause(folder);
  return reason === undefined ? { kind: "open" } : { kind: "ignored", reason };
}

function holdsNoBuildsBecause(folder: string): Reason | undefined {
  const reason = folderRejection(folder);
  if (reason !== undefined) return reason;
  const product = productAt(folder)!;
  const segments = folder.slice(0, -1).split("/");
  const depth = segments.length;
  if (depth < 3) return undefined;
  if (folder.includes("nightly")) {
    // The sixth is the dated one: `2017-08-25-10-01-26-mozilla-central`.
    const isKnown = segments[2] !== "nightly" || depth >= 6;
    return isKnown && !isNightlyOfTrunk(segments, product) ? OTHER_NIGHTLY : undefined;
  }
  if (product.family === "android") {
    return depth > androidDepth(segments) ? "not laid out as an android release" : undefined;
  }
  if (folder.includes("candidates")) return noCandidateBecause(segments);
  // Flat releases are at any place up to here; their file names decide.
  if (depth < 5) return undefined;
  const [, , , version, platform, locale] = segments;
  if (isFunnelcake(segments)) return implausible({ version: version!.toLowerCase() });
  return implausibleFolders(version!, platform, locale);
}

function noCandidateBecause(segments: readonly string[]): Reason | undefined {
  if (segments.length < 4) return undefined;
  // Any number will do as long as the path has none.
  const candidate = candidateOf(segments.length < 5 ? [...segments, "build1"] : segments);
  if (!candidate) return "not laid out as a candidate";
  const { version } = candidate;
  const [, , , , , folder, ...rest] = segments;
  return folder?.includes("funnelcake")
    ? implausibleFolders(`${version}-${folder}`, rest[0], rest[1])
    : implausibleFolders(version, folder, rest[0]);
}

/** Why these can't be the folders of a build's version, platform and locale, as far as they're known. */
function implausibleFolders(version: string, folder?: string, locale?: string): Reason | undefined {
  const platform = folder?.toLowerCase();
  if (platform !== undefined && !systemOf(platform)) return "unknown operating system";
  return implausible({ version: version.toLowerCase(), platform, locale });
}
