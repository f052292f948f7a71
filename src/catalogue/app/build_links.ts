import { requestUrl } from "../../builds/archive_url.ts";
import { classify } from "../../builds/classify.ts";
import { metadataPlace } from "../../builds/metadata_place.ts";
import { safeUrl } from "./format.ts";
import type { Build } from "./source.ts";

/** The archive's base and the path of a download, decoded; undefined if its URL isn't one. */
function placeOf({ download }: Build): { archiveUrl: string; path: string } | undefined {
  const [, archiveUrl, path] = /^(https?:\/\/[^/]+\/)(.*)$/i.exec(download.url ?? "") ?? [];
  return archiveUrl && path ? { archiveUrl, path: path.toWellFormed() } : undefined;
}

/** The URL of a download, percent-encoded as curl needs it. Records have it with plain spaces. */
export function downloadUrl(build: Build): string | undefined {
  const place = placeOf(build);
  return place && requestUrl(place.path, place.archiveUrl);
}

/** Whether a build is a candidate, `…/54.0-candidates/build2/…`, rather than a release. */
export function isCandidate({ download }: Build): boolean {
  return (download.url ?? "").includes("/candidates/");
}

/** The checksums of the release or the candidate that a build belongs to. */
export function checksumsUrl(build: Build): string | undefined {
  const place = placeOf(build);
  const folder = /^pub\/[^/]+\/(releases\/[^/]+|candidates\/[^/]+\/build\d+)\//.exec(
    place?.path ?? "",
  );
  return place && folder ? requestUrl(`${folder[0]}SHA256SUMS`, place.archiveUrl) : undefined;
}

/** The document beside the en-US build that says how a build was made. */
export function metadataUrl(build: Build): string | undefined {
  const place = placeOf(build);
  if (!place) return undefined;
  const read = classify(place.path);
  if (read.kind !== "build") return undefined;
  const metadata = metadataPlace(read);
  let path = metadata.buildhubPath;
  if (metadata.kind === "nightly") path ??= metadata.jsonPath;
  else if (metadata.kind === "candidate") path ??= metadata.path;
  else if (path === undefined && build.build?.number !== undefined) {
    // A release was the candidate with the number of its build.
    const { candidatesFolder, platform, filePrefix } = metadata;
    path = `${candidatesFolder}build${build.build.number}/${platform}/en-US/${filePrefix}.json`;
  }
  return path && requestUrl(path, place.archiveUrl);
}

/** Products whose crash reports name another one. */
const CRASH_PRODUCTS: Record<string, string> = { devedition: "Firefox" };

/** The crash reports with the build id of a build. */
export function crashReportsUrl({ source: { product }, build }: Build): string | undefined {
  if (build === undefined) return undefined;
  const name = CRASH_PRODUCTS[product] ?? product.charAt(0).toUpperCase() + product.slice(1);
  const query = new URLSearchParams({ build_id: build.id, product: name });
  return `https://crash-stats.mozilla.org/search/?${query}`;
}

/** The pushes after one build up to another, if both come from one repository. */
export function pushLogUrl({ source: from }: Build, { source: to }: Build): string | undefined {
  if (from.repository !== to.repository || !from.revision || !to.revision) return undefined;
  if (from.revision === to.revision) return undefined;
  const query = new URLSearchParams({ fromchange: from.revision, tochange: to.revision });
  return safeUrl(to.repository && `${to.repository.replace(/\/+$/, "")}/pushloghtml?${query}`);
}

/** Products that mozregression knows. */
const MOZREGRESSION_APPS = ["firefox", "devedition", "thunderbird", "fennec", "fenix", "focus"];

/**
 * A command that finds the change after one build up to another that caused a regression, or without
 * the first runs the second. Nightlies are named by build id, others by repository and changeset.
 * Source: `mozregression --help`, version 7.
 */
export function mozregression(from: Build | undefined, to: Build): string | undefined {
  const { source: { product, tree }, target } = to;
  const isNightly = target.channel.startsWith("nightly");
  const [good, bad] = [from, to].map((one) => isNightly ? nightlyName(one) : one?.source.revision);
  const arch = /arm64-v8a|armeabi-v7a|x86_64|x86/.exec(target.platform)?.[0];
  const mustNameArch = product === "fenix" || product === "focus";
  if (!bad || !MOZREGRESSION_APPS.includes(product) || (mustNameArch && !arch)) return undefined;
  const words = [
    "mozregression",
    ...product === "firefox" ? [] : ["--app", product],
    ...mustNameArch ? ["--arch", arch!] : [],
    ...isNightly || !tree ? [] : ["--repo", tree.split("/").at(-1)!],
    ...good && good !== bad ? ["--good", good, "--bad", bad] : ["--launch", bad],
  ];
  // Records come from outside, and this is pasted into a shell.
  return words.every((word) => /^[\w.-]+$/.test(word)) ? words.join(" ") : undefined;
}

/** A build id of 14 digits; older ones have no seconds, so the day. */
function nightlyName(build: Build | undefined): string | undefined {
  const { id, date } = build?.build ?? {};
  return id?.length === 14 ? id : date?.slice(0, 10);
}
