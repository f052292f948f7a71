import { reasonOf } from "../src/errors/reason_of.ts";
import type { Log } from "../src/reporting/log.ts";
import { type Next, RuntimeApi } from "./runtime_api.ts";

/** The context of an invocation. */
export interface Invocation {
  requestId: string;
  /** Aborted some seconds before Lambda stops the function; for every request and every wait. */
  deadline: AbortSignal;
  /** `fetch` that sends the invocation's X-Ray trace id. */
  fetch: typeof fetch;
  /** The time until the deadline, in milliseconds. */
  leftMs: () => number;
  /** Reports an error although the handler answers; errors that it throws are reported anyway. */
  report: (error: unknown) => Promise<unknown>;
  /** Its lines have the request id. */
  log: Log;
}

/** A Lambda function: takes an event, returns the answer. It throws so that AWS retries the event. */
export type Handler = (event: unknown, invocation: Invocation) => Promise<unknown>;

/** Loads a handler. */
export type HandlerLoader = () => Promise<Handler>;

/** The options of {@linkcode runtime}. */
export interface RuntimeOptions {
  /** Host and port of the Runtime API: AWS_LAMBDA_RUNTIME_API. */
  api: string;
  /** The environment: _HANDLER is read, _X_AMZN_TRACE_ID is set for each invocation. */
  env: Pick<Deno.Env, "get" | "set" | "delete">;
  log: Log;
  /** Reports errors, such as to Sentry. */
  report?: (error: unknown) => Promise<unknown>;
  /** Ends the loop after the current invocation. */
  signal?: AbortSignal;
  /** @default {globalThis.fetch} */
  fetch?: typeof fetch;
  /** @default {Date.now} */
  now?: () => number;
}

/** The time that a handler has to stop and to log what is left. */
const MARGIN_MS = 3000;

/** The optional prefix of handler names: existing deployments keep their configuration. */
const PREFIX = /^buildhub\./;

/**
 * The loop of a custom runtime: takes one invocation after another from the Lambda Runtime API, and
 * responds with the result of the handler that _HANDLER names.
 * See https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 *
 * @returns the exit code: 1 when the function can't start, 0 when the signal ended the loop
 * @throws {HttpError} when the Runtime API refuses: Lambda then restarts the function
 */
export async function runtime(
  handlers: ReadonlyMap<string, HandlerLoader>,
  options: RuntimeOptions,
): Promise<number> {
  const { env, log, signal, fetch, report } = options;
  const api = new RuntimeApi(options.api, { fetch, signal });
  let handler: Handler;
  try {
    handler = await load(handlers, env.get("_HANDLER") ?? "");
  } catch (error) {
    log.error(`Cannot start: ${reasonOf(error)}`);
    await report?.(error);
    await api.fail("init", error);
    return 1;
  }
  while (!signal?.aborted) {
    const next = await api.next().catch((error) => {
      if (!signal?.aborted) throw error;
    });
    if (next) await invoke(handler, next, api, options);
  }
  return 0;
}

function load(handlers: ReadonlyMap<string, HandlerLoader>, name: string): Promise<Handler> {
  const loader = handlers.get(name.replace(PREFIX, ""));
  if (loader) return loader();
  const known = [...handlers.keys()].join(" or ");
  throw new UnknownHandler(`_HANDLER ${JSON.stringify(name)} is not ${known || "known"}`);
}

class UnknownHandler extends Error {
  override name = "UnknownHandler";
}

/** Handles one invocation, and catches whatever the handler throws. */
async function invoke(
  handler: Handler,
  { requestId, deadlineMs, traceId, body }: Next,
  api: RuntimeApi,
  options: RuntimeOptions,
): Promise<void> {
  const { env, log: parentLog, fetch = globalThis.fetch, now = Date.now } = options;
  const { report = () => Promise.resolve() } = options;
  if (traceId) env.set("_X_AMZN_TRACE_ID", traceId);
  else env.delete("_X_AMZN_TRACE_ID");
  const log = parentLog.with({ requestId });
  const deadline = new AbortController();
  const lambdaLeftMs = deadlineMs - now();
  // A function with a timeout of a few seconds needs most of them for its work.
  const endMs = deadlineMs - Math.min(MARGIN_MS, lambdaLeftMs / 4);
  const leftMs = () => Math.max(0, endMs - now());
  const timer = setTimeout(
    () => deadline.abort(new DOMException("the function's deadline is near", "TimeoutError")),
    leftMs(),
  );
  const traced: typeof fetch = (input, init) => {
    const headers = new Headers(init?.headers ?? (input instanceof Request ? input.headers : {}));
    if (traceId) headers.set("x-amzn-trace-id", traceId);
    return fetch(input, { ...init, headers });
  };
  try {
    const { signal } = deadline;
    const invocation = { requestId, deadline: signal, leftMs, fetch: traced, report, log };
    const result = await handler(JSON.parse(body), invocation);
    if (await api.respond(requestId, result ?? null)) return;
    log.error("The answer is larger than the 6 MB that Lambda takes");
  } catch (error) {
    log.error(reasonOf(error));
    await report(error);
    await api.fail(`invocation/${requestId}`, error);
  } finally {
    clearTimeout(timer);
  }
}
