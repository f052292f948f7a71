import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { ConnectionError } from "../../src/errors/connection_error.ts";
import { HttpError } from "../../src/errors/http_error.ts";
import { isNetworkError } from "../../src/errors/network_error.ts";
import { UnreadableBody } from "../../src/errors/unreadable_body.ts";
import { Http, type HttpOptions, USER_AGENT } from "../../src/net/http.ts";
import { readJson, readText } from "../../src/net/read_body.ts";
import { ManualClock } from "./manual_clock.ts";

type Answer = (request: Request) => Response | Promise<Response>;

/** A server that gives these answers one after the other, and then the last one again. */
function serve(...answers: Answer[]) {
  const requests: Request[] = [];
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, (request) => {
    requests.push(request);
    return answers[Math.min(requests.length, answers.length) - 1]!(request);
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}/`,
    requests,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** A server that writes these bytes to each connection, and closes it; nothing resets it. */
function serveBytes(...answers: (string | undefined)[]) {
  const listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  let connections = 0;
  const accepting = (async () => {
    for await (const connection of listener) {
      const answer = answers[Math.min(connections++, answers.length - 1)];
      if (answer !== undefined) {
        await connection.read(new Uint8Array(10_000));
        await connection.write(new TextEncoder().encode(answer));
      }
      connection.close();
    }
  })();
  return {
    url: `http://127.0.0.1:${(listener.addr as Deno.NetAddr).port}/`,
    connections: () => connections,
    async [Symbol.asyncDispose]() {
      listener.close();
      await accepting;
    },
  };
}

function http(options: HttpOptions = {}) {
  const retries: { attempt: number; waitMs: number; cause: string }[] = [];
  const client = new Http({
    backoffMs: 0,
    onRetry: ({ attempt, waitMs, cause }) => retries.push({ attempt, waitMs, cause }),
    ...options,
  });
  return { client, retries };
}

const OK: Answer = () => new Response("fine");
const OK_BYTES = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\nfine";

Deno.test.each([408, 429, 500, 502, 503, 504, 599])(
  "Http tries again after %d, and gives the answer that follows",
  async (status) => {
    await using server = serve(() => new Response("busy", { status }), OK);
    const { client, retries } = http();
    assertEquals(await client.request({ url: server.url }, readText), "fine");
    assertEquals(retries.map(({ attempt }) => attempt), [1]);
    assertMatch(retries[0]!.cause, new RegExp(`server replied ${status}.*busy`));
  },
);

Deno.test.each([200, 204, 304, 400, 401, 403, 404, 405, 409, 412, 413])(
  "Http takes %d for an answer",
  async (status) => {
    await using server = serve(() => new Response(null, { status }));
    const { client } = http();
    const read = (response: Response) => Promise.resolve(response.status);
    assertEquals(await client.request({ url: server.url }, read), status);
    assertEquals(server.requests.length, 1);
  },
);

Deno.test.each([0, 1, 5])("Http gives up after %d more attempts", async (retries) => {
  await using server = serve(() => new Response("busy\n", { status: 503 }));
  const { client } = http({ retries });
  const error = await assertRejects(() => client.request({ url: server.url }, readText), HttpError);
  assertEquals(error.message, `GET ${server.url}: server replied 503 Service Unavailable: busy`);
  assertEquals([error.status, error.body], [503, "busy\n"]);
  assertEquals(server.requests.length, retries + 1);
});

