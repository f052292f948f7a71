import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { ConnectionError } from "../../src/errors/connection_error.ts";
import { HttpError } from "../../src/errors/http_error.ts";
import { TryAgain } from "../../src/errors/try_again.ts";
import { UnreadableBody } from "../../src/errors/unreadable_body.ts";
import {
  backoffMs,
  Http,
  type HttpOptions,
  readJson,
  readText,
  retryAfterMs,
  sleep,
  USER_AGENT,
} from "../../src/net/http.ts";

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

Deno.test.each<{ name: string; retryAfter: string; least: number; most: number }>([
  { name: "seconds", retryAfter: "0", least: 0, most: 0 },
  { name: "a past date", retryAfter: "Wed, 21 Oct 2015 07:28:00 GMT", least: 0, most: 0 },
  { name: "nothing that can be read", retryAfter: "soon", least: 1, most: 1 },
])("Http waits as Retry-After asks with $name", async ({ retryAfter, least, most }) => {
  const headers = { "retry-after": retryAfter };
  await using server = serve(() => new Response(null, { status: 429, headers }), OK);
  const { client, retries } = http({ backoffMs: 1, random: () => 0.5 });
  assertEquals(await client.request({ url: server.url }, readText), "fine");
  assert(retries[0]!.waitMs >= least && retries[0]!.waitMs <= most, `${retries[0]!.waitMs} ms`);
});

Deno.test("Http tells how long a server asks it to wait, and can be stopped while it does", async () => {
  const headers = { "retry-after": "3600" };
  await using server = serve(() => new Response(null, { status: 503, headers }));
  const controller = new AbortController();
  const waits: number[] = [];
  const { client } = http({
    signal: controller.signal,
    onRetry({ waitMs }) {
      waits.push(waitMs);
      controller.abort(new RangeError("stopped"));
    },
  });
  await assertRejects(() => client.request({ url: server.url }, readText), RangeError, "stopped");
  assertEquals([waits, server.requests.length], [[3_600_000], 1]);
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
});

Deno.test("Http tries again when a server doesn't answer in time", async () => {
  const silence = Promise.withResolvers<Response>();
  await using server = serve(() => silence.promise, OK);
  const { client, retries } = http({ timeoutMs: 200 });
  assertEquals(await client.request({ url: server.url }, readText), "fine");
  silence.resolve(new Response());
  assertEquals(retries.map(({ cause }) => cause), ["no answer in 0.2 s"]);
});

Deno.test("Http's timeout bounds the body too", async () => {
  const endless = () =>
    new Response(new ReadableStream({ start: (it) => it.enqueue(new Uint8Array(1)) }));
  await using server = serve(endless, OK);
  const { client, retries } = http({ timeoutMs: 200 });
  assertEquals(await client.request({ url: server.url }, readText), "fine");
  assertEquals(retries.map(({ cause }) => cause), ["no answer in 0.2 s"]);
});

Deno.test("Http says so when no attempt was answered in time", async () => {
  const silence = Promise.withResolvers<Response>();
  await using server = serve(() => silence.promise);
  const { client } = http({ timeoutMs: 50, retries: 1 });
  const error = await assertRejects(
    () => client.request({ url: server.url }, readText),
    ConnectionError,
  );
  silence.resolve(new Response());
  assertEquals(error.message, `Cannot reach ${server.url} (2 attempts): no answer in 0.05 s`);
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
    ConnectionError,
  );
  assertStringIncludes(error.message, `Cannot reach ${server.url} (2 attempts): ${said}`);
  assert(error.cause instanceof UnreadableBody);
  assertEquals(server.requests.length, 2);
});

Deno.test("Http reads JSON of any type", async () => {
  const headers = { "content-type": "application/octet-stream" };
  await using server = serve(() => new Response('{"a":1}', { headers }));
  assertEquals(await http().client.request({ url: server.url }, readJson), { a: 1 });
});

Deno.test("Http tries again as its reader asks, after the pause that it names", async () => {
  await using server = serve(OK);
  const { client, retries } = http({ retries: 2, backoffMs: 1_000_000 });
  let reads = 0;
  const read = async (response: Response) => {
    await response.body?.cancel();
    if (++reads < 3) throw new TryAgain("not yet", 1);
    return reads;
  };
  assertEquals(await client.request({ url: server.url }, read), 3);
  assertEquals(retries.map(({ waitMs, cause }) => [waitMs, cause]), [[1, "not yet"], [
    1,
    "not yet",
  ]]);
  await assertRejects(
    () => client.request({ url: server.url }, () => Promise.reject(new TryAgain("never", 0))),
    TryAgain,
    "never",
  );
});

Deno.test("Http passes on what its reader throws, at once", async () => {
  await using server = serve(OK);
  const { client } = http();
  const refuse = async (response: Response): Promise<never> => {
    await response.body?.cancel();
    throw new RangeError("no use");
  };
  await assertRejects(() => client.request({ url: server.url }, refuse), RangeError, "no use");
  assertEquals(server.requests.length, 1);
});

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

Deno.test.each<{ value: string; ms: number | undefined }>([
  { value: "0", ms: 0 },
  { value: " 120 ", ms: 120_000 },
  { value: "Fri, 02 Jun 2017 12:20:10 GMT", ms: 10_000 },
  { value: "Fri, 02 Jun 2017 12:19:00 GMT", ms: 0 },
  { value: "soon", ms: undefined },
  { value: "", ms: undefined },
])("retryAfterMs() of $value is $ms", ({ value, ms }) => {
  const now = Date.parse("2017-06-02T12:20:00Z");
  assertEquals(retryAfterMs(new Headers({ "retry-after": value }), now), ms);
});

Deno.test.each<{ attempt: number; ms: number }>([
  { attempt: 1, ms: 100 },
  { attempt: 2, ms: 200 },
  { attempt: 5, ms: 1_600 },
  { attempt: 20, ms: 15_000 },
  { attempt: 2_000, ms: 15_000 },
])("backoffMs() after attempt $attempt is up to twice $ms", ({ attempt, ms }) => {
  assertEquals(backoffMs(attempt, { backoffMs: 100, random: () => 0.5 }), ms);
  assertEquals(backoffMs(attempt, { backoffMs: 100, random: () => 0 }), 0);
});

Deno.test.each([2 ** 31, 1e12, Infinity])("sleep() of %d ms isn't over at once", async (ms) => {
  const controller = new AbortController();
  const sleeping = sleep(ms, controller.signal);
  const first = await Promise.race([sleeping, sleep(20).then(() => "still asleep")]);
  assertEquals(first, "still asleep");
  controller.abort(new RangeError("awake"));
  await assertRejects(() => sleeping, RangeError, "awake");
});

Deno.test("sleep() is over at once when its signal is aborted", async () => {
  await assertRejects(() => sleep(1e6, AbortSignal.abort(new RangeError("awake"))), RangeError);
});
