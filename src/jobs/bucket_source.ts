import { BucketListing } from "../inventory/bucket_listing.ts";
import { BucketState } from "../inventory/bucket_state.ts";
import { ObjectStore } from "../inventory/object_store.ts";
import type { Log } from "../reporting/log.ts";
import type { ConfigOf } from "../settings/config.ts";
import type { ARCHIVE_BUCKET } from "../settings/setting_groups.ts";
import { type OpenInventory, type OpenSources, toBytes } from "./inventory_source.ts";

/** The total of a listing's progress: the number of objects isn't known. */
export const BUCKET_STEPS = 1_000;

/** A listing, and what is open for it. */
export interface OpenBucketListing extends Disposable {
  listing: BucketListing;
}

/**
 * Prepares the listing of the bucket that the settings name.
 *
 * @throws {UsageError} when CACHE_FOLDER can't be written to
 */
export async function openBucketListing(
  config: ConfigOf<typeof ARCHIVE_BUCKET>,
  log: Log,
  { signal, isFull }: { signal?: AbortSignal; isFull?: boolean } = {},
): Promise<OpenBucketListing> {
  const { archiveBucket: bucket, archiveBucketUrl: endpoint, products, cacheFolder } = config;
  const { retries, timeoutMs, maxWaitMs, parallelRequests } = config;
  using stack = new DisposableStack();
  const name = `${endpoint.replace(/^https?:\/\//, "")}/${bucket}`.replace(/[^\w.]+/g, "-");
  const path = `${cacheFolder}/buildhub-bucket-${name}.sqlite`;
  const state = stack.use(await BucketState.open(path, (message) => log.warning(message)));
  const store = stack.use(
    await ObjectStore.open({
      ...{ bucket, endpoint, forcePathStyle: true, usesCredentials: true },
      ...{ retries, timeoutMs, maxWaitMs, log, signal },
    }),
  );
  const listing = new BucketListing({
    ...{ store, state, products, parallelRequests, log, isFull, signal },
  });
  const parts = stack.move();
  return { listing, [Symbol.dispose]: () => parts.dispose() };
}

/** The archive's bucket, as one inventory. */
export async function openBucket(
  config: ConfigOf<typeof ARCHIVE_BUCKET>,
  log: Log,
  signal?: AbortSignal,
): Promise<OpenSources> {
  const opened = await openBucketListing(config, log, { signal });
  const { listing } = opened;
  const open = (): Promise<OpenInventory> => {
    const { counts } = listing;
    const lines = async function* () {
      for await (const line of listing.lines()) {
        inventory.onProgress?.(Math.floor(listing.progress * BUCKET_STEPS));
        yield line;
      }
    };
    const inventory: OpenInventory = {
      readable: ReadableStream.from(lines()).pipeThrough(toBytes()),
      total: BUCKET_STEPS,
      summary: () => counts.summary(),
      failure: () =>
        counts.failed > 0
          ? new Error(`${counts.failed} parts of the bucket can't be listed`)
          : undefined,
    };
    return Promise.resolve(inventory);
  };
  const inventories = [{ name: "bucket", open }];
  return { inventories, [Symbol.dispose]: () => opened[Symbol.dispose]() };
}
