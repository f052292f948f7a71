import { BuildhubError } from "./buildhub_error.ts";

/** A body that isn't what it should be: cut off, or no JSON. Worth another attempt. */
export class UnreadableBody extends BuildhubError {
  override name = "UnreadableBody";
}

/** Whether an error is an {@linkcode UnreadableBody}. */
export function isUnreadableBody(error: unknown): error is UnreadableBody {
  return error instanceof UnreadableBody;
}
