import { BuildhubError, isTransient } from "../errors/buildhub_error.ts";
import { HttpError, isHttpError } from "../errors/http_error.ts";
import { isUnreadableBody } from "../errors/unreadable_body.ts";
import { reasonOf } from "../errors/reason_of.ts";
import { type Clock, systemClock } from "../net/clock.ts";
import { basicAuthorization, withoutAuthorization } from "../net/credentials.ts";
import { Gate } from "../net/gate.ts";
import { Http, type HttpOptions } from "../net/http.ts";
import { readJson, readText } from "../net/read_body.ts";
import { retryAfterMs } from "../net/retry_after.ts";
import type { Attempt, RetryReason } from "../net/retrying.ts";
import { Telemetry } from "../reporting/telemetry.ts";
import { adviceForUrl, refusalOf } from "./advice.ts";
import { type BatchOutcome, BatchSplitter } from "./batch.ts";
import { isTransientReply, type KintoReply, partsOf, reasonOfReply } from "./kinto_reply.ts";
import type { KintoRequest } from "./kinto_request.ts";

/** Where Kinto is, and how to send requests to it. */
export interface KintoOptions extends HttpOptions {
  /** With the version, without a slash at the end: `http://localhost:8888/v1`. */
  url: string;
  /** `user:password`; the password may contain colons. */
  auth: string;
  /** The most requests in a batch, where the server allows more. @default {as the server says} */
  batchMaxRequests?: number;
  /** Where the duration of each batch goes. @default {nowhere} */
  telemetry?: Telemetry;
}

/** What this client needs to know about a server. */
export interface ServerInfo {
  /** The most requests in one batch: the lowest of the server's limit and the client's. */
  batchMaxRequests: number;
  /** The principal that the credentials stand for: `basicauth:…`. */
  user?: string;
}

/** What a {@linkcode KintoReply} leads to: a value, or another attempt. */
type ReadReply<T> = (reply: KintoReply) => Attempt<T>;

/** The limit for a batch where the server sets none. */
const LARGEST_BATCH = 1000;

/** The limit for the first request, retries and waits included: it's a small one. */
const INFO_TIMEOUT_MS = 20_000;

/** The limit for the request that tells whether the server is up. */
const HEARTBEAT_TIMEOUT_MS = 10_000;

/**
 * A Kinto server. Failed requests are retried, and no request is sent while a `Backoff` header asks
 * for a pause.
 */
export class Kinto {
  readonly url: string;
  readonly #options: KintoOptions;
  readonly #http: Http;
  /** Doesn't repeat what is answered with 5xx. */
  readonly #httpOnce: Http;
  readonly #splitter: BatchSplitter;
  readonly #headers: Readonly<Record<string, string>> & { authorization: string };
  /** Paused by `Backoff`. */
  readonly #gate: Gate;
  readonly #clock: Clock;

