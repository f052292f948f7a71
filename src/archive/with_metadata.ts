import { inOrder, type Stage } from "../net/in_order.ts";
import { mergeMetadata } from "../builds/build_metadata.ts";
import { type AnnouncedBuild, type FoundBuild, installerOf } from "../builds/announced_build.ts";
import { type ListedBuild, listedBuild } from "../builds/build.ts";
import type { ExactSizes } from "./exact_sizes.ts";
import type { FoundMetadata, MetadataFinder } from "./metadata_finder.ts";
import { implausible } from "../builds/plausible.ts";
import type { IncompleteRecord, ListedRecord, ReleaseRecord } from "../builds/record.ts";

/** A build's record, or what there is of it and why it can't be published. */
export type Described =
  | CompleteBuild
  /** The archive has no metadata of it, and the job publishes such builds. */
  | { state: "partial"; record: IncompleteRecord; reason: string }
  | { state: "incomplete"; record: UnpublishedRecord; reason: string };

/** A build whose record is complete. */
export interface CompleteBuild {
  state: "complete";
  record: ReleaseRecord;
  /**
   * What gave its size and date: its own row, or the `buildhub.json` that announced it. The date in a
   * document is when the file was built, which is before it was published.
   */
  from: "row" | "document";
}

/** What is known of a build in any case. */
type UnpublishedRecord = Pick<ListedRecord, "id" | "source" | "target">;

/** What a record is made of, besides the build's path. */
export interface RecordSources {
  /** The base of the records' URLs: `https://archive.mozilla.org/`. */
  archiveUrl: string;
  finder: MetadataFinder;
  sizes: ExactSizes;
  /** What becomes of builds of which the archive has no metadata. @default {"skip"} */
  incomplete?: "skip" | "publish";
}

/** How {@linkcode withMetadata} works ahead. */
export interface WithMetadataOptions extends RecordSources {
  /** How many documents are fetched at once, at most. */
  parallelRequests: number;
  /** Called with each record, in order. */
  onResult?: (described: Described) => void;
}

/** Why a build is incomplete whose size is rounded where it's listed, and can't be requested. */
const SIZE_UNKNOWN = "its exact size can't be requested";

/** Why most builds are incomplete. */
const NO_METADATA = "no metadata";

/** How many builds may wait for the first of them to be complete; each is small. */
const WINDOW_SIZE = 4_096;

/** Builds → their records, completed with their metadata, in order (docs/domain.md, "Merging"). */
export function withMetadata(options: WithMetadataOptions): Stage<FoundBuild, Described> {
  const { finder, sizes, parallelRequests, onResult } = options;
  return inOrder((build) => describe(build, options), {
    windowSize: WINDOW_SIZE,
    onResult,
    // A lookup makes one request at a time, or waits for another's: a few more fill the gaps.
    mayBegin: () => finder.pending + sizes.pending < 2 * parallelRequests,
  });
}

/** One build's record. @throws only when its sources are strict, or their signal is aborted */
export async function describe(build: FoundBuild, sources: RecordSources): Promise<Described> {
  return build.kind === "announced"
    ? await describeAnnounced(build, sources)
    : await described(build, await sources.finder.find(build), sources);
}

/** A build's record with this metadata, or without any. Throws like {@linkcode describe}. */
export async function described(
  build: ListedBuild,
  found: FoundMetadata | undefined,
  { sizes, incomplete: policy = "skip" }: Pick<RecordSources, "sizes" | "incomplete">,
): Promise<Described> {
  const { path, size, record } = build;
  const incomplete = (reason: string) => ({ state: "incomplete", record, reason }) as const;
  if (!found && policy === "skip") return incomplete(NO_METADATA);
  const merged = found && mergeMetadata(record, found.metadata, found.buildNumber);
  const doubt = merged && implausible(merged.target);
  if (doubt) return incomplete(`${doubt} in its metadata`);
  const { download } = record;
  const sizeBytes = await sizes.find({ path, size, date: download.date }, found?.metadata);
  if (sizeBytes === undefined) return incomplete(SIZE_UNKNOWN);
  const exact = { download: { ...download, size: sizeBytes } };
  return merged
    ? { state: "complete", record: { ...merged, ...exact }, from: "row" }
    : { state: "partial", record: { ...record, ...exact }, reason: NO_METADATA };
}

/** The record of a build that a document announces: its installer is what the document says it is. */
async function describeAnnounced(
  announced: AnnouncedBuild,
  sources: RecordSources,
): Promise<Described> {
  const { id, product, target, documentPath, documentDate } = announced;
  const { finder, archiveUrl } = sources;
  const incomplete = (reason: string) => {
    const record = { id, source: { product: product.name }, target };
    return { state: "incomplete", record, reason } as const;
  };
  const file = (await finder.document(documentPath))?.file;
  if (!file) return incomplete("its buildhub.json can't be read");
  const installer = installerOf(announced, file.path);
  if (typeof installer === "string") return incomplete(installer);
  const { sizeBytes: size, date = documentDate } = file;
  const build = listedBuild(installer, { archiveUrl, size, date });
  const found = await finder.find(installer);
  const result = await described(build, found, { ...sources, incomplete: "skip" });
  return result.state === "complete" ? { ...result, from: "document" } : result;
}
