import { reasonOf } from "../errors/reason_of.ts";
import { UnreadableBody } from "../errors/unreadable_body.ts";
import { backoffMs, sleep } from "../net/http.ts";
import type { Log } from "../reporting/log.ts";
import { S3Error } from "./s3_error.ts";

/** How often something is tried again. */
export interface RetryOptions {
  /** Attempts after the first. @default {3} */
  retries?: number;
  /** Ends the waiting between attempts. */
  signal?: AbortSignal;
  /** Told of each attempt that failed. */
  log?: Log;
}

/**
 * Tries until it works: what failed with a transient {@linkcode S3Error} or an
 * {@linkcode UnreadableBody} is tried again, after what Retry-After asks for or a random pause that
 * grows.
 *
 * @param attempt is given a function to call when it came further than ever before: the attempts
 * are then counted anew. It must not be called for ever.
 * @throws the last attempt's error
 */
export async function retrying<T>(
  attempt: (progressed: () => void) => Promise<T>,
  { retries = 3, signal, log }: RetryOptions = {},
): Promise<T> {
  let failures = 0;
  for (;;) {
    try {
      return await attempt(() => failures = 0);
    } catch (error) {
      signal?.throwIfAborted();
      const transient = error instanceof S3Error
        ? error.transient
        : error instanceof UnreadableBody;
      if (!transient) throw error;
      failures++;
      if (failures > retries) throw error instanceof S3Error ? error.after(failures) : error;
      const waitMs = (error instanceof S3Error ? error.retryAfterMs : undefined) ??
        backoffMs(failures);
      log?.info(`Trying again in ${Math.round(waitMs)} ms: ${reasonOf(error)}`);
      log?.telemetry.retried("s3", error);
      await sleep(waitMs, signal);
    }
  }
}
