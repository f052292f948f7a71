import { counted } from "../errors/counted.ts";
import { Crawl } from "../crawl/crawl.ts";
import type { OpenArchive } from "../archive/open_archive.ts";
import { openCrawlState } from "../crawl/open_crawl_state.ts";
import type { Config, ConfigOf } from "../settings/config.ts";
import type { S3_INVENTORIES } from "../settings/setting_groups.ts";
import type { SummaryEvent } from "../reporting/summary.ts";
import type { Log } from "../reporting/log.ts";
import { CRAWL_STEPS, crawlInventory } from "../crawl/crawl_inventory.ts";
import { inventorySummary, latestInventory } from "../inventory/latest_inventory.ts";
import { ObjectStore } from "../inventory/object_store.ts";

/** Where an inventory can be read from. */
export interface InventorySource {
  /** For messages. */
  name: string;
  /** Finds it. @throws when it can't be fetched */
  open(): Promise<OpenInventory>;
}

/** An inventory that is being read. */
export interface OpenInventory {
  /** CSV. */
  readable: ReadableStream<Uint8Array>;
  /** The total of its progress. */
  total: number;
  /** Called with the progress; set it before reading. */
  onProgress?: (done: number) => void;
  /** The counts. */
  summary(): SummaryEvent[];
  /** Why it isn't complete, once all that can be read was read. */
  failure(): Error | undefined;
}

/** Inventories, and what is open for them. */
export interface OpenSources extends Disposable {
  inventories: InventorySource[];
}

/** The S3 inventories that the settings name. */
export async function openS3(
  config: ConfigOf<typeof S3_INVENTORIES>,
  log: Log,
  signal?: AbortSignal,
): Promise<OpenSources> {
  const { retries, timeoutMs, maxWaitMs, csvDownloadDirectory: directory } = config;
  const store = await ObjectStore.open({
    ...{ endpoint: config.s3Endpoint, forcePathStyle: config.s3ForcePathStyle },
    ...{ retries, timeoutMs, maxWaitMs, log, signal },
  });
  const inventories = config.inventories.map((name) => ({
    name,
    async open() {
      const inventory = await latestInventory(name, store, { directory });
      const { readable, manifest, counts } = inventory;
      const open: OpenInventory = {
        readable,
        total: counts.sizeBytes,
        summary: () => [inventorySummary(manifest, counts)],
        failure: () => undefined,
      };
      inventory.onProgress = ({ readBytes }) => open.onProgress?.(readBytes);
      return open;
    },
  }));
  return { inventories, [Symbol.dispose]: () => store[Symbol.dispose]() };
}

/** The settings of a crawl. */
type CrawlConfig = Pick<Config, "products" | "parallelRequests" | "cacheFolder" | "archiveUrl">;

/** The archive's own listings, as one inventory. */
export async function openCrawl(
  { products, parallelRequests, ...config }: CrawlConfig,
  { archive }: OpenArchive,
  log: Log,
  signal?: AbortSignal,
): Promise<OpenSources> {
  const state = await openCrawlState(config, log);
  const open = (): Promise<OpenInventory> => {
    const stopped = AbortSignal.any([archive.unavailable, ...signal ? [signal] : []]);
    const crawl = new Crawl({ archive, state, products, parallelRequests, log, signal: stopped });
    const { counts } = crawl;
    const lines = crawlInventory(
      crawl,
      () => inventory.onProgress?.(Math.floor(crawl.progress * CRAWL_STEPS)),
    );
    const inventory: OpenInventory = {
      readable: ReadableStream.from(lines).pipeThrough(toBytes()),
      total: CRAWL_STEPS,
      summary: () => counts.summary(),
      failure: () =>
        archive.unavailable.aborted
          ? archive.unavailable.reason
          : counts.failed > 0
          ? new Error(`${counted(counts.failed, "folders")} can't be listed`)
          : undefined,
    };
    return Promise.resolve(inventory);
  };
  const inventories = [{ name: "archive", open }];
  return { inventories, [Symbol.dispose]: () => state[Symbol.dispose]() };
}

/**
 * The CSV of all inventories of a source, one after the other. What one of them lacks makes the
 * stream fail, after all that it has.
 *
 * @param onSummary called with the counts of each inventory
 */
export function allInventories(
  openSources: () => Promise<OpenSources>,
  onSummary: (summary: SummaryEvent[]) => void,
): ReadableStream<Uint8Array> {
  return ReadableStream.from((async function* () {
    using sources = await openSources();
    for (const source of sources.inventories) {
      const inventory = await source.open();
      yield* inventory.readable;
      onSummary(inventory.summary());
      const failure = inventory.failure();
      if (failure) throw failure;
    }
  })());
}

/** Lines, or several at once → bytes. */
export function toBytes(): TransformStream<string, Uint8Array> {
  const encoder = new TextEncoder();
  return new TransformStream({
    transform: (lines, controller) => controller.enqueue(encoder.encode(`${lines}\n`)),
  });
}
