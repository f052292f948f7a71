import { assert, assertEquals, assertObjectMatch, assertRejects } from "@std/assert";
import { runtime } from "../../lambda/runtime.ts";
import { HttpError } from "../../src/errors/http_error.ts";
import { Log } from "../../src/reporting/log.ts";
import { type LambdaEmulatorOptions, startLambdaEmulator } from "../servers/lambda_emulator.ts";
import { settled } from "../until.ts";

const FUNCTION = new URL("runtime_function.ts", import.meta.url).pathname;

function start(options: Partial<LambdaEmulatorOptions> = {}) {
  return startLambdaEmulator({
    bootstrap: [Deno.execPath(), "run", "--allow-env", "--allow-net", "--cached-only", FUNCTION],
    ...options,
  });
}

Deno.test.each([
  "lambda_s3_event.lambda_handler",
  "buildhub.lambda_s3_event.lambda_handler",
])("runtime() answers one event after another as %s", async (handler) => {
  await using emulator = await start({ handler });
  const ids = new Set();
  for (const echo of ["a", "é\n😀", ""]) {
    const answer = await emulator.invoke({ echo }) as { echo: string; requestId: string };
    assertEquals(answer.echo, echo);
    ids.add(answer.requestId);
  }
  assertEquals(ids.size, 3);
  assertEquals(await emulator.invoke({}), null);
  const logged = emulator.logs.filter((line) => line.includes("Working")).map((line) =>
    JSON.parse(line)
  );
  assert(logged.length === 4 && logged.every(({ requestId }) => typeof requestId === "string"));
});

Deno.test("runtime() tells an error with type and stack, and goes on", async () => {
  await using emulator = await start();
  const failure = await emulator.invoke({ fail: "broken" });
  assertObjectMatch(failure as Record<string, unknown>, {
    errorType: "TypeError",
    errorMessage: "broken",
  });
  const { stackTrace } = failure as { stackTrace: string[] };
  assert(stackTrace[0]?.includes("runtime_function.ts"));
  assertObjectMatch(await emulator.invoke({ echo: "still" }) as Record<string, unknown>, {
    echo: "still",
  });
});

Deno.test.each([
  { handler: "lambda_s3_inventory.lambda_handler", type: "RangeError", message: "no such thing" },
  {
    handler: "lambda_function.handler",
    type: "UnknownHandler",
    message: '_HANDLER "lambda_function.handler" is not lambda_s3_event.lambda_handler or ' +
      "lambda_s3_inventory.lambda_handler",
  },
])("runtime() reports $type when $handler can't start", async ({ handler, type, message }) => {
  await using emulator = await start({ handler });
  const failure = await emulator.invoke({ echo: "a" });
  assertObjectMatch(failure as Record<string, unknown>, {
    errorType: type,
    errorMessage: message,
  });
});

Deno.test("runtime() aborts a handler's work before the deadline", async () => {
  await using emulator = await start({ timeoutSeconds: 1 });
  assertEquals(await emulator.invoke({ wait: "long" }), { stopped: "TimeoutError" });
});

Deno.test("runtime() survives an answer that is too large", async () => {
  await using emulator = await start();
  const failure = await emulator.invoke({ bytes: "7000000" });
  assertObjectMatch(failure as Record<string, unknown>, {
    errorType: "Function.ResponseSizeTooLarge",
  });
  assertObjectMatch(await emulator.invoke({ echo: "still" }) as Record<string, unknown>, {
    echo: "still",
  });
  assertEquals(emulator.logs.filter((line) => line.includes("INIT START")).length, 1);
});

/** A Runtime API that hands out given invocations: for what the emulator can't be made to do. */
function serveInvocations(invocations: { headers: Record<string, string>; body: string }[]) {
  const posted: { path: string; body: unknown }[] = [];
  const next = invocations.values();
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, async (request) => {
    const path = new URL(request.url).pathname.replace("/2018-06-01/runtime/", "");
    if (request.method === "POST") {
      posted.push({ path, body: await request.json() });
      return new Response("{}", { status: 202 });
    }
    const { value } = next.next();
    return value ? new Response(value.body, value) : new Response("no more", { status: 403 });
  });
  return {
    api: `127.0.0.1:${server.addr.port}`,
    posted,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

Deno.test("runtime() passes the trace on, in the environment and to other servers", async () => {
  const deadline = String(Date.now() + 30_000);
  const headers = { "lambda-runtime-deadline-ms": deadline };
  const trace = { ...headers, "lambda-runtime-trace-id": "Root=1-5bef4de7;Sampled=1" };
  await using lambda = serveInvocations([
    { headers: { ...trace, "lambda-runtime-aws-request-id": "1" }, body: "{}" },
    { headers: { ...headers, "lambda-runtime-aws-request-id": "2" }, body: "{}" },
    { headers: { ...headers, "lambda-runtime-aws-request-id": "3" }, body: "{" },
  ]);
  const variables = new Map([["_HANDLER", "f"]]);
  const env = {
    get: (name: string) => variables.get(name),
    set: (name: string, value: string) => void variables.set(name, value),
    delete: (name: string) => void variables.delete(name),
  };
  await using peer = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    ({ headers }) => Response.json([headers.get("x-amzn-trace-id"), headers.get("a")]),
  );
  const handlers = new Map([[
    "f",
    () =>
      Promise.resolve(async (_: unknown, { fetch }: { fetch: typeof globalThis.fetch }) => {
        const response = await fetch(`http://127.0.0.1:${peer.addr.port}`, { headers: { a: "b" } });
        return { seen: await response.json(), variable: variables.get("_X_AMZN_TRACE_ID") ?? null };
      }),
  ]]);
  const log = new Log({ write() {} });
  // The end of this list of invocations is a refusal: the loop must end then, and say so.
  const refusal = await assertRejects(
    () => runtime(handlers, { api: lambda.api, env, log }),
    HttpError,
  );
  assertEquals(refusal.status, 403);
  assertEquals(lambda.posted.slice(0, 2), [
    {
      path: "invocation/1/response",
      body: { seen: ["Root=1-5bef4de7;Sampled=1", "b"], variable: "Root=1-5bef4de7;Sampled=1" },
    },
    { path: "invocation/2/response", body: { seen: [null, "b"], variable: null } },
  ]);
  assertEquals(lambda.posted[2]?.path, "invocation/3/error");
});

Deno.test("runtime() ends with its signal while it waits", async () => {
  const stop = new AbortController();
  await using lambda = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, () => {
    stop.abort();
    return settled().then(() => new Response(null));
  });
  const env = { get: () => "f", set() {}, delete() {} };
  const handlers = new Map([["f", () => Promise.resolve(() => Promise.resolve(1))]]);
  const api = `127.0.0.1:${lambda.addr.port}`;
  assertEquals(
    await runtime(handlers, { api, env, log: new Log({ write() {} }), signal: stop.signal }),
    0,
  );
});
