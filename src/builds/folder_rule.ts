import { folderIgnoredBecause, isNightlyOfTrunk, OTHER_NIGHTLY, systemOf } from "./build_url.ts";
import type { Reason } from "./exclusions.ts";
import { androidDepth, candidateOf, isAndroidProduct, isFunnelcake } from "./layouts.ts";
import { implausible } from "./plausible.ts";

/**
 * Why no build can lie in this folder or anywhere below it; undefined when one may. It rejects no
 * folder on the way to a build in its layout's own place, and all others that it can tell by their
 * path. (`buildFrom` also reads nightlies and funnelcakes at odd places, as old catalogues have
 * them: where an inventory lists such a file it's indexed, but nobody searches the archive for it.)
 *
 * @param folder with its slash: `pub/firefox/releases/60.0/source/`
 *
 * @example
 * ```ts
 * import { folderHoldsNoBuildsBecause } from "./folder_rule.ts";
 * const reason = folderHoldsNoBuildsBecause("pub/firefox/releases/60.0/source/");
 * if (reason !== "unknown operating system") throw new Error(reason);
 * ```
 */
export function folderHoldsNoBuildsBecause(folder: string): Reason | undefined {
  const reason = folderIgnoredBecause(folder);
  if (reason !== undefined) return reason;
  const segments = folder.slice(0, -1).split("/");
  const depth = segments.length;
  if (depth < 3) return undefined;
  if (folder.includes("nightly")) {
    // The sixth is the dated one: `2017-08-25-10-01-26-mozilla-central`.
    const isKnown = segments[2] !== "nightly" || depth >= 6;
    return isKnown && !isNightlyOfTrunk(segments) ? OTHER_NIGHTLY : undefined;
  }
  if (isAndroidProduct(segments)) {
    return depth > androidDepth(segments) ? "not laid out as an android release" : undefined;
  }
  if (folder.includes("candidates")) return noCandidateBecause(segments);
  // Flat releases lie at any place up to here, and their names tell everything.
  if (depth < 5) return undefined;
  const [, , , version, platform, locale] = segments;
  if (isFunnelcake(segments)) return implausible({ version: version!.toLowerCase() });
  return implausibleFolders(version!, platform, locale);
}

function noCandidateBecause(segments: readonly string[]): Reason | undefined {
  if (segments.length < 4) return undefined;
  // Until its number is known, any number will do.
  const candidate = candidateOf(segments.length < 5 ? [...segments, "build1"] : segments);
  if (!candidate) return "not laid out as a candidate";
  const { version } = candidate;
  const [, , , , , folder, ...rest] = segments;
  return folder?.includes("funnelcake")
    ? implausibleFolders(`${version}-${folder}`, rest[0], rest[1])
    : implausibleFolders(version, folder, rest[0]);
}

/** What is wrong with the folders that name a build's version, platform and locale, as far as known. */
function implausibleFolders(version: string, folder?: string, locale?: string): Reason | undefined {
  const platform = folder?.toLowerCase();
  if (platform !== undefined && !systemOf(platform)) return "unknown operating system";
  return implausible({ version: version.toLowerCase(), platform, locale });
}
