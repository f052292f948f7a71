import { join } from "node:path";
import { fileName } from "./download.ts";
import type { Piece } from "./manifest.ts";

/** Downloads that are older are removed. */
const MAX_AGE_MS = 2 * 24 * 3600 * 1000;

/**
 * Removes this inventory's downloads, complete or not, that are older than two days. Other files,
 * including those of other inventories, and the pieces to keep are left alone.
 *
 * @returns the number of removed files
 */
export async function removeOldDownloads(
  inventory: string,
  directory: string,
  keep: readonly Piece[],
  now = Date.now(),
): Promise<number> {
  const kept = new Set(keep.map((piece) => fileName(inventory, piece)));
  const any = fileName(inventory, { md5: "[0-9a-f]{32}" }).replaceAll(".", "\\.");
  const ours = new RegExp(`^${any}(\\.[0-9a-f-]{36}\\.part)?$`);
  let removed = 0;
  for await (const { name, isFile } of Deno.readDir(directory)) {
    if (!isFile || !ours.test(name) || kept.has(name)) continue;
    const path = join(directory, name);
    try {
      const { mtime } = await Deno.stat(path);
      if (now - (mtime?.getTime() ?? now) <= MAX_AGE_MS) continue;
      await Deno.remove(path);
      removed++;
    } catch (error) {
      // Another run has removed it.
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return removed;
}
