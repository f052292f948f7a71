import { HttpError } from "../errors/http_error.ts";
import { TryAgain } from "../errors/try_again.ts";
import { Http, type HttpOptions, readJson, readText, retryAfterMs, sleep } from "../net/http.ts";
import { isTransient, type KintoReply, partsOf, reasonOfReply } from "./kinto_reply.ts";
import { Telemetry } from "../reporting/telemetry.ts";
import type { KintoRequest } from "./kinto_request.ts";

/** Where Kinto is, and how it's spoken to. */
export interface KintoOptions extends HttpOptions {
  /** With the version, without a slash at the end: `http://localhost:8888/v1`. */
  url: string;
  /** `user:password`; the password may hold colons. */
  auth: string;
  /** The most requests in a batch, where the server allows more. @default {as the server says} */
  batchMaxRequests?: number;
  /** Told of each batch. @default {nobody is} */
  telemetry?: Telemetry;
  /** How it keeps quiet. @default {sleep} */
  pause?: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** What a server says of itself, as far as it matters here. */
export interface ServerInfo {
  /** The most requests that one batch may have: for the server, and as it was asked for. */
  batchMaxRequests: number;
  /** The principal that the credentials stand for: `basicauth:…`. */
  user?: string;
}

/** The answers to a batch; or the batch's own, or answers of which some ask for another attempt. */
type BatchOutcome = KintoReply[] | { refused: KintoReply } | { failing: KintoReply[] };

/** Batches have to end somewhere, also when the server sets no limit. */
const LARGEST_BATCH = 1000;

/** How long the first request may take, attempts and pauses included: it's a small one. */
const INFO_TIMEOUT_MS = 20_000;

/**
 * A Kinto server. It asks again where a server asks for it, and keeps quiet for as long as a
 * `Backoff` header says.
 */
export class Kinto {
  readonly url: string;
  readonly #options: KintoOptions;
  readonly #http: Http;
  readonly #headers: Record<string, string>;
  /** No request before this moment (`Backoff`, in milliseconds since 1970). */
  #quietUntilMs = 0;

  constructor(options: KintoOptions) {
    this.url = options.url;
    this.#options = options;
    this.#http = new Http(options);
    const credentials = new TextEncoder().encode(options.auth);
    this.#headers = {
      "accept": "application/json",
      "content-type": "application/json",
      "authorization": `Basic ${btoa(String.fromCharCode(...credentials))}`,
    };
  }

