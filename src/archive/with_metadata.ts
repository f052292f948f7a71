import { inOrder, type Stage } from "../net/in_order.ts";
import { mergeMetadata } from "../builds/build_metadata.ts";
import type { Build } from "../builds/build_url.ts";
import type { ExactSizes } from "./exact_sizes.ts";
import type { FoundMetadata, MetadataFinder } from "./metadata_finder.ts";
import { implausible } from "../builds/plausible.ts";
import type { ReleaseRecord } from "../builds/record.ts";

/** A build's record, with the reason why it's incomplete, if it is. */
export interface Described {
  record: ReleaseRecord;
  incomplete?: string;
}

/** What a record is made of, besides the build's path. */
export interface RecordSources {
  finder: MetadataFinder;
  sizes: ExactSizes;
}

/** How {@linkcode withMetadata} works ahead. */
export interface WithMetadataOptions extends RecordSources {
  /** Documents looked for at once, at most. */
  parallelRequests: number;
  /** Told of each record when its turn comes. */
  onResult?: (described: Described) => void;
}

/** Why a build is incomplete whose size is rounded where it's listed, and can't be requested. */
const SIZE_UNKNOWN = "its exact size can't be requested";

/** Builds that wait for the first of them to be complete; each is small. */
const WINDOW_SIZE = 4_096;

/** Builds → their records, completed with their metadata, in order (docs/domain.md, "Merging"). */
export function withMetadata(options: WithMetadataOptions): Stage<Build, Described> {
  const { finder, sizes, parallelRequests, onResult } = options;
  return inOrder((build) => describe(build, options), {
    windowSize: WINDOW_SIZE,
    onResult,
    // A lookup has one request under way, or waits for one of another's: a few more fill the gaps.
    mayBegin: () => finder.pending + sizes.pending < 2 * parallelRequests,
  });
}

/** One build's record. @throws only when its sources are strict, or their signal is aborted */
export async function describe(
  build: Build,
  { finder, sizes }: RecordSources,
): Promise<Described> {
  return await described(build, await finder.find(build), sizes);
}

/** A build's record with this metadata, or without any. Throws like {@linkcode describe}. */
export async function described(
  build: Build,
  found: FoundMetadata | undefined,
  sizes: ExactSizes,
): Promise<Described> {
  if (!found) return { record: build.record, incomplete: "no metadata" };
  const record = mergeMetadata(build.record, found.metadata, found.buildNumber);
  const doubt = implausible(record.target);
  if (doubt) return { record: build.record, incomplete: `${doubt} in its metadata` };
  const { path, size = build.record.download.size! } = build;
  const file = { path, size, date: build.record.download.date! };
  const sizeBytes = await sizes.find(file, found.metadata);
  if (sizeBytes === undefined) return { record, incomplete: SIZE_UNKNOWN };
  record.download = { ...record.download, size: sizeBytes };
  return { record };
}
