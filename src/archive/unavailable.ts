import { isHostUnavailable } from "../errors/host_unavailable.ts";
import { reasonOf } from "../errors/reason_of.ts";
import type { Log } from "../reporting/log.ts";

/** What a job does with requests that fail. */
export interface FailureOptions {
  log: Log;
  /** Once it's aborted, its reason is thrown, and the failure isn't counted. */
  signal?: AbortSignal;
  /** Throws every failure, so that the caller can retry the job. @default {false} */
  strict?: boolean;
}

/**
 * A document, folder or size that can't be fetched now: not known to be missing. It has been logged
 * and counted, and the job goes on with other builds. The message says what it means for the build.
 */
export class Unavailable extends Error {
  override name = "Unavailable";
}

/** Logs and counts what a job can't fetch. */
export class Failures {
  readonly #options: FailureOptions;
  #count = 0;

  constructor(options: FailureOptions) {
    this.#options = options;
  }

  /** How many requests failed. What wasn't requested any more from an unavailable host isn't counted. */
  get count(): number {
    return this.#count;
  }

  /**
   * Logs and counts a failed request.
   *
   * @param meaning what it means for the build
   * @returns the error to throw
   * @throws the error itself when `strict`; the abort reason once the signal is aborted
   */
  add(error: unknown, meaning: string): Unavailable {
    const { log, signal, strict } = this.#options;
    signal?.throwIfAborted();
    if (strict) throw error;
    if (!isHostUnavailable(error)) {
      this.#count++;
      log.warning(reasonOf(error));
    }
    return new Unavailable(meaning, { cause: error });
  }
}
