import { isBodyTooLarge } from "../errors/body_too_large.ts";
import { NetworkError } from "../errors/network_error.ts";
import { UnreadableBody } from "../errors/unreadable_body.ts";
import { boundedText } from "./bounded_text.ts";

/** The limit for a body: ten times what a page of 2,000 records has. */
export const MAX_BODY_BYTES = 64 * 2 ** 20;

/**
 * The body as JSON.
 *
 * @param maxBytes of the body, decompressed
 * @throws {NetworkError} when the connection breaks within the body
 * @throws {UnreadableBody} when it's something else, such as an XML error page
 * @throws {BodyTooLarge} when it has more than `maxBytes`
 */
export async function readJson(response: Response, maxBytes = MAX_BODY_BYTES): Promise<unknown> {
  return parseJson(await readText(response, maxBytes));
}

/** The body as text. Throws like {@linkcode readJson}. */
export async function readText(response: Response, maxBytes = MAX_BODY_BYTES): Promise<string> {
  const { body, headers, url } = response;
  if (body === null) return "";
  const length = headers.get("content-length");
  // What isn't encoded has its announced length, and the platform's own reading is faster.
  const isSmall = length !== null && Number(length) <= maxBytes && !headers.has("content-encoding");
  try {
    return isSmall ? await response.text() : await boundedText(body, maxBytes, url);
  } catch (cause) {
    if (isBodyTooLarge(cause)) throw cause;
    throw new NetworkError(new Error("body cut off", { cause }));
  }
}

/** The value of a JSON text. @throws {UnreadableBody} when it's something else */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const start = text === "" ? "an empty body" : JSON.stringify(text.slice(0, 60));
    throw new UnreadableBody(`expected JSON, got ${start}`, { cause });
  }
}
