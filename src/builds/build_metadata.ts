import { decodedPath } from "./archive_url.ts";
import { isMoment } from "./calendar.ts";
import { filePlatform } from "./platforms.ts";
import { utcSeconds } from "./whole_seconds.ts";
import type { ListedRecord, ReleaseRecord } from "./record.ts";

/** What a metadata document says about a build, in the fields of records. */
export interface BuildMetadata {
  /** Without `number`, which folders know best. */
  build: Omit<ReleaseRecord["build"], "number">;
  /** `build.number` of a `buildhub.json`. */
  number?: number;
  source: Pick<ReleaseRecord["source"], "repository" | "tree" | "revision">;
  /** `moz_update_channel`. */
  channel?: string;
  /** `moz_pkg_platform`, as file names spell it: which files of a nightly folder it describes. */
  packagePlatform?: string;
  /** `download` of a `buildhub.json`: the file that it describes. */
  file?: DescribedFile;
}

/** An installer as a `buildhub.json` describes it. */
export interface DescribedFile {
  /** Its place in the archive, decoded, whatever host the document names. */
  path: string;
  sizeBytes: number;
  /** When it was built: UTC, whole seconds. Undefined when the document has no such date. */
  date?: string;
}

/** The compiler's and linker's fields, with the names of older documents after the newer ones. */
const TOOLCHAIN = {
  as: ["as"],
  cc: ["cc"],
  cxx: ["cxx"],
  ld: ["ld"],
  host: ["host_alias", "host"],
  target: ["target_alias", "target"],
} as const;

/**
 * Reads a JSON metadata document, a classic one or a `buildhub.json` (docs/domain.md, "Where the
 * metadata lies"): the one has all fields at its root, the other in groups.
 *
 * @returns undefined when it's something else, such as `mozinfo`, or names no build id
 *
 * @example
 * ```ts
 * import { metadataFromJson } from "./build_metadata.ts";
 * const metadata = metadataFromJson({ buildid: "20170302120751", moz_source_stamp: "abc" });
 * if (metadata?.build.date !== "2017-03-02T12:07:51Z") throw new Error();
 * ```
 */
export function metadataFromJson(document: unknown): BuildMetadata | undefined {
  const text = textsOf(document);
  const build = buildOf(text("buildid"), text);
  return build
    ? {
      build,
      source: sourceOf(text("moz_source_repo"), text("moz_source_stamp")),
      ...optional("channel", text("moz_update_channel") || undefined),
      ...optional("packagePlatform", text("moz_pkg_platform")),
    }
    : metadataFromGroups(groupsOf(document));
}

/** A `buildhub.json`; its `source.tree` lacks what stands before the repository's name. */
function metadataFromGroups(groups: Record<string, unknown>): BuildMetadata | undefined {
  const text = textsOf(groups.build);
  const build = buildOf(text("id"), text);
  if (!build) return undefined;
  const { number } = groupsOf(groups.build);
  const source = textsOf(groups.source);
  const target = textsOf(groups.target);
  const tree = source("tree");
  const platform = target("platform");
  return {
    build,
    source: { ...optional("tree", tree), ...sourceOf(source("repository"), source("revision")) },
    ...optional("number", Number.isSafeInteger(number) ? number as number : undefined),
    ...optional("channel", target("channel") || undefined),
    ...optional("packagePlatform", platform && filePlatform(platform)),
    ...optional("file", fileOf(groupsOf(groups.download))),
  };
}

function fileOf({ url, size, date }: Record<string, unknown>): DescribedFile | undefined {
  const isSize = Number.isSafeInteger(size) && size as number >= 0;
  if (typeof url !== "string" || !URL.canParse(url) || !isSize) return undefined;
  return {
    path: decodedPath(new URL(url).pathname.slice(1)),
    sizeBytes: size as number,
    ...optional("date", typeof date === "string" ? utcSeconds(date) : undefined),
  };
}

function buildOf(
  id: string | undefined,
  text: (name: string) => string | undefined,
): BuildMetadata["build"] | undefined {
  const date = buildDate(id);
  if (date === undefined) return undefined;
  const build: BuildMetadata["build"] = { id: id!, date };
  for (const [field, names] of Object.entries(TOOLCHAIN)) {
    const value = names.map(text).find((value) => value !== undefined);
    if (value !== undefined) build[field as keyof typeof TOOLCHAIN] = value;
  }
  return build;
}

/** The fields of an object; none of anything else. */
function groupsOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? value as Record<string, unknown> : {};
}

/** Reads an object's fields that are text. */
function textsOf(value: unknown): (name: string) => string | undefined {
  const fields = groupsOf(value);
  return (name) => typeof fields[name] === "string" ? fields[name] : undefined;
}

/**
 * Reads a nightly's metadata of before 2012, in either form: `BUILDID\nREPOSITORY/rev/REVISION`, or
 * `BUILDID REVISION`, whose repository is mozilla-central.
 */
export function metadataFromText(text: string): BuildMetadata | undefined {
  const named = /^(\d+)\s*\n(https?:\S+)\/rev\/(\S+)\s*$/.exec(text);
  const bare = /^(\d+) (\S+)\s*$/.exec(text);
  const id = (named ?? bare)?.[1];
  const date = buildDate(id);
  if (date === undefined) return undefined;
  const source = named
    ? sourceOf(named[2], named[3])
    : sourceOf("http://hg.mozilla.org/mozilla-central", bare![2]);
  return { build: { id: id!, date }, source };
}

/**
 * Adds a build's metadata and its candidate's number to its record (docs/domain.md, "Merging").
 *
 * @param buildNumber from the folders. @default {the metadata's}
 */
export function mergeMetadata(
  record: ListedRecord,
  metadata: BuildMetadata,
  buildNumber = metadata.number,
): ReleaseRecord {
  const { build, source, channel = record.target.channel } = metadata;
  const keepsOldId = record.target.channel.endsWith("-old-id") && !channel.endsWith("-old-id");
  return {
    ...record,
    source: { ...record.source, ...source },
    target: { ...record.target, channel: keepsOldId ? `${channel}-old-id` : channel },
    build: { ...build, ...optional("number", buildNumber) },
  };
}

/** A build id as a date: 10, 12 or 14 digits; minutes and seconds may be missing. */
function buildDate(buildId: string | undefined): string | undefined {
  const [, year, month, day, hour, minute = "00", second = "00"] =
    /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)?(\d\d)?$/.exec(buildId ?? "") ?? [];
  return year !== undefined && isMoment(year, month!, day!, hour!, minute, second)
    ? `${year}-${month}-${day}T${hour}:${minute}:${second}Z`
    : undefined;
}

function sourceOf(repository?: string, revision?: string): BuildMetadata["source"] {
  const url = repository?.replace("MOZ_SOURCE_REPO=", "");
  return {
    ...optional("repository", url),
    ...optional("tree", url?.split("hg.mozilla.org/").at(-1)),
    ...optional("revision", revision),
  };
}

/** `{ [name]: value }`, or nothing without a value: records have no undefined fields. */
function optional<Name extends string, Value>(name: Name, value: Value | undefined) {
  return (value === undefined ? {} : { [name]: value }) as { [_ in Name]?: Value };
}
