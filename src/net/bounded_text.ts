import { BodyTooLarge } from "../errors/body_too_large.ts";

/**
 * The text of UTF-8 chunks, up to a size. No more than that is held in memory, and the source is
 * cancelled when there is more.
 *
 * @param url for the message of the error
 * @throws {BodyTooLarge}
 *
 * @example
 * ```ts
 * import { boundedText } from "./bounded_text.ts";
 * const text = await boundedText(new Blob(["four"]).stream(), 4);
 * if (text !== "four") throw new Error();
 * ```
 */
export async function boundedText(
  chunks: AsyncIterable<Uint8Array>,
  maxBytes: number,
  url?: string,
): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of bounded(chunks, maxBytes, url)) {
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** The same chunks. Throws like {@linkcode boundedText}, before the chunk that is too much. */
export async function* bounded(
  chunks: AsyncIterable<Uint8Array>,
  maxBytes: number,
  url?: string,
): AsyncGenerator<Uint8Array> {
  let sizeBytes = 0;
  for await (const chunk of chunks) {
    sizeBytes += chunk.length;
    if (sizeBytes > maxBytes) throw new BodyTooLarge(maxBytes, url);
    yield chunk;
  }
}
