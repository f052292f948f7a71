import { tmpdir } from "node:os";
import { join } from "node:path";
import { counted } from "../errors/counted.ts";
import type { SummaryEvent } from "../reporting/summary.ts";
import { reasonOf } from "../errors/reason_of.ts";
import { TruncatedInput } from "../errors/truncated_input.ts";
import { makeFolder } from "../storage/make_folder.ts";
import { downloadPiece, type LocalPiece } from "./download.ts";
import { gunzipIfNeeded } from "./gunzip.ts";
import { latestManifest, type Manifest } from "./latest_manifest.ts";
import type { ObjectStore } from "./object_store.ts";
import { removeOldDownloads } from "./remove_old_downloads.ts";

/** How an inventory is read. */
export interface LatestInventoryOptions {
  /** Where pieces are kept between runs. @default {a folder of the system's temporary one} */
  directory?: string;
}

/** The progress. At the end, `pieces = downloaded + reused`. */
export interface InventoryCounts {
  /** In the manifest. */
  readonly pieces: number;
  /** Of all pieces, compressed. */
  readonly sizeBytes: number;
  downloaded: number;
  /** Received; at the end, `sizeBytes` minus the size of the reused pieces. */
  downloadedBytes: number;
  reused: number;
  reusedBytes: number;
  /** Compressed bytes that were decompressed; `sizeBytes` at the end. */
  readBytes: number;
  /** Bytes of CSV in `readable` so far. */
  csvBytes: number;
}

/** An open inventory of one day. */
export interface LatestInventory {
  manifest: Manifest;
  counts: InventoryCounts;
  /** Called when the counts have changed; set it before reading. */
  onProgress?: (counts: InventoryCounts) => void;
  /**
   * The CSV of all pieces in the manifest's order, each ended by a newline. A piece is read only
   * after all of it was checked. Fails like {@linkcode latestInventory}.
   */
  readable: ReadableStream<Uint8Array>;
}

/**
 * Finds the newest inventory of this name and reads it. While one piece is read, only the next one
 * is downloaded: a slow reader slows the download.
 *
 * @throws {UsageError} when the directory can't be written to
 * @throws {S3Error} when it can't be read, or a piece isn't what the manifest says
 * @throws {ManifestError} when the manifests are damaged
 * @throws {TruncatedInput} when a piece matches the manifest, but its gzip data is cut off
 */
export async function latestInventory(
  name: string,
  store: ObjectStore,
  { directory = join(tmpdir(), "buildhub-inventories") }: LatestInventoryOptions = {},
): Promise<LatestInventory> {
  const manifest = await latestManifest(name, store);
  await makeFolder(directory, "CSV_DOWNLOAD_DIRECTORY");
  const removed = await removeOldDownloads(name, directory, manifest.pieces);
  if (removed > 0) {
    store.options.log?.info(`Removed ${counted(removed, "old downloads")} from ${directory}`);
  }
  const counts: InventoryCounts = {
    pieces: manifest.pieces.length,
    sizeBytes: manifest.pieces.reduce((sum, piece) => sum + piece.sizeBytes, 0),
    downloaded: 0,
    downloadedBytes: 0,
    reused: 0,
    reusedBytes: 0,
    readBytes: 0,
    csvBytes: 0,
  };
  const inventory: LatestInventory = {
    manifest,
    counts,
    readable: ReadableStream.from(
      read(manifest, store, directory, counts, () => inventory.onProgress?.(counts)),
    ),
  };
  return inventory;
}

/** What was read of an inventory, in one line whose numbers add up. */
export function inventorySummary(
  { inventory, date }: Manifest,
  counts: InventoryCounts,
): SummaryEvent {
  const { pieces, downloaded, reused, sizeBytes, downloadedBytes, reusedBytes, csvBytes } = counts;
  const text =
    `${inventory} of ${date}: ${counted(pieces, "pieces")} = ${downloaded} downloaded + ` +
    `${reused} reused; ${counted(sizeBytes, "bytes")} = ${downloadedBytes} downloaded + ` +
    `${reusedBytes} reused; ${counted(csvBytes, "bytes of CSV")}`;
  const bytes = { sizeBytes, downloadedBytes, reusedBytes, csvBytes };
  return {
    ...{ event: "inventory", text },
    data: { inventory, date, pieces, downloaded, reused, ...bytes },
  };
}

async function* read(
  { inventory, pieces }: Manifest,
  store: ObjectStore,
  directory: string,
  counts: InventoryCounts,
  progress: () => void,
): AsyncGenerator<Uint8Array> {
  const finished = new AbortController();
  const downloads = store.until(finished.signal);
  const fetchPiece = async (index: number): Promise<LocalPiece | undefined> => {
    const piece = pieces[index];
    if (!piece) return undefined;
    const local = await downloadPiece(piece, inventory, downloads, directory, (change) => {
      counts.downloadedBytes += change;
      progress();
    });
    if (!local.reused) counts.downloaded++;
    else {
      counts.reused++;
      counts.reusedBytes += piece.sizeBytes;
    }
    return local;
  };
  let ahead = fetchPiece(0);
  try {
    for (const [index, piece] of pieces.entries()) {
      const local = await ahead;
      ahead = fetchPiece(index + 1);
      // Its failure is thrown when it's awaited.
      ahead.catch(() => {});
      if (!local) break;
      using file = local.file;
      yield* csvOf(file, store.urlOf(piece.key), counts, progress);
    }
  } finally {
    // When the reader stops early, the download ahead isn't needed.
    finished.abort();
    await ahead.then((local) => local?.file.close(), () => {});
  }
}

async function* csvOf(
  file: Deno.FsFile,
  url: string,
  counts: InventoryCounts,
  progress: () => void,
): AsyncGenerator<Uint8Array> {
  const compressed = async function* () {
    for (;;) {
      const buffer = new Uint8Array(256 * 1024);
      const read = await file.read(buffer);
      if (read === null) return;
      counts.readBytes += read;
      progress();
      yield buffer.subarray(0, read);
    }
  };
  let last: number | undefined;
  try {
    for await (const chunk of gunzipIfNeeded(ReadableStream.from(compressed()))) {
      counts.csvBytes += chunk.length;
      last = chunk.at(-1);
      yield chunk;
    }
  } catch (cause) {
    throw new TruncatedInput(`${url}: ${reasonOf(cause)}`, { cause });
  }
  if (last === undefined || last === NEWLINE) return;
  // Else its last row and the next piece's first would become one row.
  counts.csvBytes++;
  yield new Uint8Array([NEWLINE]);
}

const NEWLINE = 0x0a;
