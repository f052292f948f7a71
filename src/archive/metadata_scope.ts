import type { BuildMetadata } from "../builds/build_metadata.ts";
import { type Build, type ListedBuild, listedBuild } from "../builds/build.ts";
import { Classifier } from "../builds/classify.ts";
import { folderOf } from "../builds/file_path.ts";
import type { Documents } from "./metadata_finder.ts";
import type { MetadataFile } from "../builds/metadata_file.ts";
import { wholeSeconds } from "../builds/whole_seconds.ts";

/** A folder with builds that one metadata document describes. */
export interface DescribedFolder {
  /** With its slash. */
  folder: string;
  /** Whether it may be missing, since it appears later. */
  isOptional: boolean;
  /** Which of the folder's builds the document is about. */
  describes(build: Build): boolean;
}

/**
 * The folders whose builds a metadata document describes (docs/domain.md, "S3 events").
 *
 * A candidate's document in the en-US folder is for all locales beside it, and for those of the
 * platform's EME-free builds; another one, such as that of `multi`, for its own folder. A nightly's
 * is for the en-US build of its platform and those in the `-l10n` folder; for Fennec, where each
 * platform has a folder, for all of them.
 *
 * @param metadata the content of the document
 * @throws as {@linkcode Archive.json} does; {@linkcode Error} for a folder that isn't there
 */
export async function metadataScope(
  file: MetadataFile,
  metadata: BuildMetadata,
  archive: Documents,
): Promise<DescribedFolder[]> {
  return file.of === "nightly"
    ? nightlyScope(file, metadata)
    : await candidateScope(folderOf(file.path), archive);
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

function nightlyScope(
  { path, product }: MetadataFile,
  { packagePlatform }: BuildMetadata,
): DescribedFolder[] {
  const folder = folderOf(path);
  const [dated] = /^(?:[^/]+\/){6}/.exec(folder) ?? [folder];
  // A document beside localized builds describes none: they have the en-US one's metadata.
  if (dated.endsWith("-l10n/")) return [];
  const l10n = { folder: `${dated.slice(0, -1)}-l10n/${folder.slice(dated.length)}` };
  if (product.family === "fennec") {
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
      describes: (build) => describes(build) && build.target.locale === "en-US",
    },
    { ...l10n, isOptional: true, describes },
  ];
}

/**
 * The builds of a folder that its metadata describes, with size and date; of files that would share
 * an id, the first.
 *
 * @param archiveUrl the base of the records' URLs
 * @throws as {@linkcode metadataScope} does
 */
export async function buildsIn(
  { folder, isOptional, describes }: DescribedFolder,
  archive: Documents,
  archiveUrl: string,
): Promise<ListedBuild[]> {
  const listing = isOptional ? await archive.listing(folder) : await existing(folder, archive);
  const builds = new Map<string, ListedBuild>();
  const classifier = new Classifier();
  for (const { name, size, last_modified } of listing?.files ?? []) {
    const build = classifier.classify(folder + name);
    const date = wholeSeconds(last_modified);
    if (build.kind !== "build" || !describes(build) || date === undefined) continue;
    if (builds.has(build.id)) continue;
    builds.set(build.id, listedBuild(build, { archiveUrl, size, date }));
  }
  return [...builds.values()];
}

async function existing(folder: string, archive: Documents) {
  const listing = await archive.listing(folder);
  if (!listing) throw new Error(`the archive has no folder ${folder}`);
  return listing;
}
