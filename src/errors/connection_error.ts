import { BuildhubError } from "./buildhub_error.ts";
import { reasonOf } from "./reason_of.ts";

/** A server that couldn't be reached, or didn't answer in time, in any of the attempts. */
export class ConnectionError extends BuildhubError {
  override name = "ConnectionError";

  /**
   * @param attempts how many were made
   * @param cause the last attempt's error
   */
  constructor(readonly url: string, readonly attempts: number, cause: unknown) {
    const count = `${attempts} attempt${attempts === 1 ? "" : "s"}`;
    super(`Cannot reach ${url} (${count}): ${reasonOf(cause)}`, { cause });
  }
}

/** Whether an error is a {@linkcode ConnectionError}. */
export function isConnectionError(error: unknown): error is ConnectionError {
  return error instanceof ConnectionError;
}
