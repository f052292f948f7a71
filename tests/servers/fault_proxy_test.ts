import { assert, assertEquals, assertRejects } from "@std/assert";
import { everyFault, type Fault, FAULTS, startFaultProxy } from "./fault_proxy.ts";

const BODY = JSON.stringify({ data: "é".repeat(5_000) });

/** A target that counts, and says what it was sent. */
function startTarget() {
  let requests = 0;
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, async (request) => {
    requests++;
    if (new URL(request.url).pathname === "/echo") {
      return Response.json({
        method: request.method,
        host: request.headers.get("host"),
        body: await request.text(),
      });
    }
    await request.body?.cancel();
    return new Response(BODY, { headers: { "content-type": "application/json" } });
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}/v1`,
    get requests() {
      return requests;
    },
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

Deno.test("startFaultProxy() passes requests and answers unchanged without faults", async () => {
  await using target = startTarget();
  await using proxy = await startFaultProxy(target.url);
  assertEquals(new URL(proxy.url).pathname, "/v1");
  assertEquals(await (await fetch(proxy.url)).text(), BODY);
  const { origin, host } = new URL(proxy.url);
  for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
    const response = await fetch(`${origin}/echo`, { method, body: BODY });
    assertEquals(await response.json(), { method, host, body: BODY });
  }
  assertEquals((await fetch(proxy.url, { method: "HEAD" })).status, 200);
  assertEquals([proxy.requests, target.requests], [6, 6]);
});

Deno.test.each<{ fault: Fault; reaches: number; outcome: number | "reset" | "cut" | "xml" }>([
  { fault: "latency", reaches: 1, outcome: 200 },
  { fault: "reset-before", reaches: 0, outcome: "reset" },
  { fault: "reset-after", reaches: 1, outcome: "reset" },
  { fault: "unavailable", reaches: 0, outcome: 503 },
  { fault: "throttled", reaches: 0, outcome: 429 },
  { fault: "truncated", reaches: 1, outcome: "cut" },
  { fault: "cut-chunks", reaches: 1, outcome: "cut" },
  { fault: "garbage", reaches: 1, outcome: "xml" },
])("startFaultProxy() injects $fault", async ({ fault, reaches, outcome }) => {
  await using target = startTarget();
  await using proxy = await startFaultProxy(target.url, {
    faults: { [fault]: 1 },
    retryAfterSeconds: 7,
  });
  if (outcome === "reset") {
    await assertRejects(() => fetch(proxy.url, { method: "POST", body: BODY }), TypeError);
  } else {
    const response = await fetch(proxy.url, { method: "POST", body: BODY });
    assertEquals(response.headers.get("retry-after"), outcome === 429 ? "7" : null);
    if (outcome === "cut") await assertRejects(() => response.text(), TypeError);
    else {
      const text = await response.text();
      assertEquals(response.status, outcome === "xml" ? 200 : outcome);
      if (outcome === "xml") assert(text.startsWith("<?xml"));
      if (outcome === 200) assertEquals(text, BODY);
    }
  }
  assertEquals(target.requests, reaches);
  assertEquals(proxy.injected[fault], 1);
});

Deno.test.each<{
  fault: Fault;
  reaches: number;
  status: number;
  header?: [name: string, value: string | null];
  text?: string;
}>([
  { fault: "html", reaches: 1, status: 200, header: ["content-type", "text/html"] },
  { fault: "empty", reaches: 1, status: 200, text: "" },
  { fault: "endless-wait", reaches: 0, status: 503, header: ["retry-after", "999999999"] },
  {
    fault: "distant-date",
    reaches: 0,
    status: 503,
    header: ["retry-after", "Thu, 01 Jan 2099 00:00:00 GMT"],
  },
  { fault: "long-backoff", reaches: 1, status: 200, header: ["backoff", "86400000"], text: BODY },
  { fault: "nul", reaches: 1, status: 200, text: BODY.replace(':"', ':"\\u0000') },
  {
    fault: "endless-pages",
    reaches: 1,
    status: 200,
    header: ["next-page", "http://127.0.0.1/v1?_1"],
    text: BODY,
  },
])("startFaultProxy() injects $fault, which is hostile", async (hostile) => {
  const { fault, reaches, status, header: [name, value] = ["x", null], text } = hostile;
  await using target = startTarget();
  await using proxy = await startFaultProxy(target.url, { faults: { [fault]: 1 } });
  const response = await fetch(proxy.url);
  const found = await response.text();
  assertEquals([response.status, response.headers.get(name)], [status, value]);
  assertEquals(found, text ?? found);
  assertEquals([target.requests, proxy.injected[fault]], [reaches, 1]);
});

Deno.test("startFaultProxy() hits the same requests again, in whatever order they come", async () => {
  await using target = startTarget();
  const run = async (paths: string[], seed: number) => {
    await using proxy = await startFaultProxy(target.url, {
      seed,
      faults: everyFault(0.2, ["unavailable", "throttled"]),
    });
    const statuses = await Promise.all(paths.map(async (path) => {
      const response = await fetch(new URL(path, proxy.url));
      await response.body?.cancel();
      return [path, response.status] as const;
    }));
    const { unavailable, throttled } = proxy.injected;
    assertEquals(statuses.filter(([, status]) => status !== 200).length, unavailable + throttled);
    return new Map(statuses.toSorted());
  };
  const paths = Array.from({ length: 300 }, (_, index) => `/${index}`);
  const first = await run(paths, 1);
  assertEquals(await run(paths.toReversed(), 1), first);
  const hit = [...first.values()].filter((status) => status !== 200).length;
  assert(hit > 30 && hit < 90, `${hit} of 300`);
  assert(JSON.stringify([...await run(paths, 2)]) !== JSON.stringify([...first]));
});

Deno.test("startFaultProxy() lets handle() change what is stored and what is answered", async () => {
  await using target = startTarget();
  await using proxy = await startFaultProxy(target.url, {
    handle: async (request, forward) => {
      const body = new TextEncoder().encode(new TextDecoder().decode(request.body).toUpperCase());
      const answer = await forward({ ...request, body });
      return { ...answer, status: 409 };
    },
  });
  const response = await fetch(new URL("/echo", proxy.url), { method: "POST", body: "abc" });
  assertEquals([response.status, (await response.json()).body], [409, "ABC"]);
});

Deno.test("everyFault() shares the rate between all faults", () => {
  const rates = Object.values(everyFault(0.05));
  assertEquals(rates.length, FAULTS.length);
  assert(Math.abs(rates.reduce((sum, rate) => sum + rate, 0) - 0.05) < 1e-9);
});