Deno.test.each<{ name: string; retryAfter: string; waitMs: number; askedForMs?: number }>([
  { name: "none", retryAfter: "0", waitMs: 0, askedForMs: 0 },
  { name: "seconds", retryAfter: "60", waitMs: 60_000, askedForMs: 60_000 },
  {
    name: "a date",
    retryAfter: "Fri, 02 Jun 2017 12:20:10 GMT",
    waitMs: 10_000,
    askedForMs: 10_000,
  },
  {
    name: "a past date",
    retryAfter: "Wed, 21 Oct 2015 07:28:00 GMT",
    waitMs: 0,
    askedForMs: 0,
  },
  { name: "years", retryAfter: "999999999", waitMs: 300_000, askedForMs: 999_999_999_000 },
  { name: "nothing that can be read", retryAfter: "soon", waitMs: 1_000 },
])("Http waits as Retry-After asks: $name", async ({ retryAfter, waitMs, askedForMs }) => {
  const headers = { "retry-after": retryAfter };
  await using server = serve(() => new Response(null, { status: 429, headers }), OK);
  const clock = new ManualClock();
  const waits: unknown[] = [];
  const { client } = http({
    ...{ clock, backoffMs: 1_000, random: () => 0.5 },
    timeoutMs: 1e9,
    onRetry: ({ url, waitMs, askedForMs }) => waits.push({ url, waitMs, askedForMs }),
  });
  const answer = client.request({ url: server.url }, readText);
  await clock.pass(waitMs);
  assertEquals(await answer, "fine");
  assertEquals(waits, [{ url: server.url, waitMs, askedForMs }]);
});

Deno.test("Http ends a wait with its signal", async () => {
  const headers = { "retry-after": "60" };
  await using server = serve(() => new Response(null, { status: 503, headers }));
  const clock = new ManualClock();
  const controller = new AbortController();
  const { client } = http({ clock, signal: controller.signal });
  const answer = client.request({ url: server.url }, readText);
  await clock.timer(60_000);
  controller.abort(new RangeError("stopped"));
  await assertRejects(() => answer, RangeError, "stopped");
  assertEquals([server.requests.length, clock.pending], [1, []]);
});

