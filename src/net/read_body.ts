import { NetworkError } from "../errors/network_error.ts";
import { UnreadableBody } from "../errors/unreadable_body.ts";

/**
 * The body as JSON.
 *
 * @throws {NetworkError} when the connection breaks within the body
 * @throws {UnreadableBody} when it's something else, such as an XML error page
 */
export async function readJson(response: Response): Promise<unknown> {
  return parseJson(await readText(response));
}

/** The body as text. @throws {NetworkError} when the connection breaks within the body */
export async function readText(response: Response): Promise<string> {
  try {
    return await response.text();
  } catch (cause) {
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
