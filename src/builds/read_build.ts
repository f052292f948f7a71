import type { Build } from "./build.ts";
import type { Reason } from "./exclusions.ts";
import { extensionOf, FILE_TYPES } from "./file_types.ts";
import { LAYOUTS } from "./layouts.ts";
import { recordPlatform, systemOf } from "./platforms.ts";
import { implausible } from "./plausible.ts";
import type { Product } from "./products.ts";
import type { ReleaseRecord } from "./record.ts";

/**
 * Reads a build from its place in the archive (docs/domain.md, "Layouts"). Part of `classify()`: ask
 * that.
 *
 * @param path of a file that no rule rejects
 * @returns why it can't be read, when the path fits no layout
 */
export function readBuild(path: string, product: Product): Build | Reason {
  const segments = path.split("/");
  const name = segments.at(-1)!.replaceAll(" ", "-");
  const layout = LAYOUTS.find((layout) => layout.has(path, segments, product))!;
  const placed = layout.read(segments, name);
  if (!placed) return `not laid out as a ${layout.name}`;
  const platform = placed.platform.toLowerCase();
  const os = systemOf(platform);
  if (!os) return "unknown operating system";
  const version = placed.version.toLowerCase();
  const target = {
    platform: recordPlatform(platform),
    os,
    locale: placed.locale,
    version,
    channel: channelOf(path, version),
  };
  const doubt = implausible(target);
  if (doubt) return doubt;
  return {
    kind: "build",
    path,
    product,
    layout: layout.name,
    platform: placed.platform,
    buildNumber: placed.buildNumber,
    id: recordId(product, target, segments),
    target,
    mimetype: FILE_TYPES.get(extensionOf(name))!,
  };
}

/**
 * The channel that a path and a version suggest; metadata may name another one. It's part of the id,
 * so a word counts anywhere in the path, as it always has.
 */
function channelOf(path: string, version: string): string {
  return baseChannel(path, version) + (path.includes("old-id") ? "-old-id" : "");
}

function baseChannel(path: string, version: string): string {
  if (path.includes("nightly")) return path.includes("aurora") ? "aurora" : "nightly";
  if (version.includes("b")) return path.includes("devedition") ? "aurora" : "beta";
  return version.endsWith("esr") ? "esr" : "release";
}

/** The id, which never changes: made from the path alone; a nightly's has its folder's date. */
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
