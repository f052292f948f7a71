import { BuildhubError } from "./buildhub_error.ts";
import { reasonOf } from "./reason_of.ts";

/** A host that failed so often in a row that nothing more is requested from it. */
export class HostUnavailable extends BuildhubError {
  override name = "HostUnavailable";

  /**
   * @param url the host's base
   * @param failures how many requests failed in a row, each after its retries
   * @param cause the last one's error
   */
  constructor(readonly url: string, failures: number, cause: unknown) {
    super(
      `${url} can't be used, ${failures} requests failed in a row; the last one: ${
        reasonOf(cause)
      }`,
      { cause },
    );
  }
}

/** Whether an error is a {@linkcode HostUnavailable}. */
export function isHostUnavailable(error: unknown): error is HostUnavailable {
  return error instanceof HostUnavailable;
}
