/**
 * The errors that this project raises on purpose. Each carries the data that a caller branches on;
 * only `main.ts` prints them and decides on the exit code.
 *
 * @module
 */

/** Wrong command line or setting: told in one line, exit code 2, before any work. */
export class UsageError extends Error {
  override name = "UsageError";
}

/** A server that can't be reached, or that doesn't answer in time, after all attempts. */
export class ConnectionError extends Error {
  override name = "ConnectionError";
  constructor(readonly url: string, readonly attempts: number, cause: unknown) {
    super(
      `Cannot reach ${url} (${attempts} attempt${attempts === 1 ? "" : "s"}): ${reasonOf(cause)}`,
      { cause },
    );
  }
}

/** A server's refusal: a status that isn't worth another attempt, or that stayed after all of them. */
export class HttpError extends Error {
  override name = "HttpError";
  constructor(
    readonly method: string,
    readonly url: string,
    readonly status: number,
    readonly statusText: string,
    /** All that the server said; the message has the first part. */
    readonly body: string,
  ) {
    const said = body.trim().slice(0, 300);
    const replied = `${status} ${statusText}`.trim();
    super(`${method} ${url}: server replied ${replied}${said && `: ${said}`}`);
  }
}

/** A body that isn't what it should be: cut off, or no JSON. Worth another attempt. */
export class UnreadableBody extends Error {
  override name = "UnreadableBody";
}

/** An answer that asks for another attempt though its status is fine, such as a batch's part. */
export class TryAgain extends Error {
  override name = "TryAgain";
  constructor(message: string, /** How long the server asks to wait. */ readonly waitMs?: number) {
    super(message);
  }
}

/** An input that ended in the middle, such as a gzip file that was cut off. */
export class TruncatedInput extends Error {
  override name = "TruncatedInput";
}

/** What went wrong, in one line, for any thrown value; with the cause that the platform hides. */
export function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const cause = thrown.cause instanceof Error ? thrown.cause.message : "";
  const message = thrown.message || thrown.name;
  return cause && !message.includes(cause) ? `${message}: ${cause}` : message;
}
