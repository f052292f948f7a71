/**
 * Base of the errors that this project raises on purpose. Each carries the data that a caller
 * branches on; only `main.ts` prints them and sets the exit code. Anything else that is thrown, such
 * as a `TypeError`, is a bug, the platform or the disk.
 */
export abstract class BuildhubError extends Error {
  override name = "BuildhubError";
  /** Whether the same request may succeed if it's repeated. */
  readonly isTransient: boolean = false;
  /** How long the server asks to wait before that, in milliseconds. */
  readonly retryAfterMs?: number;
}

/** Whether the same request may succeed if it's repeated. A bug's `TypeError` never is transient. */
export function isTransient(error: unknown): boolean {
  return error instanceof BuildhubError && error.isTransient;
}
