import { BuildhubError } from "./buildhub_error.ts";
import { counted } from "./counted.ts";
import { reasonOf } from "./reason_of.ts";

/** A server that couldn't be reached, or didn't answer in time, in any of the attempts. */
export class ConnectionError extends BuildhubError {
  override name = "ConnectionError";

  /**
   * @param attempts how many were made
   * @param cause the last attempt's error
   */
  constructor(readonly url: string, readonly attempts: number, cause: unknown) {
    super(`Cannot reach ${url} (${counted(attempts, "attempts")}): ${reasonOf(cause)}`, { cause });
  }
}

/** Whether an error is a {@linkcode ConnectionError}. */
export function isConnectionError(error: unknown): error is ConnectionError {
  return error instanceof ConnectionError;
}
