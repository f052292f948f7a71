import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Piece } from "./manifest.ts";
import type { ObjectStore } from "./object_store.ts";
import { PieceDownload } from "./piece_download.ts";
import { retrying } from "./retrying.ts";

/** A piece on disk, whole and as its manifest says. */
export interface LocalPiece {
  /** At its first byte. Stays readable if another run removes the file meanwhile. */
  file: Deno.FsFile;
  /** Whether it was there already. */
  reused: boolean;
}

/**
 * A piece, from the directory when it's there with the right size and MD5, else downloaded.
 *
 * It's written under a name that nobody else has, and renamed when size and MD5 are right, so that
 * runs at the same moment, or killed ones, leave nothing wrong behind. What breaks on the way is
 * resumed where it broke, as often as the store's `retries` allow without a new byte.
 *
 * @param inventory names the file, beside its MD5; the object's key doesn't
 * @param onBytes told of each change of the number of bytes that were downloaded
 * @throws {S3Error} when it can't be had, or isn't what the manifest says
 */
export async function downloadPiece(
  piece: Piece,
  inventory: string,
  store: ObjectStore,
  directory: string,
  onBytes: (change: number) => void = () => {},
): Promise<LocalPiece> {
  const path = join(directory, fileName(inventory, piece));
  const present = await openIfRight(path, piece, store);
  if (present) return { file: present, reused: true };
  const temporary = `${path}.${crypto.randomUUID()}.part`;
  const file = await Deno.open(temporary, { createNew: true, read: true, write: true });
  try {
    const download = new PieceDownload(piece, store, file, onBytes);
    await retrying((progressed) => download.continue(progressed), store.options);
    await Deno.rename(temporary, path);
    await file.seek(0, Deno.SeekMode.Start);
    return { file, reused: false };
  } catch (error) {
    file.close();
    await Deno.remove(temporary).catch(() => {});
    throw error;
  }
}

/** What a piece is called in the directory: by its content, never by its key. */
export function fileName(inventory: string, { md5 }: Pick<Piece, "md5">): string {
  return `buildhub-inventory-${inventory}-${md5}.csv.gz`;
}

async function openIfRight(
  path: string,
  { sizeBytes, md5 }: Piece,
  { options: { log, signal } }: ObjectStore,
): Promise<Deno.FsFile | undefined> {
  let file: Deno.FsFile;
  try {
    file = await Deno.open(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  try {
    const hash = createHash("md5");
    const { size } = await file.stat();
    if (size === sizeBytes) {
      const buffer = new Uint8Array(256 * 1024);
      for (let read; (read = await file.read(buffer)) !== null;) {
        signal?.throwIfAborted();
        hash.update(buffer.subarray(0, read));
      }
      if (hash.digest("hex") === md5) {
        await file.seek(0, Deno.SeekMode.Start);
        return file;
      }
    }
  } catch (error) {
    file.close();
    throw error;
  }
  file.close();
  log?.warning(`${path} isn't what the manifest says any more; downloading it again`);
}
