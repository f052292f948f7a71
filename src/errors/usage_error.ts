import { BuildhubError } from "./buildhub_error.ts";

/** A wrong command line or setting: printed as one line before any work, exit code 2. */
export class UsageError extends BuildhubError {
  override name = "UsageError";
}

/** Whether an error is a {@linkcode UsageError}. */
export function isUsageError(error: unknown): error is UsageError {
  return error instanceof UsageError;
}
