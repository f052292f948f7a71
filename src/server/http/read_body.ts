import { LIMITS } from "./limits.ts";
import { ERRNO, Refusal } from "./refusal.ts";

/**
 * Reads a request's body as text.
 *
 * @throws {Refusal} 413 before all of a body that is too large is read, 400 when it isn't UTF-8
 */
export async function readBody(request: Request): Promise<string> {
  if (Number(request.headers.get("content-length")) > LIMITS.bodyBytes) throw tooLarge();
  if (request.body === null) return "";
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let text = "";
  let sizeBytes = 0;
  for await (const chunk of request.body) {
    sizeBytes += chunk.length;
    if (sizeBytes > LIMITS.bodyBytes) throw tooLarge();
    text += decoded(() => decoder.decode(chunk, { stream: true }));
  }
  return text + decoded(() => decoder.decode());
}

function decoded(decode: () => string): string {
  try {
    return decode();
  } catch {
    throw new Refusal(400, ERRNO.INVALID_PARAMETERS, { message: "The body is not UTF-8." });
  }
}

function tooLarge(): Refusal {
  return new Refusal(413, ERRNO.REQUEST_TOO_LARGE, {
    message: `Request body is larger than ${LIMITS.bodyBytes} bytes.`,
  });
}
