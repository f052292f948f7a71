import { BuildhubError } from "../errors/buildhub_error.ts";
import { HostUnavailable } from "../errors/host_unavailable.ts";

/** What a {@linkcode CircuitBreaker} protects. */
export interface CircuitBreakerOptions {
  /** The host's base, for the message. */
  url: string;
  /** Requests something that the host must be able to answer. Throws when it can't. */
  probe: () => Promise<unknown>;
}

/**
 * Failed requests in a row before the probe. The probe decides, so the number only balances its cost,
 * one request for each five failures, against the number of warnings before the one clear message.
 */
const MAX_FAILURES = 5;

/**
 * Gives up a host that can't be used: after {@linkcode MAX_FAILURES} requests in a row that failed in
 * all their attempts, and a probe that fails, too. When the probe succeeds, only those requests are
 * in trouble, such as a folder that answers 403, and the counting starts again. A success does the
 * same; so does a 404, which is an answer.
 */
export class CircuitBreaker {
  readonly #options: CircuitBreakerOptions;
  readonly #opened = new AbortController();
  #failures = 0;
  #probing?: Promise<void>;

  constructor(options: CircuitBreakerOptions) {
    this.#options = options;
  }

  /** Aborted once the host is given up, with a {@linkcode HostUnavailable} as its reason. */
  get opened(): AbortSignal {
    return this.#opened.signal;
  }

  /**
   * Runs a request, retries included.
   *
   * @throws {HostUnavailable} once the host is given up
   * @throws what the request throws
   */
  async run<T>(request: () => Promise<T>): Promise<T> {
    this.opened.throwIfAborted();
    try {
      const answer = await request();
      this.#failures = 0;
      return answer;
    } catch (error) {
      // Anything else is a bug, or the job was interrupted.
      if (error instanceof BuildhubError && ++this.#failures >= MAX_FAILURES) {
        await (this.#probing ??= this.#probe());
        this.opened.throwIfAborted();
      }
      throw error;
    }
  }

  async #probe(): Promise<void> {
    const { url, probe } = this.#options;
    try {
      await probe();
      this.#failures = 0;
    } catch (cause) {
      if (!(cause instanceof BuildhubError) || this.opened.aborted) return;
      this.#opened.abort(new HostUnavailable(url, this.#failures + 1, cause));
    } finally {
      this.#probing = undefined;
    }
  }
}
