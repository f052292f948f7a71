import { BuildhubError } from "./buildhub_error.ts";

/** A server's refusal: a status that isn't worth another attempt, or that stayed after all of them. */
export class HttpError extends BuildhubError {
  override name = "HttpError";
  override readonly isTransient: boolean;

  constructor(
    readonly method: string,
    readonly url: string,
    readonly status: number,
    readonly statusText: string,
    /** The whole body of the response; the message has its beginning. */
    readonly body: string,
    override readonly retryAfterMs?: number,
  ) {
    const said = body.trim().slice(0, 300);
    const replied = `${status} ${statusText}`.trim();
    super(`${method} ${url}: server replied ${replied}${said && `: ${said}`}`);
    this.isTransient = isTransientStatus(status);
  }
}

/** Whether an error is an {@linkcode HttpError}. */
export function isHttpError(error: unknown): error is HttpError {
  return error instanceof HttpError;
}

/** Whether the same request may get another status later: 408, 429 and 5xx. */
export function isTransientStatus(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}
