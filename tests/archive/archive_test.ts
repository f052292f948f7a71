import { assert, assertEquals, assertRejects } from "@std/assert";
import { archiveFrom } from "../../src/archive/archive_from_config.ts";
import { HttpError } from "../../src/errors/http_error.ts";
import { Log } from "../../src/reporting/log.ts";

/** An archive whose answers a test chooses, and when it was asked, by `performance.now()`. */
function start(answer: (path: string, count: number) => Response | Promise<Response>) {
  const asked: { path: string; at: number }[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
    const path = new URL(request.url).pathname.slice(1);
    asked.push({ path, at: performance.now() });
    return answer(path, asked.filter((one) => one.path === path).length);
  });
  const url = `http://127.0.0.1:${server.addr.port}/`;
  return { url, asked, [Symbol.asyncDispose]: () => server.shutdown() };
}

function archiveOf(
  url: string,
  { parallelRequests = 8, requestsPerSecond = 0, lines = [] as string[] } = {},
) {
  const config = { archiveUrl: url, retries: 3, timeoutMs: 10_000 };
  const log = new Log({ level: "info", write: (text) => lines.push(text) });
  return archiveFrom({ ...config, parallelRequests, requestsPerSecond }, log);
}

Deno.test("Archive gives documents; what is missing is undefined", async () => {
  await using server = start((path) => path === "a.json" ? Response.json({ a: 1 }) : missing());
  const archive = archiveOf(server.url);
  assertEquals(await archive.json("a.json"), { a: 1 });
  assertEquals(await archive.text("a.txt"), undefined);
  assertEquals(await archive.listing("a/"), undefined);
  assertEquals(archive.requests, 3);
});

Deno.test("Archive passes on a refusal, and goes on with the next", async () => {
  await using server = start((path) => path === "a" ? new Response("no", { status: 403 }) : text());
  const archive = archiveOf(server.url, { parallelRequests: 1 });
  await assertRejects(() => archive.text("a"), HttpError, "403");
  assertEquals(await archive.text("b"), "here");
});

Deno.test("Archive has no more requests under way than it may", async () => {
  let underWay = 0;
  let most = 0;
  await using server = start(async () => {
    most = Math.max(most, ++underWay);
    await new Promise((resolve) => setTimeout(resolve, 5));
    underWay--;
    return text();
  });
  const archive = archiveOf(server.url, { parallelRequests: 3 });
  await Promise.all(Array.from({ length: 20 }, (_, at) => archive.text(`${at}`)));
  assertEquals([most, server.asked.length], [3, 20]);
});

Deno.test("Archive begins no more requests in a second than MAX_REQUESTS_PER_SECOND", async () => {
  await using server = start(text);
  const archive = archiveOf(server.url, { requestsPerSecond: 50 });
  const began = performance.now();
  await Promise.all(Array.from({ length: 6 }, (_, at) => archive.text(`${at}`)));
  // Later is always possible, on a busy machine; earlier never is.
  const early = server.asked.map(({ at }) => at - began).sort((a, b) => a - b)
    .filter((ms, at) => ms < at * 20 - 1);
  assertEquals(early, []);
});

Deno.test("Archive begins nothing while the archive asks one request to wait", async () => {
  await using server = start((path, count) => {
    if (path !== "busy" || count > 1) return text();
    return new Response(null, { status: 429, headers: { "retry-after": "1" } });
  });
  const lines: string[] = [];
  const archive = archiveOf(server.url, { lines });
  const busy = archive.text("busy");
  while (lines.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  const refusedAt = server.asked[0]!.at;
  const others = ["a", "b", "c"].map((path) => archive.text(path));
  assertEquals(await Promise.all([busy, ...others]), ["here", "here", "here", "here"]);
  assertEquals(server.asked.length, 5);
  for (const { path, at } of server.asked.slice(1)) {
    assert(at - refusedAt >= 999, `${path} after ${at - refusedAt} ms`);
  }
});

function text(): Response {
  return new Response("here");
}

function missing(): Response {
  return new Response("", { status: 404 });
}
