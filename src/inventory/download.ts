import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Piece } from "./manifest.ts";
import type { ObjectStore } from "./object_store.ts";
import { PieceDownload } from "./piece_download.ts";

/** A piece on disk, complete and checked against its manifest. */
export interface LocalPiece {
  /** At its first byte. Stays readable if another run removes the file meanwhile. */
  file: Deno.FsFile;
  /** Whether it was there already. */
  reused: boolean;
}

/**
 * Opens a piece from the directory if it's there with the right size and MD5; else downloads it.
 *
 * A download is written under a unique name and renamed when size and MD5 are right, so that
 * concurrent and killed runs leave no wrong file behind. If the connection breaks, the download is
 * resumed; the store's `retries` limit the attempts that bring no new byte.
 *
 * @param inventory a part of the file's name, together with the MD5; the object's key is not
 * @param onBytes called with each change of the number of downloaded bytes
 * @throws {S3Error} when it can't be read, or isn't what the manifest says
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
    const url = store.urlOf(piece.key);
    await store.retrying((progressed) => download.continue(progressed), url);
    await Deno.rename(temporary, path);
    await file.seek(0, Deno.SeekMode.Start);
    return { file, reused: false };
  } catch (error) {
    file.close();
    await Deno.remove(temporary).catch(() => {});
    throw error;
  }
}

/** A piece's file name in the directory: from its content's MD5, never from its key. */
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
  log?.warning(`${path} no longer matches the manifest; downloading it again`);
}
