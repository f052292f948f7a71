import { assert, assertEquals, assertRejects } from "@std/assert";
import { HttpError } from "../../src/errors/http_error.ts";
import { UnreadableBody } from "../../src/errors/unreadable_body.ts";
import type { KintoRequest } from "../../src/kinto/kinto_request.ts";
import type { CappedWait } from "../../src/net/wait_limit.ts";
import { ManualClock } from "../net/manual_clock.ts";
import { startFaultProxy } from "../servers/fault_proxy.ts";
import { type Kinto as KintoServer, startKinto } from "../servers/kinto.ts";
import { kintoAt, newCollection, record, recordsOf } from "./target.ts";

let server: KintoServer;
Deno.test.beforeAll(async () => {
  server = await startKinto();
});
Deno.test.afterAll(async () => await server[Symbol.asyncDispose]());

const READS: KintoRequest[] = ["/", "/buckets/none", "/"].map((path) => ({ method: "GET", path }));

Deno.test("info() returns the server's limit and the user", async () => {
  const { batchMaxRequests, user } = await kintoAt(server.url).info();
  assertEquals(batchMaxRequests, 25);
  assert(user?.startsWith("basicauth:"));
});

Deno.test.each([
  { name: "refuses", answer: () => new Response("no", { status: 401 }), says: "401" },
  { name: "is broken", answer: () => new Response("", { status: 500 }), says: "500" },
  { name: "is no Kinto", answer: () => Response.json({ hello: 1 }), says: "isn't a Kinto" },
  { name: "answers null", answer: () => Response.json(null), says: "isn't a Kinto" },
  {
    name: "has no settings",
    answer: () => Response.json({ settings: null }),
    says: "isn't a Kinto",
  },
  { name: "says no JSON", answer: () => new Response("<html>"), says: "expected JSON" },
])("info() gives up soon when the server $name", async ({ answer, says }) => {
  await using peer = Deno.serve({ port: 0, onListen() {} }, answer);
  const kinto = kintoAt(`http://127.0.0.1:${peer.addr.port}/v1`, { retries: 2 });
  await assertRejects(() => kinto.info(), Error, says);
});

