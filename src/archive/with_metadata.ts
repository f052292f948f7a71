import { inOrder, type Stage } from "../net/in_order.ts";
import { mergeMetadata } from "../builds/build_metadata.ts";
import type { Build } from "../builds/build_url.ts";
import type { FoundMetadata, MetadataFinder } from "./metadata_finder.ts";
import { implausible } from "../builds/plausible.ts";
import type { ReleaseRecord } from "../builds/record.ts";

/** A build's record, with the reason why it's incomplete, if it is. */
export interface Described {
  record: ReleaseRecord;
  incomplete?: string;
}

/** How {@linkcode withMetadata} works ahead. */
export interface WithMetadataOptions {
  finder: MetadataFinder;
  /** Documents looked for at once, at most. */
  parallelRequests: number;
  /** Told of each record when its turn comes. */
  onResult?: (described: Described) => void;
}

/** Builds that wait for the first of them to be complete; each is small. */
const WINDOW_SIZE = 4_096;

/** Builds → their records, completed with their metadata, in order (docs/domain.md, "Merging"). */
export function withMetadata(options: WithMetadataOptions): Stage<Build, Described> {
  const { finder, parallelRequests, onResult } = options;
  return inOrder((build) => describe(build, finder), {
    windowSize: WINDOW_SIZE,
    onResult,
    // A lookup has one request under way, or waits for one of another's: a few more fill the gaps.
    mayBegin: () => finder.pending < 2 * parallelRequests,
  });
}

/** One build's record. It fails only when the finder is strict. */
export async function describe(build: Build, finder: MetadataFinder): Promise<Described> {
  return described(build, await finder.find(build));
}

/** A build's record with this metadata, or without any. */
export function described(build: Build, found: FoundMetadata | undefined): Described {
  if (!found) return { record: build.record, incomplete: "no metadata" };
  const record = mergeMetadata(build.record, found.metadata, found.buildNumber);
  const doubt = implausible(record.target);
  return doubt ? { record: build.record, incomplete: `${doubt} in its metadata` } : { record };
}
