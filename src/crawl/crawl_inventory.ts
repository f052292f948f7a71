import type { Crawl } from "./crawl.ts";
import { inventoryLine } from "../inventory/inventory_line.ts";

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
