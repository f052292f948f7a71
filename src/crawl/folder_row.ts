import { crc32, deflateRawSync, inflateRawSync } from "node:zlib";
import type { ListedFile } from "../archive/listing.ts";
import type { ListedSize } from "../builds/listed_size.ts";
import { DamagedCache } from "../errors/damaged_cache.ts";
import type { CrawledFolder } from "./crawled_folder.ts";
import type { Remembered } from "./settled.ts";

/** A folder as it was listed once. */
export interface RememberedFolder extends CrawledFolder, Remembered {
  /** The crawl that listed it. */
  crawl: number;
  children: string[];
}

/** A row of the table of folders, its columns in the table's order. */
export interface FolderRow {
  path: string;
  crawl: number;
  listed_at: number;
  newest: string | null;
  newest_below: string | null;
  children: string;
  pruned_count: number;
  file_count: number;
  files: string | Uint8Array;
  checksum: number;
  below_checksum: number;
}

/** The row that remembers a folder. */
export function rowOf(folder: RememberedFolder): FolderRow {
  const { path, crawl, newest = null, newestBelow } = folder;
  const row = {
    ...{ path, crawl, listed_at: folder.listedAt, newest, newest_below: newestBelow },
    children: JSON.stringify(folder.children),
    ...{ pruned_count: folder.prunedCount, file_count: folder.fileCount },
    files: deflated(folder.files),
  };
  return { ...row, checksum: checksumOf(row), below_checksum: checksumOfText(newestBelow) };
}

/** What a row remembers. @throws {DamagedCache} when it isn't what was written */
export function folderOf(row: FolderRow): RememberedFolder {
  const { path, crawl, newest_below: newestBelow } = row;
  if (checksumOf(row) !== row.checksum || checksumOfText(newestBelow) !== row.below_checksum) {
    throw new DamagedCache(`the checksum of ${path} differs`);
  }
  return {
    ...{ path, crawl, newestBelow },
    listedAt: row.listed_at,
    newest: row.newest ?? undefined,
    children: JSON.parse(row.children),
    prunedCount: row.pruned_count,
    fileCount: row.file_count,
    files: inflated(row.files),
  };
}

function checksumOf(row: Omit<FolderRow, "newest_below" | "checksum" | "below_checksum">): number {
  const { path, crawl, listed_at, newest, children, pruned_count, file_count, files } = row;
  const fields = [path, crawl, listed_at, newest, children, pruned_count, file_count];
  const isBytes = typeof files === "string" || files instanceof Uint8Array;
  return crc32(isBytes ? files : "", crc32(JSON.stringify(fields)));
}

/** The CRC-32 of a text, or 0 for null. */
export function checksumOfText(text: string | null): number {
  return text === null ? 0 : crc32(String(text));
}

/** Below this length a folder's files are stored as they are. */
const DEFLATED_FROM_LENGTH = 1_000;

function deflated(files: readonly ListedFile[]): string | Uint8Array {
  const text = JSON.stringify(
    files.map(({ name, size, last_modified }) => [name, size, last_modified]),
  );
  return text.length < DEFLATED_FROM_LENGTH ? text : deflateRawSync(text);
}

function inflated(stored: string | Uint8Array): ListedFile[] {
  const text = typeof stored === "string"
    ? stored
    : new TextDecoder().decode(inflateRawSync(stored));
  return JSON.parse(text).map(
    ([name, size, last_modified]: [string, ListedSize, string]) => ({ name, size, last_modified }),
  );
}
