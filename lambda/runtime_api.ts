import { HttpError } from "../src/errors/http_error.ts";
import { reasonOf } from "../src/errors/reason_of.ts";

/** An invocation from Lambda. */
export interface Next {
  requestId: string;
  /** When the function is stopped, in milliseconds since 1970. */
  deadlineMs: number;
  /** The X-Ray trace id, or null without tracing. */
  traceId: string | null;
  /** The event, in JSON. */
  body: string;
}

/** How a {@linkcode RuntimeApi} behaves. */
export interface RuntimeApiOptions {
  /** @default {globalThis.fetch} */
  fetch?: typeof fetch;
  /** Stops waiting for an invocation. */
  signal?: AbortSignal;
}

/**
 * The client of the Lambda Runtime API, version 2018-06-01.
 * See https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
export class RuntimeApi {
  readonly #host: string;
  readonly #options: RuntimeApiOptions;

  /** @param host with its port, as in AWS_LAMBDA_RUNTIME_API */
  constructor(host: string, options: RuntimeApiOptions = {}) {
    this.#host = host;
    this.#options = options;
  }

  /**
   * Waits for an invocation without a timeout: the function may be frozen meanwhile.
   *
   * @throws {HttpError} when Lambda refuses
   */
  async next(): Promise<Next> {
    const response = await this.#send("invocation/next", { signal: this.#options.signal });
    return {
      requestId: response.headers.get("lambda-runtime-aws-request-id") ?? "",
      deadlineMs: Number(response.headers.get("lambda-runtime-deadline-ms")),
      traceId: response.headers.get("lambda-runtime-trace-id"),
      body: await response.text(),
    };
  }

  /**
   * Responds to an invocation.
   *
   * @returns false when the answer is too large: Lambda has reported that, and the invocation is over
   * @throws {HttpError} when Lambda refuses for another reason
   */
  async respond(requestId: string, answer: unknown): Promise<boolean> {
    const body = JSON.stringify(answer);
    const init = { method: "POST", body };
    const response = await this.#send(`invocation/${requestId}/response`, init, [413]);
    await response.body?.cancel();
    return response.ok;
  }

  /**
   * Reports an error with its type and stack.
   *
   * @param of `init`, or `invocation/` and the request id
   * @throws {HttpError} when Lambda refuses
   */
  async fail(of: string, error: unknown): Promise<void> {
    const { name, stack = "" } = error instanceof Error ? error : new Error();
    const response = await this.#send(`${of}/error`, {
      method: "POST",
      headers: { "lambda-runtime-function-error-type": name },
      body: JSON.stringify({
        errorType: name,
        errorMessage: reasonOf(error),
        stackTrace: stack.split("\n").slice(1).map((line) => line.trim()),
      }),
    });
    await response.body?.cancel();
  }

  async #send(path: string, init: RequestInit, accepted: number[] = []): Promise<Response> {
    const { fetch = globalThis.fetch } = this.#options;
    const url = `http://${this.#host}/2018-06-01/runtime/${path}`;
    const response = await fetch(url, init);
    if (response.ok || accepted.includes(response.status)) return response;
    const { status, statusText } = response;
    throw new HttpError(init.method ?? "GET", url, status, statusText, await response.text());
  }
}
