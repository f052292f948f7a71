/**
 * A function for the tests of the runtime: it does what its event says.
 *
 * @module
 */
import { type Handler, runtime } from "../../lambda/runtime.ts";
import { sleep } from "../../src/net/sleep.ts";
import { Log } from "../../src/reporting/log.ts";

const handler: Handler = async (event, { requestId, deadline, fetch, log }) => {
  const { echo, fail, wait, url, trace, bytes } = event as Record<string, string>;
  log.info("Working");
  if (fail) throw new TypeError(fail);
  if (wait) {
    const cause = await sleep(60_000, deadline).catch((reason) => reason);
    return { stopped: cause.name };
  }
  if (url) return await (await fetch(url)).json();
  if (trace) return { trace: Deno.env.get("_X_AMZN_TRACE_ID") ?? null };
  if (bytes) return "x".repeat(Number(bytes));
  return echo === undefined ? undefined : { echo, requestId };
};

if (import.meta.main) {
  const log = new Log({
    write: (line) => Deno.stderr.writeSync(new TextEncoder().encode(line)),
    level: "info",
    format: "json",
  });
  const handlers = new Map([
    ["lambda_s3_event.lambda_handler", () => Promise.resolve(handler)],
    ["lambda_s3_inventory.lambda_handler", () => Promise.reject(new RangeError("no such thing"))],
  ]);
  const api = Deno.env.get("AWS_LAMBDA_RUNTIME_API") ?? "";
  Deno.exit(await runtime(handlers, { api, env: Deno.env, log }));
}