  constructor(options: KintoOptions) {
    this.url = options.url;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#http = new Http(options);
    this.#httpOnce = new Http({
      ...options,
      isRetried: (error) => isTransient(error) && !isServerError(error),
    });
    this.#splitter = new BatchSplitter({
      url: this.url,
      send: (requests, retried) => this.#timedBatch(requests, retried),
      whyDown: () => this.#whyDown(),
    });
    this.#gate = new Gate(options);
    this.#headers = {
      "accept": "application/json",
      "content-type": "application/json",
      "authorization": basicAuthorization(options.auth),
    };
  }

  /**
   * Reads the server's root, before any work, and gives up after 20 seconds.
   *
   * @throws {Error} when there is no Kinto, or it doesn't accept the credentials
   */
  async info(): Promise<ServerInfo> {
    const { timeoutMs = INFO_TIMEOUT_MS, signal, batchMaxRequests = LARGEST_BATCH } = this.#options;
    const deadline = new AbortController();
    const cancelDeadline = this.#clock.after(INFO_TIMEOUT_MS, () => deadline.abort());
    let cause = "";
    const http = new Http({
      ...this.#options,
      timeoutMs: Math.min(timeoutMs, INFO_TIMEOUT_MS / 2),
      signal: signal ? AbortSignal.any([signal, deadline.signal]) : deadline.signal,
      onRetry: (retry) => {
        cause = retry.cause;
        this.#options.onRetry?.(retry);
      },
    });
    const request: KintoRequest = { method: "GET", path: "/" };
    const reply = await this.#send(http, request, asValue).catch((error) => {
      const advice = adviceForUrl(this.url);
      if (isUnreadableBody(error) && advice !== "") {
        throw new Error(`${this.url} isn't a Kinto server${advice}`);
      }
      if (error !== deadline.signal.reason) throw error;
      throw new Error(`Cannot reach ${this.url}/ in ${INFO_TIMEOUT_MS / 1000} s: ${cause}`);
    }).finally(cancelDeadline);
    if (reply.status !== 200 && reply.status !== 404) throw this.refusal(request, reply);
    const { settings, user } = Object(reply.body) as {
      settings?: { batch_max_requests?: unknown } | null;
      user?: { id?: unknown } | null;
    };
    if (typeof settings !== "object" || settings === null) {
      throw new Error(`${this.url} isn't a Kinto server${adviceForUrl(this.url)}`);
    }
    const limit = Number(settings.batch_max_requests) || LARGEST_BATCH;
    return {
      batchMaxRequests: Math.min(limit, batchMaxRequests, LARGEST_BATCH),
      user: typeof user?.id === "string" ? user.id : undefined,
    };
  }

  /**
   * One request; any status but 408, 429 and 5xx is an answer.
   *
   * @param onHeaders called with the headers of a successful answer before its body is read, and
   * again if that fails and the request is repeated
   * @throws like {@linkcode Http.request}
   */
  request(request: KintoRequest, onHeaders?: (headers: Headers) => void): Promise<KintoReply> {
    return this.#send(this.#http, request, asValue, onHeaders);
  }

  /**
   * Sends requests in one `POST /batch`. If a part is answered 409, 408, 429 or 5xx, the whole batch
   * is retried: when one part is a conflict, Kinto on PostgreSQL rolls back even those that it
   * answered with 201. {@linkcode BatchSplitter} keeps a request that fails for good from the others.
   *
   * Requests may arrive more than once: send only what may be repeated.
   *
   * @returns the last answer to each request, in their order
   * @throws {KintoUnavailable} when the server is down
   * @throws like {@linkcode Http.request}; {@linkcode HttpError} when the server takes no batches
   */
  batch(requests: readonly KintoRequest[]): Promise<KintoReply[]> {
    return this.#splitter.send(requests);
  }

  /** The error for an answer that isn't acceptable, with Kinto's message. */
  refusal(request: KintoRequest, reply: KintoReply): HttpError {
    const { method, path } = request;
    const { error } = Object(reply.body) as { error?: unknown };
    const statusText = typeof error === "string" ? error : "";
    const url = `${this.url}${path}`;
    return new HttpError(method, url, reply.status, statusText, refusalOf(reply));
  }

  async #timedBatch(requests: readonly KintoRequest[], retried: boolean): Promise<BatchOutcome> {
    const { telemetry = new Telemetry() } = this.#options;
    const start = performance.now();
    let result = "failed";
    try {
      const attributes = { requests: requests.length };
      const outcome = await telemetry.span(
        "buildhub.batch",
        attributes,
        () => this.#sendBatch(requests, retried),
      );
      if (outcome.kind !== "broken") result = "answered";
      return outcome;
    } finally {
      const seconds = (performance.now() - start) / 1000;
      telemetry.record("buildhub.batch.duration", seconds, { result });
    }
  }

  async #sendBatch(requests: readonly KintoRequest[], retried: boolean): Promise<BatchOutcome> {
    const request = { method: "POST", path: "/batch", body: { requests } } as const;
    // With If-None-Match, a retry's 412 means that the attempt before had written the object.
    const written = new Map<number, KintoReply>();
    const http = retried ? this.#http : this.#httpOnce;
    try {
      return await this.#send<BatchOutcome>(http, request, (reply) => {
        if (reply.status === 400 || reply.status === 413) {
          return { value: { kind: "refused", reply } };
        }
        if (reply.status !== 200) throw this.refusal({ ...request, body: undefined }, reply);
        const replies = partsOf(reply, requests.length).map((part, at) => {
          this.#obeyBackoff(part.headers);
          if (part.status < 300) written.set(at, part);
          return part.status === 412 ? written.get(at) ?? part : part;
        });
        const failing = replies.filter(isTransientReply);
        if (failing.length === 0) return { value: { kind: "answered", replies } };
        const last = { kind: "failing", replies } as const;
        const isRetried = retried || failing.some(({ status }) => status < 500);
        if (!isRetried) return { value: last };
        return { retry: this.#whyRetry(failing, replies.length), last };
      });
    } catch (error) {
      if (!isServerError(error)) throw error;
      const reply = { status: error.status, headers: new Headers(), body: jsonOrText(error.body) };
      return { kind: "broken", reply };
    }
  }

  /** Asks for the heartbeat, which on PostgreSQL writes something. Any answer but 5xx will do. */
  async #whyDown(): Promise<string | undefined> {
    const { timeoutMs = HEARTBEAT_TIMEOUT_MS } = this.#options;
    const http = new Http({
      ...this.#options,
      retries: 0,
      timeoutMs: Math.min(timeoutMs, HEARTBEAT_TIMEOUT_MS),
    });
    try {
      await this.#send(http, { method: "GET", path: "/__heartbeat__" }, asValue);
    } catch (error) {
      if (!(error instanceof BuildhubError)) throw error;
      if (!isHttpError(error) || isServerError(error)) return reasonOf(error);
    }
  }

  #whyRetry(failing: readonly KintoReply[], partCount: number): RetryReason {
    const waits = failing.flatMap(({ headers }) => retryAfterMs(headers, this.#clock.now()) ?? []);
    const [first] = failing.map((part) => `${part.status} ${reasonOfReply(part)}`);
    return {
      reason: `${failing.length} of ${partCount} parts of a batch failed: ${first}`,
      waitMs: waits.length > 0 ? Math.max(...waits) : undefined,
    };
  }

  #send<T>(
    http: Http,
    { method, path, headers, body }: Omit<KintoRequest, "body"> & { body?: unknown },
    read: ReadReply<T>,
    onHeaders?: (headers: Headers) => void,
  ): Promise<T> {
    const request = {
      method,
      url: `${this.url}${path}`,
      headers: { ...this.#headers, ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
    };
    return this.#gate.run(() =>
      http.requestUntil(request, async (response) => {
        this.#obeyBackoff(response.headers);
        if (response.ok) onHeaders?.(response.headers);
        // A refusal by a proxy in between is rarely JSON.
        const isJson = response.ok && method !== "HEAD";
        return read({
          status: response.status,
          headers: response.headers,
          body: isJson ? await readJson(response) : jsonOrText(
            withoutAuthorization(await readText(response), this.#headers.authorization),
          ),
        });
      })
    );
  }

  #obeyBackoff(headers: Headers): void {
    const seconds = Number(headers.get("backoff"));
    if (seconds > 0) this.#gate.pause(seconds * 1000);
  }
}

function isServerError(error: unknown): error is HttpError {
  return isHttpError(error) && error.status >= 500;
}

function asValue(reply: KintoReply): Attempt<KintoReply> {
  return { value: reply };
}

function jsonOrText(text: string): unknown {
  try {
    return text === "" ? undefined : JSON.parse(text);
  } catch {
    return text;
  }
}