  /**
   * Asks the server what it is, before any work, and gives up within seconds.
   *
   * @throws {Error} when there is no Kinto there, or it doesn't accept the credentials
   */
  async info(): Promise<ServerInfo> {
    const { timeoutMs = INFO_TIMEOUT_MS, signal, batchMaxRequests = LARGEST_BATCH } = this.#options;
    const deadline = AbortSignal.timeout(INFO_TIMEOUT_MS);
    let cause = "";
    const http = new Http({
      ...this.#options,
      timeoutMs: Math.min(timeoutMs, INFO_TIMEOUT_MS / 2),
      signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
      onRetry: (retry) => {
        cause = retry.cause;
        this.#options.onRetry?.(retry);
      },
    });
    const request: KintoRequest = { method: "GET", path: "/" };
    const reply = await this.#send(http, request).catch((error) => {
      if (error !== deadline.reason) throw error;
      throw new Error(`Cannot reach ${this.url}/ in ${INFO_TIMEOUT_MS / 1000} s: ${cause}`);
    });
    if (reply.status !== 200) throw this.refusal(request, reply);
    const { settings, user } = (reply.body ?? {}) as {
      settings?: { batch_max_requests?: unknown };
      user?: { id?: unknown };
    };
    if (typeof settings !== "object") throw new Error(`${this.url} isn't a Kinto server`);
    const limit = Number(settings.batch_max_requests) || LARGEST_BATCH;
    return {
      batchMaxRequests: Math.min(limit, batchMaxRequests, LARGEST_BATCH),
      user: typeof user?.id === "string" ? user.id : undefined,
    };
  }

  /**
   * One request; any status but 408, 429 and 5xx is an answer.
   *
   * @param onHeaders is told of a good answer's headers before its body is read; again, when that
   * breaks off and the request is repeated
   * @throws as {@linkcode Http} does
   */
  request(request: KintoRequest, onHeaders?: (headers: Headers) => void): Promise<KintoReply> {
    return this.#send(this.#http, request, { onHeaders });
  }

  /**
   * Sends requests in one `POST /batch`, and gives every one's answer, in their order.
   *
   * A part answered 409, 408, 429 or 5xx asks for another attempt; then the whole batch is sent
   * again, since Kinto on PostgreSQL rolls back the parts that it answered with 201 too when
   * another one is a conflict. Parts that keep failing after all attempts are sent each by itself,
   * so that they don't cost the others; their last answer is the one that's given. A batch that the
   * server refuses as a whole is halved until the part that causes it stands alone.
   *
   * Requests may arrive more than once: send only what may be repeated.
   *
   * @throws as {@linkcode Http} does; {@linkcode HttpError} when batches are refused altogether
   */
  async batch(requests: readonly KintoRequest[]): Promise<KintoReply[]> {
    if (requests.length === 0) return [];
    const outcome = await this.#tryBatch(requests);
    if (Array.isArray(outcome)) return outcome;
    if ("refused" in outcome) {
      if (requests.length === 1) return [outcome.refused];
      const half = Math.ceil(requests.length / 2);
      const first = await this.batch(requests.slice(0, half));
      return [...first, ...await this.batch(requests.slice(half))];
    }
    const failing = new Set(requests.filter((_, at) => isTransient(outcome.failing[at]!)));
    if (failing.size === requests.length) return outcome.failing;
    const others = await this.batch(requests.filter((request) => !failing.has(request)));
    const replies: KintoReply[] = [];
    for (const request of requests) {
      replies.push(failing.has(request) ? (await this.batch([request]))[0]! : others.shift()!);
    }
    return replies;
  }

  /** The error for an answer that isn't acceptable, with Kinto's own words. */
  refusal(request: KintoRequest, reply: KintoReply): HttpError {
    const { method, path } = request;
    const { error } = Object(reply.body) as { error?: unknown };
    const statusText = typeof error === "string" ? error : "";
    const url = `${this.url}${path}`;
    return new HttpError(method, url, reply.status, statusText, reasonOfReply(reply));
  }

  /** One batch with its attempts, timed. */
  async #tryBatch(requests: readonly KintoRequest[]): Promise<BatchOutcome> {
    const { telemetry = new Telemetry() } = this.#options;
    const start = performance.now();
    let result = "failed";
    try {
      const attributes = { requests: requests.length };
      const outcome = await telemetry.span(
        "buildhub.batch",
        attributes,
        () => this.#sendBatch(requests),
      );
      result = "answered";
      return outcome;
    } finally {
      const seconds = (performance.now() - start) / 1000;
      telemetry.record("buildhub.batch.duration", seconds, { result });
    }
  }

  async #sendBatch(requests: readonly KintoRequest[]): Promise<BatchOutcome> {
    const request = { method: "POST", path: "/batch", body: { requests } } as const;
    let replies: KintoReply[] = [];
    // With If-None-Match, 412 to a repetition is how the server says that the first one was heard.
    const written = new Map<number, KintoReply>();
    try {
      const check = (reply: KintoReply) => {
        if (reply.status === 400 || reply.status === 413) return;
        if (reply.status !== 200) throw this.refusal({ ...request, body: undefined }, reply);
        replies = partsOf(reply, requests.length);
        replies.forEach((part, at) => {
          this.#heedBackoff(part.headers);
          if (part.status < 300) written.set(at, part);
          else if (part.status === 412) replies[at] = written.get(at) ?? part;
        });
        const failing = replies.filter(isTransient);
        if (failing.length === 0) return;
        const waits = failing.flatMap((part) => retryAfterMs(part.headers) ?? []);
        throw new TryAgain(
          `${failing.length} of ${replies.length} parts of a batch failed: ` +
            `${failing[0]!.status} ${reasonOfReply(failing[0]!)}`,
          waits.length > 0 ? Math.max(...waits) : undefined,
        );
      };
      const reply = await this.#send(this.#http, request, { check });
      return reply.status === 200 ? replies : { refused: reply };
    } catch (error) {
      if (error instanceof TryAgain) return { failing: replies };
      throw error;
    }
  }

  async #send(
    http: Http,
    { method, path, headers, body }: Omit<KintoRequest, "body"> & { body?: unknown },
    { onHeaders, check }: {
      onHeaders?: (headers: Headers) => void;
      check?: (reply: KintoReply) => void;
    } = {},
  ): Promise<KintoReply> {
    const quietMs = this.#quietUntilMs - Date.now();
    const { pause = sleep, signal } = this.#options;
    if (quietMs > 0) await pause(quietMs, signal);
    return await http.request({
      method,
      url: `${this.url}${path}`,
      headers: { ...this.#headers, ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
    }, async (response) => {
      this.#heedBackoff(response.headers);
      if (response.ok) onHeaders?.(response.headers);
      // A refusal by a proxy in between is rarely JSON.
      const json = response.ok && method !== "HEAD";
      const reply = {
        status: response.status,
        headers: response.headers,
        body: json ? await readJson(response) : parsed(await readText(response)),
      };
      check?.(reply);
      return reply;
    });
  }

  #heedBackoff(headers: Headers): void {
    const seconds = Number(headers.get("backoff"));
    if (seconds > 0) this.#quietUntilMs = Math.max(this.#quietUntilMs, Date.now() + seconds * 1000);
  }
}

function parsed(text: string): unknown {
  try {
    return text === "" ? undefined : JSON.parse(text);
  } catch {
    return text;
  }
}
