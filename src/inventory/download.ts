import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Piece } from "./manifest.ts";
import type { ObjectStore } from "./object_store.ts";
import { retrying } from "./retrying.ts";
import { S3Error } from "./s3_error.ts";

/** A piece on disk, whole and as its manifest says. */
export interface LocalPiece {
  /** At its first byte. Stays readable if another run removes the file meanwhile. */
  file: Deno.FsFile;
  /** Whether it was there already. */
  reused: boolean;
}

/** Downloads not used for so long are removed. */
const MAX_AGE_MS = 2 * 24 * 3600 * 1000;

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
    const download = new Download(piece, store, file, onBytes);
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

/**
 * Removes this inventory's downloads that are older than two days, and what killed runs left. Other
 * files, those of other inventories included, and the pieces to keep stay.
 *
 * @returns how many were removed
 */
export async function removeOldDownloads(
  inventory: string,
  directory: string,
  keep: readonly Piece[],
  now = Date.now(),
): Promise<number> {
  const kept = new Set(keep.map((piece) => fileName(inventory, piece)));
  const ours = new RegExp(
    `^${fileName(inventory, { md5: "[0-9a-f]{32}" })}(\\.[0-9a-f-]{36}\\.part)?$`,
  );
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
      // Another run was faster.
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return removed;
}

function fileName(inventory: string, { md5 }: Pick<Piece, "md5">): string {
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

/** One piece on its way into a file, over as many attempts as it takes. */
class Download {
  readonly #piece: Piece;
  readonly #store: ObjectStore;
  readonly #file: Deno.FsFile;
  readonly #onBytes: (change: number) => void;
  #hash = createHash("md5");
  #receivedBytes = 0;
  /** The most that was ever received: what is received a second time is no progress. */
  #furthestBytes = 0;
  #etag: string | undefined;

  constructor(
    piece: Piece,
    store: ObjectStore,
    file: Deno.FsFile,
    onBytes: (change: number) => void,
  ) {
    this.#piece = piece;
    this.#store = store;
    this.#file = file;
    this.#onBytes = onBytes;
  }

  /** @throws {S3Error} when it isn't whole, or not what the manifest says */
  async continue(progressed: () => void): Promise<void> {
    const { key, sizeBytes, md5 } = this.#piece;
    if (this.#receivedBytes < sizeBytes || sizeBytes === 0) await this.#receive(progressed);
    if (this.#receivedBytes < sizeBytes) {
      throw this.#error(key, `the body ended after ${this.#receivedBytes} of ${sizeBytes} bytes`);
    }
    const found = this.#hash.digest("hex");
    if (found === md5) return;
    await this.#restart();
    throw this.#error(key, `its MD5 is ${found}, the manifest says ${md5}`);
  }

  async #receive(progressed: () => void): Promise<void> {
    const { key, sizeBytes } = this.#piece;
    using object = await this.#open(key);
    if (object.sizeBytes !== undefined && object.sizeBytes !== sizeBytes) {
      throw this.#error(key, `it has ${object.sizeBytes} bytes, the manifest says ${sizeBytes}`);
    }
    if (object.startByte !== this.#receivedBytes) await this.#restart();
    if (object.startByte !== this.#receivedBytes) {
      throw this.#error(key, `the server sent it from byte ${object.startByte} on, unasked`);
    }
    this.#etag = object.etag;
    for await (const chunk of object.chunks) {
      if (this.#receivedBytes + chunk.length > sizeBytes) {
        await this.#restart();
        throw this.#error(key, `it has more bytes than the manifest says, ${sizeBytes}`);
      }
      await writeAll(this.#file, chunk);
      this.#hash.update(chunk);
      this.#receivedBytes += chunk.length;
      this.#onBytes(chunk.length);
      if (this.#receivedBytes > this.#furthestBytes) {
        this.#furthestBytes = this.#receivedBytes;
        progressed();
      }
    }
  }

  async #open(key: string) {
    try {
      return await this.#store.read(key, { startByte: this.#receivedBytes, etag: this.#etag });
    } catch (error) {
      // 412, 416: it was replaced since the first attempt.
      const replaced = error instanceof S3Error && (error.status === 412 || error.status === 416);
      if (!replaced || this.#receivedBytes === 0) throw error;
      await this.#restart();
      throw this.#error(key, error.reason);
    }
  }

  async #restart(): Promise<void> {
    this.#onBytes(-this.#receivedBytes);
    this.#hash = createHash("md5");
    this.#receivedBytes = 0;
    this.#etag = undefined;
    await this.#file.truncate(0);
    await this.#file.seek(0, Deno.SeekMode.Start);
  }

  #error(key: string, reason: string): S3Error {
    return new S3Error(this.#store.urlOf(key), reason, { transient: true });
  }
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
}
