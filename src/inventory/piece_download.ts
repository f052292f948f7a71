import { createHash } from "node:crypto";
import type { Piece } from "./manifest.ts";
import type { ObjectStore } from "./object_store.ts";
import { isS3Error, S3Error } from "./s3_error.ts";

/** The download of one piece into a file, over one or more attempts. */
export class PieceDownload {
  readonly #piece: Piece;
  readonly #store: ObjectStore;
  readonly #file: Deno.FsFile;
  readonly #onBytes: (change: number) => void;
  #hash = createHash("md5");
  #receivedBytes = 0;
  /** The most that was received in any attempt: receiving the same bytes again isn't progress. */
  #furthestBytes = 0;
  #etag: string | undefined;

  /** @param onBytes called with each change of the number of bytes in the file */
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

  /**
   * One attempt; it resumes where the one before ended.
   *
   * @param progressed called when the file is longer than in any attempt before
   * @throws {S3Error} when it's incomplete, or not what the manifest says; another attempt may help
   */
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
      throw this.#error(
        key,
        `the server sent it from byte ${object.startByte}, which was not requested`,
      );
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
      if (!isS3Error(error) || (error.status !== 412 && error.status !== 416)) throw error;
      if (this.#receivedBytes === 0) throw error;
      // The object was replaced since the attempt before.
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
    return new S3Error(this.#store.urlOf(key), reason, { isTransient: true });
  }
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
}
