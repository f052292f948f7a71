import { pathOfKey, pathOfUrl } from "./archive_url.ts";
import { buildFrom } from "./build_url.ts";
import { isCandidateMetadata, isNightlyMetadata } from "./metadata_file.ts";
import { metadataPath, metadataPlace } from "./metadata_place.ts";
import type { ReleaseRecord } from "./record.ts";

/** What a URL is, and which rule says so. */
export interface Explanation {
  url: string;
  kind: "build" | "candidate-metadata" | "nightly-metadata" | "ignored";
  /** The rule that decided. */
  reason: string;
  /** What the URL alone gives; null unless it's a build. */
  record: ReleaseRecord | null;
  /**
   * Where the build's metadata would be; for a release the folder of the version's candidates, of
   * which only the archive knows the last. Null unless it's a build.
   */
  metadataUrl: string | null;
}

/**
 * Says what is at a URL of the archive, or at an S3 key, without asking anybody.
 *
 * @example
 * ```ts
 * import { explain } from "./explain.ts";
 * const url = "https://archive.mozilla.org/pub/firefox/releases/52.0/SHA512SUMS";
 * if (explain(url, "https://archive.mozilla.org/").reason !== "not an installer") throw 1;
 * ```
 */
export function explain(url: string, archiveUrl: string): Explanation {
  const path = url.startsWith("pub/") ? pathOfKey(url) : pathOfUrl(url, archiveUrl);
  const ignored = { url, kind: "ignored", record: null, metadataUrl: null } as const;
  if (path === undefined) return { ...ignored, reason: `not under ${archiveUrl}` };
  const build = buildFrom(path, archiveUrl);
  if ("record" in build) {
    const { record, layout } = build;
    const metadataUrl = archiveUrl + metadataPath(metadataPlace(build));
    return { url, kind: "build", reason: layout, record, metadataUrl };
  }
  if (isCandidateMetadata(path)) {
    return { ...ignored, kind: "candidate-metadata", reason: "metadata of a candidate" };
  }
  if (isNightlyMetadata(path)) {
    return { ...ignored, kind: "nightly-metadata", reason: "metadata of a nightly" };
  }
  return { ...ignored, reason: build.reason };
}