Deno.test("info() gives up soon when nobody listens", async () => {
  const listener = Deno.listen({ port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  const kinto = kintoAt(`http://127.0.0.1:${port}/v1`, { retries: 2 });
  await assertRejects(() => kinto.info(), Error, "(3 attempts)");
});

Deno.test("batch() answers every request in its order", async () => {
  const replies = await kintoAt(server.url).batch(READS);
  assertEquals(replies.map(({ status }) => status), [200, 403, 200]);
});

/** Answers `POST /batch` in the server's stead, attempt by attempt; the rest is a 200. */
function scripted(answers: ((requests: KintoRequest[]) => Response)[]) {
  const seen: number[] = [];
  const peer = Deno.serve({ port: 0, onListen() {} }, async (request) => {
    const { requests } = await request.json();
    seen.push(requests.length);
    const answer = answers.shift() ?? ((requests) => parts(requests, () => 200));
    return answer(requests);
  });
  return { peer, seen, url: `http://127.0.0.1:${peer.addr.port}/v1` };
}

function parts(
  requests: KintoRequest[],
  status: (path: string) => number,
  headers: Record<string, string> = {},
): Response {
  const responses = requests.map(({ path }) => ({ status: status(path), headers, body: {} }));
  return Response.json({ responses });
}

const A_TO_D: KintoRequest[] = ["/a", "/b", "/c", "/d"].map((path) => ({ method: "GET", path }));
const conflict = (requests: KintoRequest[]) =>
  parts(requests, (path) => path === "/b" ? 409 : 201, { "Retry-After": "0" });
const always = <T>(answer: T, times: number): T[] => Array(times).fill(answer);

Deno.test.each([
  { name: "a part in conflict", answers: [conflict], seen: [4, 4], statuses: [200, 200, 200, 200] },
  {
    name: "a part that is throttled",
    answers: [(requests: KintoRequest[]) => parts(requests, () => 429, { "Retry-After": "0" })],
    seen: [4, 4],
    statuses: [200, 200, 200, 200],
  },
  {
    name: "parts that are missing",
    answers: [(requests: KintoRequest[]) => parts(requests.slice(1), () => 200)],
    seen: [4, 4],
    statuses: [200, 200, 200, 200],
  },
  {
    name: "a 429 with Retry-After",
    answers: [() => new Response("", { status: 429, headers: { "retry-after": "0" } })],
    seen: [4, 4],
    statuses: [200, 200, 200, 200],
  },
  {
    name: "a part that stays in conflict, and spares the others",
    // Three attempts for all, one for the others, three for the part alone.
    answers: [...always(conflict, 3), undefined!, ...always(conflict, 3)],
    seen: [4, 4, 4, 3, 1, 1, 1],
    statuses: [200, 409, 200, 200],
  },
  {
    name: "a batch refused as a whole, by halves",
    answers: [
      () => Response.json({ message: "bad" }, { status: 400 }),
      () => Response.json({ message: "bad" }, { status: 400 }),
      () => Response.json({ message: "bad" }, { status: 413 }),
    ],
    seen: [4, 2, 1, 1, 2],
    statuses: [413, 200, 200, 200],
  },
])("batch() copes with $name", async ({ answers, seen, statuses }) => {
  const script = scripted([...answers]);
  await using _ = script.peer;
  const replies = await kintoAt(script.url, { retries: 2 }).batch(A_TO_D);
  assertEquals({ seen: script.seen, statuses: replies.map(({ status }) => status) }, {
    seen,
    statuses,
  });
});

Deno.test("batch() fails when batches are forbidden", async () => {
  const script = scripted([() => new Response("no", { status: 403 })]);
  await using _ = script.peer;
  await assertRejects(() => kintoAt(script.url).batch(A_TO_D), HttpError, "403");
});

Deno.test("batch() takes 412 to a repetition for the success that it was", async () => {
  const script = scripted([
    (requests) => parts(requests, (path) => path === "/a" ? 201 : 503),
    (requests) => parts(requests, () => 412),
  ]);
  await using _ = script.peer;
  const replies = await kintoAt(script.url).batch(A_TO_D);
  assertEquals(replies.map(({ status }) => status), [201, 412, 412, 412]);
});

Deno.test.each(["of the batch", "of a part"])(
  "batch() waits as the Backoff %s asks",
  async (where) => {
    const backoff = { Backoff: "60" };
    const script = scripted([
      (requests) => {
        const response = parts(requests, () => 200, where === "of a part" ? backoff : {});
        if (where === "of the batch") response.headers.set("backoff", "60");
        return response;
      },
    ]);
    await using _ = script.peer;
    const clock = new ManualClock();
    const kinto = kintoAt(script.url, { clock });
    await kinto.batch(A_TO_D);
    const second = kinto.batch(A_TO_D);
    await clock.timer(60_000);
    assertEquals(script.seen, [4]);
    clock.advance(60_000);
    await second;
    assertEquals(script.seen, [4, 4]);
  },
);

Deno.test("batch() cuts a Backoff of a day to the maximum, says so once, and can be stopped", async () => {
  const script = scripted([(requests) => parts(requests, () => 200, { Backoff: "86400" })]);
  await using _ = script.peer;
  const clock = new ManualClock();
  const controller = new AbortController();
  const capped: CappedWait[] = [];
  const kinto = kintoAt(script.url, {
    clock,
    signal: controller.signal,
    onWaitCapped: (wait) => capped.push(wait),
  });
  await kinto.batch(A_TO_D);
  const second = kinto.batch(A_TO_D);
  await clock.timer(300_000);
  controller.abort(new RangeError("stopped"));
  await assertRejects(() => second, RangeError, "stopped");
  assertEquals(capped, [{ askedForMs: 86_400_000, waitMs: 300_000 }]);
  assertEquals(script.seen, [4]);
});

Deno.test.each(["endless-wait", "distant-date", "long-backoff"] as const)(
  "request() waits no longer than the maximum for a server with %s, and can be stopped",
  async (fault) => {
    await using proxy = await startFaultProxy(server.url, { faults: { [fault]: 1 } });
    const clock = new ManualClock();
    const controller = new AbortController();
    const capped: CappedWait[] = [];
    const kinto = kintoAt(proxy.url, {
      ...{ clock, signal: controller.signal, maxWaitMs: 7_000 },
      onWaitCapped: (wait) => capped.push(wait),
    });
    const root = { method: "GET", path: "/" } as const;
    if (fault === "long-backoff") await kinto.request(root);
    const stopped = assertRejects(() => kinto.request(root), RangeError, "stopped");
    await clock.timer(7_000);
    controller.abort(new RangeError("stopped"));
    await stopped;
    assertEquals([proxy.requests, capped.length, capped[0]?.waitMs], [1, 1, 7_000]);
  },
);

Deno.test.each<{ name: string; responses: unknown; says: string }>([
  { name: "null", responses: [null], says: "answer 1 of a batch is not an object" },
  { name: "a text", responses: ["busy"], says: "answer 1 of a batch is not an object" },
  { name: "no status", responses: [{}], says: "answer 1 of a batch has no status" },
  { name: "too few", responses: [], says: "a batch of 1 request got 0 answers" },
  { name: "no list", responses: {}, says: "a batch of 1 request got 0 answers" },
])("batch() throws UnreadableBody for responses with $name", async ({ responses, says }) => {
  const script = scripted(always(() => Response.json({ responses }), 2));
  await using _ = script.peer;
  const error = await assertRejects(
    () => kintoAt(script.url, { retries: 1 }).batch(A_TO_D.slice(0, 1)),
    UnreadableBody,
  );
  assertEquals(error.message, `Cannot read ${script.url}/batch (2 attempts): ${says}`);
});

Deno.test.each(
  [
    ...["reset-before", "reset-after", "truncated", "cut-chunks", "unavailable"] as const,
    ...["garbage", "html", "empty"] as const,
  ],
)("batch() writes each record once through a connection with %s", async (fault) => {
  const direct = kintoAt(server.url);
  const to = await newCollection(direct);
  await using proxy = await startFaultProxy(server.url, { faults: { [fault]: 0.5 }, seed: 3 });
  const kinto = kintoAt(proxy.url);
  const path = `/buckets/${to.bucket}/collections/${to.collection}/records`;
  for (let number = 0; number < 10; number++) {
    const { id: _, ...data } = record(number);
    const id = `posted-${number}`;
    const [reply] = await kinto.batch([{ method: "POST", path, body: { data: { ...data, id } } }]);
    assert(reply!.status < 300);
  }
  assert(proxy.injected[fault] > 0);
  assertEquals((await recordsOf(direct, to)).size, 10);
});
