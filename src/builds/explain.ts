import { pathOfKey, pathOfUrl } from "./archive_url.ts";
import { type Build, urlRecord } from "./build.ts";
import { classify, type Verdict } from "./classify.ts";
import { metadataPath, metadataPlace } from "./metadata_place.ts";
import type { UrlRecord } from "./record.ts";

/** What a URL is, and the rule that decided. */
export interface Explanation {
  url: string;
  kind: "build" | "candidate-metadata" | "nightly-metadata" | "release-metadata" | "ignored";
  /** The rule that decided. */
  reason: string;
  /** What the URL alone gives; null unless it's a build. */
  record: UrlRecord | null;
  /**
   * Where the build's metadata would be; for a release the folder of the version's candidates, of
   * which only the archive knows the last. Null unless it's a build.
   */
  metadataUrl: string | null;
}

/**
 * Explains what is at a URL of the archive, with http:// or https://, at a path or at an S3 key, without
 * any request.
 *
 * @example
 * ```ts
 * import { explain } from "./explain.ts";
 * const url = "https://archive.mozilla.org/pub/firefox/releases/52.0/SHA512SUMS";
 * if (explain(url, "https://archive.mozilla.org/").reason !== "not an installer") throw 1;
 * ```
 */
export function explain(url: string, archiveUrl: string): Explanation {
  const path = pathOf(url, archiveUrl);
  const verdict = path === undefined ? undefined : classify(path);
  if (verdict?.kind === "build") return { url, ...ofBuild(verdict, archiveUrl) };
  const [kind, reason] = verdict ? ofFile(verdict) : ignored(`not under ${archiveUrl}`);
  return { url, kind, reason, record: null, metadataUrl: null };
}

/** The path of what people have at hand; undefined for a URL of another site. */
function pathOf(text: string, archiveUrl: string): string | undefined {
  const [, key] = /^\/?(pub\/.*)$/.exec(text) ?? [];
  if (key !== undefined) return pathOfKey(key);
  const scheme = /^https?:\/\//i;
  if (!scheme.test(text)) return undefined;
  return pathOfUrl(text.replace(scheme, ""), archiveUrl.replace(scheme, ""));
}

function ofBuild(build: Build, archiveUrl: string): Omit<Explanation, "url"> {
  const metadataUrl = archiveUrl + metadataPath(metadataPlace(build));
  const record = urlRecord(build, archiveUrl);
  return { kind: "build", reason: build.layout, record, metadataUrl };
}

type KindAndReason = [kind: Explanation["kind"], reason: string];

function ofFile(verdict: Exclude<Verdict, Build>): KindAndReason {
  switch (verdict.kind) {
    case "metadata": {
      const { of, form } = verdict;
      const reason = `metadata of a ${of}${form === "buildhub" ? ", as a buildhub.json" : ""}`;
      return [`${of}-metadata`, reason];
    }
    case "unknown":
      return ignored(`no rule knows this file: ${verdict.reason}`);
    case "ignored":
      return ignored(verdict.reason);
  }
}

function ignored(reason: string): KindAndReason {
  return ["ignored", reason];
}
