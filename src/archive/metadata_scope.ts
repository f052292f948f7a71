import type { BuildMetadata } from "../builds/build_metadata.ts";
import { type Build, buildFrom, folderOf } from "../builds/build_url.ts";
import { bytesOf } from "../builds/listed_size.ts";
import type { Documents } from "./metadata_finder.ts";
import { buildhubMetadataOf, isCandidateMetadata } from "../builds/metadata_file.ts";
import { productAt } from "../builds/products.ts";
import { wholeSeconds } from "../builds/whole_seconds.ts";

/** A folder with builds that one metadata document describes. */
export interface DescribedFolder {
  /** With its slash. */
  folder: string;
  /** Whether it may be missing, since it comes to be later. */
  isOptional: boolean;
  /** Which of the folder's builds the document is about. */
  describes(build: Build): boolean;
}

/**
 * The folders whose builds a metadata document describes (docs/domain.md, "S3 events").
 *
 * A candidate's document in the en-US folder is for all locales beside it, and for those of the
 * platform's EME-free builds; another one, such as that of `multi`, for its own folder. A nightly's
 * is for the en-US build of its platform and those in the `-l10n` folder; for mobile, where each
 * platform has a folder, for all of them.
 *
 * @param path of a document that is `isCandidateMetadata` or `isNightlyMetadata`, or of a
 * `buildhub.json` that is `buildhubMetadataOf` something
 * @throws as {@linkcode Archive.json} does; {@linkcode Error} for a folder that isn't there
 */
export async function metadataScope(
  path: string,
  metadata: BuildMetadata,
  archive: Documents,
): Promise<DescribedFolder[]> {
  const isBesideLocales = ["candidate", "release"].includes(buildhubMetadataOf(path) ?? "");
  return isCandidateMetadata(path) || isBesideLocales
    ? await candidateScope(folderOf(path), archive)
    : nightlyScope(path, metadata);
}

async function candidateScope(folder: string, archive: Documents): Promise<DescribedFolder[]> {
  const whole = { isOptional: false, describes: () => true };
  if (!folder.endsWith("/en-US/")) return [{ ...whole, folder }];
  const platform = folder.slice(0, -"en-US/".length);
  const candidate = platform.replace(/[^/]+\/$/, "");
  const { prefixes } = await existing(candidate, archive);
  const platforms = prefixes.map((prefix) => candidate + prefix)
    .filter((other) => other.replace(/-EME-free\/$/i, "/") === platform);
  const locales = await Promise.all(platforms.map(async (platform) => {
    const { prefixes } = await existing(platform, archive);
    return prefixes.map((prefix) => platform + prefix);
  }));
  return locales.flat().map((folder) => ({ ...whole, folder }));
}

function nightlyScope(path: string, { packagePlatform }: BuildMetadata): DescribedFolder[] {
  const folder = folderOf(path);
  const [dated] = /^(?:[^/]+\/){6}/.exec(folder) ?? [folder];
  // What lies beside localized builds describes none: they have the en-US one's metadata.
  if (dated.endsWith("-l10n/")) return [];
  const l10n = { folder: `${dated.slice(0, -1)}-l10n/${folder.slice(dated.length)}` };
  if (productAt(path)?.folder === "mobile") {
    const describes = () => true;
    return [
      { folder, isOptional: false, describes },
      { ...l10n, isOptional: true, describes },
    ];
  }
  const platform = packagePlatform ?? path.replace(/\.buildhub\.json$/, ".json").split(".").at(-2);
  const describes = (build: Build) => build.platform === platform;
  return [
    {
      folder,
      isOptional: false,
      describes: (build) => describes(build) && build.record.target.locale === "en-US",
    },
    { ...l10n, isOptional: true, describes },
  ];
}

/**
 * The builds of a folder that its metadata describes, with size and date; of files that would share
 * an id the first.
 *
 * @param archiveUrl the base of the records' URLs
 * @throws as {@linkcode metadataScope} does
 */
export async function buildsIn(
  { folder, isOptional, describes }: DescribedFolder,
  archive: Documents,
  archiveUrl: string,
): Promise<Build[]> {
  const listing = isOptional ? await archive.listing(folder) : await existing(folder, archive);
  const builds = new Map<string, Build>();
  for (const { name, size, last_modified } of listing?.files ?? []) {
    const build = buildFrom(folder + name, archiveUrl);
    const date = wholeSeconds(last_modified);
    if ("reason" in build || !describes(build) || date === undefined) continue;
    build.size = size;
    Object.assign(build.record.download, { size: bytesOf(size), date });
    if (!builds.has(build.record.id)) builds.set(build.record.id, build);
  }
  return [...builds.values()];
}

async function existing(folder: string, archive: Documents) {
  const listing = await archive.listing(folder);
  if (!listing) throw new Error(`the archive has no folder ${folder}`);
  return listing;
}
