import { BuildhubError, isTransient } from "../errors/buildhub_error.ts";
import { reasonOf } from "../errors/reason_of.ts";
import { type Clock, systemClock } from "./clock.ts";
import { sleep } from "./sleep.ts";
import { DEFAULT_MAX_WAIT_MS, type WaitLimit } from "./wait_limit.ts";

/** Which failures are retried, how often, and after which waits. */
export interface RetryOptions extends WaitLimit {
  /** Attempts after the first. @default {3} */
  retries?: number;
  /** Which errors are retried. @default {isTransient} */
  isRetried?: (error: unknown) => boolean;
  /** The first wait is up to twice this, each further one up to twice the one before. @default {250} */
  backoffMs?: number;
  /** The longest wait that no server asked for. @default {30_000} */
  maxBackoffMs?: number;
  /** A value in [0, 1) for the jitter. @default {Math.random} */
  random?: () => number;
  /** Ends the waiting between attempts, and with it all attempts. */
  signal?: AbortSignal;
  /** Called before the wait for each further attempt: for logs and metrics. */
  onRetry?: (retry: Retry) => void;
  /** @default {systemClock} */
  clock?: Clock;
}

/** A failed attempt that will be repeated. */
export interface Retry {
  /** The first attempt is 1. */
  attempt: number;
  /** The wait before the next attempt. */
  waitMs: number;
  /** What the server asked for, when it did; `waitMs` is never above `maxWaitMs`. */
  askedForMs?: number;
  /** Why, in one line. */
  cause: string;
  /** What was thrown; undefined when nothing was, and the answer asked for another attempt. */
  error?: unknown;
}

/**
 * What an attempt leads to: a value, or the wish for another attempt. When there is no further
 * attempt, `last` is the value.
 */
export type Attempt<T> = { value: T } | { retry: RetryReason; last: T };

/** Why another attempt is wanted though nothing was thrown, such as for one part of a batch. */
export interface RetryReason {
  reason: string;
  /** What the server asks for. */
  waitMs?: number;
}

/**
 * Repeats an attempt until it succeeds or fails for good. This is the only retry policy: the archive,
 * Kinto and S3 use it.
 *
 * Between attempts it waits: as long as the server asks for, up to `maxWaitMs`, else for an
 * exponential backoff with full jitter.
 *
 * @param attempt is passed a function to call when it got further than any attempt before: attempts
 * are then counted from the start. It must not be called without end.
 * @param finalError the error to throw after the last of several attempts
 * @throws what the last attempt threw; the abort reason once the signal is aborted
 */
export async function retrying<T>(
  attempt: (progressed: () => void) => Promise<Attempt<T>>,
  options: RetryOptions = {},
  finalError: (error: unknown, attempts: number) => unknown = (error) => error,
): Promise<T> {
  const { retries = 3, isRetried = isTransient, signal, onRetry, clock = systemClock } = options;
  let failures = 0;
  for (;;) {
    let result: Attempt<T> | { error: unknown };
    try {
      result = await attempt(() => failures = 0);
    } catch (error) {
      signal?.throwIfAborted();
      if (!isRetried(error)) throw error;
      result = { error };
    }
    if ("value" in result) return result.value;
    failures++;
    if (failures > retries) {
      if ("last" in result) return result.last;
      throw finalError(result.error, failures);
    }
    const error = "error" in result ? result.error : undefined;
    const why = "retry" in result ? result.retry : reasonToRetry(result.error);
    const { reason: cause, waitMs: askedForMs } = why;
    const waitMs = askedForMs === undefined
      ? backoffMs(failures, options)
      : cappedMs(askedForMs, options);
    onRetry?.({ attempt: failures, waitMs, askedForMs, cause, error });
    await sleep(waitMs, signal, clock);
  }
}

/** The wait after this attempt, the first being 1: exponential, with full jitter. */
export function backoffMs(
  attempt: number,
  { backoffMs = 250, maxBackoffMs = 30_000, random = Math.random }: RetryOptions = {},
): number {
  return random() * Math.min(backoffMs * 2 ** attempt, maxBackoffMs);
}

function reasonToRetry(error: unknown): RetryReason {
  const waitMs = error instanceof BuildhubError ? error.retryAfterMs : undefined;
  return { reason: reasonOf(error), waitMs };
}

function cappedMs(
  askedForMs: number,
  { maxWaitMs = DEFAULT_MAX_WAIT_MS, onWaitCapped }: WaitLimit,
): number {
  if (askedForMs <= maxWaitMs) return askedForMs;
  onWaitCapped?.({ askedForMs, waitMs: maxWaitMs });
  return maxWaitMs;
}