Deno.test.each<{ name: string; answer: string | undefined; cause: RegExp }>([
  { name: "a closed connection", answer: undefined, cause: /connection|closed|reset/i },
  { name: "what isn't HTTP", answer: "SSH-2.0-OpenSSH_9.6\r\n", cause: /HTTP|invalid/i },
  {
    name: "a body that is cut off",
    answer: "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{",
    cause: /body cut off/,
  },
  {
    name: "a chunk that is cut off",
    answer: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n{",
    cause: /body cut off/,
  },
  {
    name: "a refusal that is cut off",
    answer: "HTTP/1.1 503 Busy\r\nContent-Length: 100\r\n\r\nbu",
    cause: /server replied 503 Service Unavailable$/,
  },
])("Http tries again after $name", async ({ answer, cause }) => {
  await using server = serveBytes(answer, OK_BYTES);
  const { client, retries } = http();
  assertEquals(await client.request({ url: server.url }, readText), "fine");
  assertEquals(retries.map(({ attempt }) => attempt), [1]);
  assertMatch(retries[0]!.cause, cause);
});

Deno.test("Http names the server that it can't reach", async () => {
  const listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const url = `http://127.0.0.1:${(listener.addr as Deno.NetAddr).port}/`;
  listener.close();
  const { client, retries } = http({ retries: 2 });
  const error = await assertRejects(() => client.request({ url }, readText), ConnectionError);
  assertMatch(error.message, /^Cannot reach http:\S+ \(3 attempts\): .*refused/);
  assertEquals([error.url, error.attempts, retries.length], [url, 3, 2]);
  assert(isNetworkError(error.cause) && error.cause.cause instanceof TypeError);
});

Deno.test("Http tries again when a server doesn't answer in time", async () => {
  const silence = Promise.withResolvers<Response>();
  const arrived = Promise.withResolvers<void>();
  await using server = serve(() => {
    arrived.resolve();
    return silence.promise;
  }, OK);
  const clock = new ManualClock();
  const { client, retries } = http({ clock, timeoutMs: 2_000 });
  const answer = client.request({ url: server.url }, readText);
  await arrived.promise;
  clock.advance(2_000);
  await clock.pass(0);
  assertEquals(await answer, "fine");
  silence.resolve(new Response());
  assertEquals(retries.map(({ cause }) => cause), ["no answer in 2 s"]);
});

Deno.test("Http's timeout includes the body", async () => {
  const endless = () =>
    new Response(new ReadableStream({ start: (it) => it.enqueue(new Uint8Array(1)) }));
  await using server = serve(endless, OK);
  const clock = new ManualClock();
  const { client, retries } = http({ clock, timeoutMs: 2_000 });
  const arrived = Promise.withResolvers<void>();
  const answer = client.request({ url: server.url }, (response) => {
    arrived.resolve();
    return readText(response);
  });
  await arrived.promise;
  clock.advance(2_000);
  await clock.pass(0);
  assertEquals(await answer, "fine");
  assertEquals(retries.map(({ cause }) => cause), ["no answer in 2 s"]);
});

Deno.test("Http says so when no attempt was answered in time", async () => {
  const silence = Promise.withResolvers<Response>();
  await using server = serve(() => silence.promise);
  const clock = new ManualClock();
  const { client } = http({ clock, timeoutMs: 2_000, retries: 1 });
  const answer = client.request({ url: server.url }, readText).catch((error) => error);
  for (const ms of [2_000, 0, 2_000]) await clock.pass(ms);
  const error = await answer;
  silence.resolve(new Response());
  assert(error instanceof ConnectionError);
  assertEquals(error.message, `Cannot reach ${server.url} (2 attempts): no answer in 2 s`);
});

Deno.test.each<{ name: string; body: string; said: string }>([
  { name: "XML", body: "<?xml?><Error/>", said: 'expected JSON, got "<?xml?><Error/>"' },
  { name: "nothing", body: "", said: "expected JSON, got an empty body" },
  { name: "half of it", body: '{"a":', said: `expected JSON, got ${JSON.stringify('{"a":')}` },
])("Http tries again where JSON should be and $name is", async ({ body, said }) => {
  await using server = serve(() => new Response(body));
  const { client } = http({ retries: 1 });
  const error = await assertRejects(
    () => client.request({ url: server.url }, readJson),
    UnreadableBody,
  );
  assertEquals(error.message, `Cannot read ${server.url} (2 attempts): ${said}`);
  assertEquals([error.reason, server.requests.length], [said, 2]);
});

Deno.test("Http reads JSON of any type", async () => {
  const headers = { "content-type": "application/octet-stream" };
  await using server = serve(() => new Response('{"a":1}', { headers }));
  assertEquals(await http().client.request({ url: server.url }, readJson), { a: 1 });
});

Deno.test("Http.requestUntil() tries again as its reader asks", async () => {
  await using server = serve(OK);
  const { client, retries } = http({ retries: 2 });
  let reads = 0;
  const last = await client.requestUntil({ url: server.url }, async (response) => {
    await response.body?.cancel();
    return { retry: { reason: "not yet", waitMs: 1 }, last: ++reads };
  });
  assertEquals(last, 3);
  assertEquals(retries.map(({ waitMs, cause }) => [waitMs, cause]), [[1, "not yet"], [
    1,
    "not yet",
  ]]);
});

Deno.test.each([new RangeError("no use"), new TypeError("null has no properties")])(
  "Http passes on what its reader throws, at once: %s",
  async (bug) => {
    await using server = serve(OK);
    const { client } = http();
    const read = async (response: Response): Promise<never> => {
      await response.body?.cancel();
      throw bug;
    };
    const thrown = await client.request({ url: server.url }, read).catch((error) => error);
    assertEquals([thrown === bug, server.requests.length], [true, 1]);
  },
);

Deno.test("Http sends method, headers and body, each time", async () => {
  const seen: unknown[] = [];
  const answer = (status: number): Answer => async (request) => {
    const { method, headers } = request;
    seen.push([method, headers.get("user-agent"), headers.get("x-a"), await request.text()]);
    return new Response(null, { status });
  };
  await using server = serve(answer(500), answer(200));
  const request = { url: server.url, method: "POST", headers: { "x-a": "b" }, body: "c" };
  await http().client.request(request, readText);
  assertEquals(seen, [["POST", USER_AGENT, "b", "c"], ["POST", USER_AGENT, "b", "c"]]);
});

Deno.test("Http ends what is under way with its signal", async () => {
  const silence = Promise.withResolvers<Response>();
  const controller = new AbortController();
  await using server = serve(() => {
    controller.abort(new RangeError("stopped"));
    return silence.promise;
  });
  const { client, retries } = http({ signal: controller.signal });
  await assertRejects(() => client.request({ url: server.url }, readText), RangeError, "stopped");
  await assertRejects(() => client.request({ url: server.url }, readText), RangeError, "stopped");
  silence.resolve(new Response());
  assertEquals([retries, server.requests.length], [[], 1]);
});
