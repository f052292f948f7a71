import type { Crawl } from "./crawl.ts";
import type { ListedFile } from "../archive/listing.ts";
import { deliveryBucket } from "../inventory/inventories.ts";

/** The total of a crawl's progress: the number of folders isn't known. */
export const CRAWL_STEPS = 1_000;

/**
 * The lines of an inventory, one string per folder: its rows come together, as in an S3 inventory.
 *
 * @param onFolder called with each folder
 */
export async function* crawlInventory(
  crawl: Crawl,
  onFolder: () => void = () => {},
): AsyncGenerator<string> {
  for await (const { path, files } of crawl.folders()) {
    onFolder();
    if (files.length > 0) yield files.map((file) => inventoryLine(path, file)).join("\n");
  }
}

/**
 * One line of an inventory: Bucket, Key, Size, LastModifiedDate and an empty md5.
 *
 * @param folder with its slash
 *
 * @example
 * ```ts
 * import { inventoryLine } from "./crawl_inventory.ts";
 * const file = { name: "Firefox Setup 157.0.exe", size: 7, last_modified: "2026-11-17T13:00:00Z" };
 * const line = inventoryLine("pub/firefox/releases/157.0/win64/fr/", file);
 * if (line.split(",")[1] !== '"pub/firefox/releases/157.0/win64/fr/Firefox+Setup+157.0.exe"') {
 *   throw new Error(line);
 * }
 * ```
 */
export function inventoryLine(folder: string, { name, size, last_modified }: ListedFile): string {
  const inventory = folder.startsWith("pub/firefox/") ? "firefox" : "archive";
  const fields = [deliveryBucket(inventory), keyOf(folder + name), size];
  return [...fields, last_modified, ""].map((field) => `"${field}"`).join(",");
}

/** A path as inventories spell keys: see `pathOfKey`. */
function keyOf(path: string): string {
  return encodeURIComponent(path.toWellFormed())
    .replaceAll("%2F", "/")
    .replaceAll("%20", "+");
}
