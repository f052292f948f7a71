import { Attempts } from "./attempts.ts";
import { ConnectionError } from "../errors/connection_error.ts";
import { HttpError } from "../errors/http_error.ts";
import { reasonOf } from "../errors/reason_of.ts";
import { TryAgain } from "../errors/try_again.ts";
import { UnreadableBody } from "../errors/unreadable_body.ts";

/** One HTTP request, as data. */
export interface HttpRequest {
  url: string;
  /** @default {"GET"} */
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

/** An attempt that failed and will be repeated. */
export interface Retry {
  url: string;
  attempt: number;
  waitMs: number;
  cause: string;
  /** Whether it was the server that asked to wait so long. */
  isAskedFor: boolean;
  error: unknown;
}

/** How {@linkcode Http} behaves; all of it comes from outside. */
export interface HttpOptions {
  /** @default {globalThis.fetch} */
  fetch?: typeof fetch;
  /** Attempts after the first. @default {3} */
  retries?: number;
  /** Bounds each attempt, its body included. @default {300_000} */
  timeoutMs?: number;
  /** Ends everything: what is under way, and the waiting between attempts. */
  signal?: AbortSignal;
  /** Told of each attempt that will be repeated: for logs and counters. */
  onRetry?: (retry: Retry) => void;
  /** First pause; each next one may be twice as long. @default {250} */
  backoffMs?: number;
  /** A value in [0, 1) for the jitter. @default {Math.random} */
  random?: () => number;
}

/** The longest pause that this client chooses by itself; a server's Retry-After may ask for more. */
const LONGEST_BACKOFF_MS = 30_000;

/** The longest that a timer can wait: what asks for more would be woken at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** How the tool presents itself to servers. */
export const USER_AGENT = "buildhub/2.0 (+https://github.com/mozilla-services/buildhub)";

/**
 * `fetch` with a written-down retry policy.
 *
 * Tried again: network errors, timeouts, 408, 429, 5xx, and what `read` finds unreadable
 * ({@linkcode UnreadableBody}) or in need of another attempt ({@linkcode TryAgain}). Everything
 * else is an answer and goes to `read`, 404 and other 4xx included. Between attempts: exponential
 * backoff with full jitter, or what Retry-After asks for.
 *
 * A request may reach the server more than once: send only what may be repeated.
 */
export class Http {
  readonly #options: HttpOptions;
  readonly #attempts: Attempts;

  constructor(options: HttpOptions = {}) {
    const { timeoutMs = 300_000, signal } = options;
    this.#options = options;
    this.#attempts = new Attempts(timeoutMs, signal);
  }

  /**
   * Sends the request until `read` has made something of an answer.
   *
   * @throws {ConnectionError} when no attempt got an answer, or none that was readable
   * @throws {HttpError} when the last attempt still got 408, 429 or 5xx
   * @throws {TryAgain} the one that `read` threw at the last attempt
   * @throws the abort reason, once the signal is aborted
   */
  async request<T>(request: HttpRequest, read: (response: Response) => Promise<T>): Promise<T> {
    const { retries = 3, signal, onRetry } = this.#options;
    for (let attempt = 1;; attempt++) {
      const outcome = await this.#attempt(request, read);
      if ("value" in outcome) return outcome.value;
      signal?.throwIfAborted();
      if (attempt > retries) {
        if (outcome.error instanceof HttpError || outcome.error instanceof TryAgain) {
          throw outcome.error;
        }
        throw new ConnectionError(request.url, attempt, outcome.error);
      }
      const waitMs = outcome.retryAfterMs ?? backoffMs(attempt, this.#options);
      const isAskedFor = outcome.retryAfterMs !== undefined;
      const cause = reasonOf(outcome.error);
      onRetry?.({ url: request.url, attempt, waitMs, cause, isAskedFor, error: outcome.error });
      await sleep(waitMs, signal);
    }
  }

  /** One attempt: a value, or the error that makes another one worthwhile. */
  async #attempt<T>(
    request: HttpRequest,
    read: (response: Response) => Promise<T>,
  ): Promise<{ value: T } | { error: unknown; retryAfterMs?: number }> {
    const { fetch = globalThis.fetch } = this.#options;
    const { url, method = "GET", headers, body } = request;
    const controller = this.#attempts.begin();
    try {
      const response = await fetch(url, {
        method,
        body,
        headers: { "user-agent": USER_AGENT, ...headers },
        signal: controller.signal,
      });
      if (isTransient(response.status)) {
        const error = new HttpError(
          method,
          url,
          response.status,
          response.statusText,
          // The status says enough where the rest is cut off.
          await response.text().catch(() => ""),
        );
        return { error, retryAfterMs: retryAfterMs(response.headers) };
      }
      return { value: await read(response) };
    } catch (error) {
      if (!isWorthRepeating(error, controller.signal)) throw error;
      return {
        error: controller.signal.aborted ? controller.signal.reason : error,
        retryAfterMs: error instanceof TryAgain ? error.waitMs : undefined,
      };
    } finally {
      this.#attempts.end(controller);
    }
  }
}

/** The pause after this attempt, the first being 1: exponential, with full jitter. */
export function backoffMs(
  attempt: number,
  { backoffMs = 250, random = Math.random }: Pick<HttpOptions, "backoffMs" | "random"> = {},
): number {
  return random() * Math.min(backoffMs * 2 ** attempt, LONGEST_BACKOFF_MS);
}

function isTransient(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}

/** Network failures are TypeErrors in `fetch` ("error sending request", "connection reset"). */
function isWorthRepeating(error: unknown, signal: AbortSignal): boolean {
  return signal.aborted || error instanceof UnreadableBody || error instanceof TryAgain ||
    error instanceof TypeError || error instanceof Deno.errors.Http ||
    error instanceof Deno.errors.ConnectionReset;
}

/**
 * What a Retry-After header asks for, in milliseconds: seconds or an HTTP date (RFC 9110, 10.2.3).
 *
 * @example
 * ```ts
 * import { retryAfterMs } from "./http.ts";
 * if (retryAfterMs(new Headers({ "retry-after": "2" })) !== 2000) throw new Error();
 * if (retryAfterMs(new Headers()) !== undefined) throw new Error();
 * ```
 */
export function retryAfterMs(headers: Headers, now = Date.now()): number | undefined {
  const value = headers.get("retry-after");
  if (value === null) return undefined;
  if (/^\s*\d+\s*$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** Waits, or throws the reason as soon as the signal is aborted. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const abort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", abort);
      resolve();
    }, Math.min(ms, LONGEST_TIMER_MS));
    signal?.addEventListener("abort", abort, { once: true });
  });
}

/**
 * The body as JSON.
 *
 * @throws {UnreadableBody} when it's cut off, or something else, such as an XML error page
 */
export async function readJson(response: Response): Promise<unknown> {
  const text = await readText(response);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UnreadableBody(`expected JSON, got ${describeText(text)}`, {
      cause,
    });
  }
}

/**
 * The body as text.
 *
 * @throws {UnreadableBody} when the connection breaks in the middle of it
 */
export async function readText(response: Response): Promise<string> {
  try {
    return await response.text();
  } catch (cause) {
    throw new UnreadableBody(`body cut off: ${reasonOf(cause)}`, { cause });
  }
}

function describeText(text: string): string {
  return text === "" ? "an empty body" : JSON.stringify(text.slice(0, 60));
}
