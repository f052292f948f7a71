import { excludedBy, type Reason } from "./exclusions.ts";
import { extensionOf, FILE_TYPES, REPACKAGINGS } from "./file_types.ts";
import type { ListedSize } from "./listed_size.ts";
import { type Layout, LAYOUTS } from "./layouts.ts";
import { implausible } from "./plausible.ts";
import { type Product, productAt } from "./products.ts";
import type { OperatingSystem, ReleaseRecord } from "./record.ts";

/** A file that a user installs, as far as its path tells. */
export interface Build {
  /** Its place in the archive, decoded: `pub/firefox/releases/52.0/win32/fr/Firefox Setup 52.0.exe`. */
  path: string;
  product: Product;
  /** The rule that read it. */
  layout: Layout["name"];
  /** The platform as the archive spells it: `mac-EME-free`. */
  platform: string;
  /** N of a candidate's `/buildN/`. */
  buildNumber?: number;
  /** As a listing or an inventory gives it; undefined while only the path is known. */
  size?: ListedSize;
  /** Without size, date and what only the build's metadata knows. */
  record: ReleaseRecord;
}

/** A file that is no build, or none that can be described. */
export interface Ignored {
  reason: Reason;
  /** No rule knows this file: it isn't ignored on purpose. */
  unknown?: true;
}

/** The operating system of a platform as the archive spells it, in lower case. */
export function systemOf(platform: string): OperatingSystem | undefined {
  return SYSTEMS.find(([part]) => platform.includes(part))?.[1];
}

/** The operating systems, in the order in which a platform is searched for them. */
const SYSTEMS: readonly [string, OperatingSystem][] = [
  ["eabi", "android"],
  ["linux", "linux"],
  ["win", "win"],
  ["mac", "mac"],
  ["android", "android"],
  ["maemo", "maemo"],
];

/**
 * Why the file at this path is no build, from its extension, folders and name alone; undefined when
 * it looks like one.
 *
 * @param folderReason what {@linkcode folderIgnoredBecause} says of its folder
 */
export function ignoredBecause(
  path: string,
  folderReason = folderIgnoredBecause(folderOf(path)),
): Reason | undefined {
  const extension = extensionOf(path);
  if (REPACKAGINGS.includes(extension)) return "repackaging of a build";
  if (!FILE_TYPES.has(extension)) return "not an installer";
  if (folderReason !== undefined) return folderReason;
  const name = path.slice(path.lastIndexOf("/") + 1).replaceAll(" ", "-").toLowerCase();
  if (!name.startsWith(`${productAt(path)!.filePrefix}-`)) return "not named after its product";
  if (extension === "zip" && path.includes("win")) return "zip on Windows";
  if (path.includes("nightly") && !isOfTrunk(path)) return OTHER_NIGHTLY;
  return excludedBy(path, name);
}

/** Why no file of this folder, which ends in a slash, is a build; undefined when some may be. */
export function folderIgnoredBecause(folder: string): Reason | undefined {
  return productAt(folder) ? excludedBy(folder, "") : "unknown product";
}

/** The folder of a path, with its slash. */
export function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/") + 1);
}

/**
 * Reads a build from its place in the archive (docs/domain.md, "Which files are builds" and "Layouts").
 *
 * @param path decoded, such as `pub/firefox/releases/52.0/linux-x86_64/fr/firefox-52.0.tar.bz2`
 * @param archiveUrl the base of the record's URL
 *
 * @example
 * ```ts
 * import { buildFrom } from "./build_url.ts";
 * const path = "pub/firefox/releases/52.0/linux-x86_64/fr/firefox-52.0.tar.bz2";
 * const build = buildFrom(path, "https://archive.mozilla.org/");
 * if (!("record" in build) || build.record.id !== "firefox_52-0_linux-x86_64_fr") throw 1;
 * ```
 */
export function buildFrom(path: string, archiveUrl: string): Build | Ignored {
  const reason = ignoredBecause(path);
  if (reason !== undefined) return { reason };
  const product = productAt(path)!;
  const segments = path.split("/");
  const name = segments.at(-1)!.replaceAll(" ", "-");
  const layout = LAYOUTS.find((layout) => layout.has(path, segments))!;
  const placed = layout.read(segments, name);
  if (!placed) return { reason: `not laid out as a ${layout.name}`, unknown: true };
  const platform = placed.platform.toLowerCase();
  const os = systemOf(platform);
  if (!os) return { reason: "unknown operating system", unknown: true };
  const version = placed.version.toLowerCase();
  const target = {
    platform: platform.startsWith("mac") ? platform.replaceAll("mac", "macosx") : platform,
    os,
    locale: placed.locale,
    version,
    channel: channelOf(path, version),
  };
  const doubt = implausible(target);
  if (doubt) return { reason: doubt, unknown: true };
  const record = {
    id: recordId(product, target, segments),
    source: { product: product.name },
    target,
    download: { url: archiveUrl + path, mimetype: FILE_TYPES.get(extensionOf(name))! },
  };
  const { buildNumber } = placed;
  return { path, product, layout: layout.name, platform: placed.platform, buildNumber, record };
}

/** Why nightlies of aurora, of ESRs and of projects aren't indexed. */
export const OTHER_NIGHTLY = "nightly of another repository";

/** Whether a nightly's path names mozilla-central or comm-central, wherever it does. */
export function isOfTrunk(path: string): boolean {
  return /mozilla-central|comm-central/.test(path) || isNightlyOfTrunk(path.split("/"));
}

/**
 * Whether these segments lead to a nightly of mozilla-central or comm-central in its own layout,
 * where the first six tell. Android's last nightlies came from the ESR's repository.
 */
export function isNightlyOfTrunk([, product, kind, ...rest]: readonly string[]): boolean {
  const dated = rest.slice(0, 3).join("/");
  return kind === "nightly" &&
    (/mozilla-central|comm-central/.test(dated) ||
      (product === "mobile" && dated.includes("mozilla-esr68")));
}

/** The channel that a path and a version suggest; metadata may know better. */
function channelOf(path: string, version: string): string {
  return baseChannel(path, version) + (path.includes("old-id") ? "-old-id" : "");
}

function baseChannel(path: string, version: string): string {
  if (path.includes("nightly")) return path.includes("aurora") ? "aurora" : "nightly";
  if (version.includes("b")) return path.includes("devedition") ? "aurora" : "beta";
  return version.endsWith("esr") ? "esr" : "release";
}

/** The id: from the path alone, and for ever; the date of a nightly's folder stands in its version. */
function recordId(
  product: Product,
  { channel, version, platform, locale }: ReleaseRecord["target"],
  segments: readonly string[],
): string {
  const date = segments[5]?.split("-").slice(0, 6).join("-");
  const prefix = channel === "release" ? "" : `${channel}_`;
  const dated = channel.includes("nightly") ? `${date}_${version}` : version;
  return `${product.name}_${prefix}${dated}_${platform}_${locale}`.replaceAll(".", "-")
    .toLowerCase();
}
