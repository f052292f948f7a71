import { BuildhubError } from "./buildhub_error.ts";
import { reasonOf } from "./reason_of.ts";

/** What `fetch`, or reading a body, threw: no connection, a broken one, or no answer in time. */
export class NetworkError extends BuildhubError {
  override name = "NetworkError";
  override readonly isTransient = true;

  /** @param cause what was thrown; often a `TypeError`, which is how `fetch` fails */
  constructor(cause: unknown) {
    super(reasonOf(cause), { cause });
  }
}

/** Whether an error is a {@linkcode NetworkError}. */
export function isNetworkError(error: unknown): error is NetworkError {
  return error instanceof NetworkError;
}
