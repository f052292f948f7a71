import { concat } from "@std/bytes/concat";

/** Reads a stream by chunks or by numbers of bytes. */
export class ByteReader {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  #left: Uint8Array = new Uint8Array();
  #readBytes = 0;

  /** @param reader of the stream; it stays the caller's, to cancel and to release */
  constructor(reader: ReadableStreamDefaultReader<Uint8Array>) {
    this.#reader = reader;
  }

  /** How many bytes were taken or read, and not put back. */
  get readBytes(): number {
    return this.#readBytes;
  }

  /** The next chunk, never an empty one; undefined at the end. */
  async read(): Promise<Uint8Array | undefined> {
    let chunk = this.#left;
    this.#left = new Uint8Array();
    while (chunk.length === 0) {
      const { done, value } = await this.#reader.read();
      if (done) return undefined;
      chunk = value;
    }
    this.#readBytes += chunk.length;
    return chunk;
  }

  /** Puts bytes back that were read last. */
  unread(bytes: Uint8Array): void {
    this.#readBytes -= bytes.length;
    this.#left = this.#left.length === 0 ? bytes : concat([bytes, this.#left]);
  }

  /** A copy of the next bytes; fewer than `count` only at the end. */
  async take(count: number): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = new Uint8Array(count);
    let size = 0;
    while (size < count) {
      const chunk = await this.read();
      if (!chunk) break;
      const part = chunk.subarray(0, count - size);
      bytes.set(part, size);
      size += part.length;
      this.unread(chunk.subarray(part.length));
    }
    return size === count ? bytes : bytes.slice(0, size);
  }

  /** Like {@linkcode take}, and they are read again next. */
  async peek(count: number): Promise<Uint8Array> {
    const bytes = await this.take(count);
    this.unread(bytes);
    return bytes;
  }
}
