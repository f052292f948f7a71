import { ConnectionError } from "../errors/connection_error.ts";
import { HttpError, isTransientStatus } from "../errors/http_error.ts";
import { isNetworkError, NetworkError } from "../errors/network_error.ts";
import { isUnreadableBody } from "../errors/unreadable_body.ts";
import { systemClock } from "./clock.ts";
import { withoutAuthorization } from "./credentials.ts";
import { readText } from "./read_body.ts";
import { retryAfterMs } from "./retry_after.ts";
import { type Attempt, type Retry, retrying, type RetryOptions } from "./retrying.ts";
import { TimeLimits } from "./time_limits.ts";

/** One HTTP request, as data. */
export interface HttpRequest {
  url: string;
  /** @default {"GET"} */
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

/** A request that failed and will be repeated. */
export interface HttpRetry extends Retry {
  url: string;
}

/** How {@linkcode Http} behaves. */
export interface HttpOptions extends Omit<RetryOptions, "onRetry"> {
  /** @default {globalThis.fetch} */
  fetch?: typeof fetch;
  /** The limit for each attempt, including its body. @default {300_000} */
  timeoutMs?: number;
  /** Ends requests in flight, and the waiting between attempts. */
  signal?: AbortSignal;
  /** Called before the wait for each further attempt: for logs and metrics. */
  onRetry?: (retry: HttpRetry) => void;
}

/** The User-Agent header. */
export const USER_AGENT = "buildhub/2.0 (+https://github.com/mozilla-services/buildhub)";

/**
 * `fetch` with the retry policy of {@linkcode retrying}.
 *
 * Retried: what `fetch` or reading a body throws, timeouts, 408, 429, 5xx, and what the reader finds
 * unreadable ({@linkcode UnreadableBody}) or returns as `{ retry }`. Any other status is an answer and
 * goes to the reader, 404 and other 4xx included. Any other error is thrown at once.
 *
 * A request may reach the server more than once: send only what may be repeated.
 */
export class Http {
  readonly #options: HttpOptions;
  readonly #limits: TimeLimits;

  constructor(options: HttpOptions = {}) {
    const { timeoutMs = 300_000 } = options;
    this.#options = options;
    this.#limits = new TimeLimits(timeoutMs, options);
  }

  /**
   * Sends the request until `read` returns.
   *
   * @throws {ConnectionError} when the last attempt got no answer, or half of one
   * @throws {UnreadableBody} when the last attempt got something else than it should
   * @throws {HttpError} when the last attempt still got 408, 429 or 5xx
   * @throws what `read` throws; the abort reason once the signal is aborted
   */
  request<T>(request: HttpRequest, read: (response: Response) => Promise<T>): Promise<T> {
    return this.requestUntil(request, async (response) => ({ value: await read(response) }));
  }

  /** Like {@linkcode request}, for a reader that may ask for another attempt. */
  requestUntil<T>(
    request: HttpRequest,
    read: (response: Response) => Promise<Attempt<T>>,
  ): Promise<T> {
    const { url } = request;
    const { onRetry } = this.#options;
    return retrying(
      () => this.#attempt(request, read),
      { ...this.#options, onRetry: onRetry && ((retry) => onRetry({ url, ...retry })) },
      (error, attempts) => {
        if (isNetworkError(error)) return new ConnectionError(url, attempts, error);
        return isUnreadableBody(error) ? error.at(url, attempts) : error;
      },
    );
  }

  async #attempt<T>(
    request: HttpRequest,
    read: (response: Response) => Promise<Attempt<T>>,
  ): Promise<Attempt<T>> {
    using limit = this.#limits.begin();
    try {
      const response = await this.#fetch(request, limit.signal);
      if (isTransientStatus(response.status)) throw await this.#refusal(request, response);
      return await read(response);
    } catch (error) {
      // A timeout within the body looks like a broken connection to its reader.
      if (isNetworkError(error) && limit.signal.aborted) {
        throw new NetworkError(limit.signal.reason);
      }
      throw error;
    }
  }

  async #fetch(request: HttpRequest, signal: AbortSignal): Promise<Response> {
    const { fetch = globalThis.fetch } = this.#options;
    const { url, method = "GET", headers, body } = request;
    try {
      const all = { "user-agent": USER_AGENT, ...headers };
      return await fetch(url, { method, body, headers: all, signal });
    } catch (cause) {
      throw new NetworkError(cause);
    }
  }

  async #refusal(
    { method = "GET", url, headers: request = {} }: HttpRequest,
    response: Response,
  ): Promise<HttpError> {
    const { clock = systemClock } = this.#options;
    const { status, statusText, headers } = response;
    // If the body is cut off, the status says enough.
    const text = await readText(response).catch(() => "");
    const body = withoutAuthorization(text, request["authorization"]);
    return new HttpError(method, url, status, statusText, body, retryAfterMs(headers, clock.now()));
  }
}
