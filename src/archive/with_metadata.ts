import { inOrder, type Stage } from "../net/in_order.ts";
import { mergeMetadata } from "../builds/build_metadata.ts";
import type { ListedBuild } from "../builds/build.ts";
import type { ExactSizes } from "./exact_sizes.ts";
import type { FoundMetadata, MetadataFinder } from "./metadata_finder.ts";
import { implausible } from "../builds/plausible.ts";
import type { ListedRecord, ReleaseRecord } from "../builds/record.ts";

/** A build's record, or what there is of it and why it can't be published. */
export type Described =
  | { state: "complete"; record: ReleaseRecord }
  | { state: "incomplete"; record: ListedRecord; reason: string };

/** What a record is made of, besides the build's path. */
export interface RecordSources {
  finder: MetadataFinder;
  sizes: ExactSizes;
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

/** How many builds may wait for the first of them to be complete; each is small. */
const WINDOW_SIZE = 4_096;

/** Builds → their records, completed with their metadata, in order (docs/domain.md, "Merging"). */
export function withMetadata(options: WithMetadataOptions): Stage<ListedBuild, Described> {
  const { finder, sizes, parallelRequests, onResult } = options;
  return inOrder((build) => describe(build, options), {
    windowSize: WINDOW_SIZE,
    onResult,
    // A lookup makes one request at a time, or waits for another's: a few more fill the gaps.
    mayBegin: () => finder.pending + sizes.pending < 2 * parallelRequests,
  });
}

/** One build's record. @throws only when its sources are strict, or their signal is aborted */
export async function describe(
  build: ListedBuild,
  { finder, sizes }: RecordSources,
): Promise<Described> {
  return await described(build, await finder.find(build), sizes);
}

/** A build's record with this metadata, or without any. Throws like {@linkcode describe}. */
export async function described(
  { path, size, record }: ListedBuild,
  found: FoundMetadata | undefined,
  sizes: ExactSizes,
): Promise<Described> {
  const incomplete = (reason: string) => ({ state: "incomplete", record, reason }) as const;
  if (!found) return incomplete("no metadata");
  const complete = mergeMetadata(record, found.metadata, found.buildNumber);
  const doubt = implausible(complete.target);
  if (doubt) return incomplete(`${doubt} in its metadata`);
  const { download } = complete;
  const sizeBytes = await sizes.find({ path, size, date: download.date }, found.metadata);
  if (sizeBytes === undefined) return incomplete(SIZE_UNKNOWN);
  return { state: "complete", record: { ...complete, download: { ...download, size: sizeBytes } } };
}
