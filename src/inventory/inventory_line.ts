import type { ListedFile } from "../archive/listing.ts";
import { deliveryBucket } from "./inventories.ts";

/**
 * One line of an inventory: Bucket, Key, Size, LastModifiedDate and an empty md5.
 *
 * @param folder with its slash
 *
 * @example
 * ```ts
 * import { inventoryLine } from "./inventory_line.ts";
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
