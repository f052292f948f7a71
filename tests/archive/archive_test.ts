import { assertEquals, assertRejects } from "@std/assert";
import { archiveFrom } from "../../src/archive/archive_from_config.ts";
import { BodyTooLarge } from "../../src/errors/body_too_large.ts";
import { HttpError } from "../../src/errors/http_error.ts";
import { UnreadableBody } from "../../src/errors/unreadable_body.ts";
import { Log } from "../../src/reporting/log.ts";
import { ManualClock } from "../net/manual_clock.ts";

/** An archive whose answers a test chooses, and the paths that it was asked for. */
function start(answer: (path: string, count: number) => Response | Promise<Response>) {
  const asked: string[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
    const path = new URL(request.url).pathname.slice(1);
    asked.push(path);
    return answer(path, asked.filter((one) => one === path).length);
  });
  const url = `http://127.0.0.1:${server.addr.port}/`;
  return { url, asked, [Symbol.asyncDispose]: () => server.shutdown() };
}

function archiveOf(
  url: string,
  { signal, ...options }: {
    parallelRequests?: number;
    requestsPerSecond?: number;
    signal?: AbortSignal;
  } = {},
) {
  const clock = new ManualClock();
  const lines: string[] = [];
  const log = new Log({ write: (text) => lines.push(text.trimEnd()) });
  const config = {
    ...{ archiveUrl: url, archiveAuth: undefined, retries: 3, timeoutMs: 1e9, maxWaitMs: 300_000 },
    ...{ parallelRequests: 8, requestsPerSecond: 0, ...options },
  };
  return { clock, lines, archive: archiveFrom(config, log, { signal, clock }) };
}

Deno.test("Archive gives documents; what is missing is undefined", async () => {
  await using server = start((path) => path === "a.json" ? Response.json({ a: 1 }) : missing());
  const { archive } = archiveOf(server.url);
  assertEquals(await archive.json("a.json"), { a: 1 });
  assertEquals(await archive.text("a.txt"), undefined);
  assertEquals(await archive.listing("a/"), undefined);
  assertEquals(archive.requests, 3);
});

Deno.test("Archive passes on a refusal, and goes on with the next", async () => {
  await using server = start((path) => path === "a" ? new Response("no", { status: 403 }) : text());
  const { archive } = archiveOf(server.url, { parallelRequests: 1 });
  await assertRejects(() => archive.text("a"), HttpError, "403");
  assertEquals(await archive.text("b"), "here");
});

Deno.test("Archive throws UnreadableBody where JSON should be", async () => {
  await using server = start(() => new Response("<html>"));
  const { archive, clock } = archiveOf(server.url);
  const failing = assertRejects(() => archive.json("a"), UnreadableBody, "(4 attempts)");
  for (let retry = 0; retry < 3; retry++) await passBackoff(clock);
  await failing;
});

Deno.test("Archive has no more requests in flight than it may", async () => {
  let inFlight = 0;
  let most = 0;
  const four = Promise.withResolvers<void>();
  await using server = start(async (path) => {
    most = Math.max(most, ++inFlight);
    // Every request after the third comes only when another one has ended.
    if (path === "2") four.resolve();
    await four.promise;
    await Promise.resolve();
    inFlight--;
    return text();
  });
  const { archive } = archiveOf(server.url, { parallelRequests: 3 });
  await Promise.all(Array.from({ length: 20 }, (_, at) => archive.text(`${at}`)));
  assertEquals([most, server.asked.length], [3, 20]);
});

Deno.test("Archive starts no more requests in a second than it may", async () => {
  await using server = start(text);
  const { archive, clock } = archiveOf(server.url, { requestsPerSecond: 50 });
  const documents = ["a", "b", "c"].map((path) => archive.text(path));
  await documents[0];
  assertEquals(server.asked, ["a"]);
  clock.advance(20);
  await documents[1];
  assertEquals(server.asked, ["a", "b"]);
  clock.advance(20);
  await documents[2];
});

/** Answers "busy" once with this Retry-After, everything else with a text. */
const busyOnce = (retryAfter: string) => (path: string, count: number) =>
  path === "busy" && count === 1
    ? new Response(null, { status: 429, headers: { "retry-after": retryAfter } })
    : text();

Deno.test("Archive starts nothing while the archive asks one request to wait", async () => {
  await using server = start(busyOnce("60"));
  const { archive, clock } = archiveOf(server.url);
  const busy = archive.text("busy");
  await clock.timer(60_000);
  const others = ["a", "b", "c"].map((path) => archive.text(path));
  clock.advance(59_999);
  await Promise.resolve();
  assertEquals(server.asked, ["busy"]);
  clock.advance(1);
  assertEquals(await Promise.all([busy, ...others]), ["here", "here", "here", "here"]);
  assertEquals(server.asked.length, 5);
});

Deno.test("Archive waits for five minutes at most, and says so", async () => {
  await using server = start(busyOnce("999999999"));
  const { archive, clock, lines } = archiveOf(server.url);
  const busy = archive.text("busy");
  await clock.pass(300_000);
  assertEquals(await busy, "here");
  assertEquals(lines, [
    `warning: ${server.url} asks for a wait of 999999999 s; waiting 300 s (MAX_WAIT_SECONDS)`,
  ]);
});

Deno.test("Archive ends a pause with its signal", async () => {
  await using server = start(busyOnce("8"));
  const controller = new AbortController();
  const { archive, clock } = archiveOf(server.url, { signal: controller.signal });
  const busy = archive.text("busy");
  await clock.timer(8_000);
  const other = archive.text("other");
  clock.advance(700);
  controller.abort(new RangeError("stopped"));
  for (const document of [busy, other]) {
    await assertRejects(() => document, RangeError, "stopped");
  }
  assertEquals([server.asked, clock.pending], [["busy"], []]);
});

/** Waits for the timer of a retry, and advances past it. */
async function passBackoff(clock: ManualClock): Promise<void> {
  while (!clock.pending.some((ms) => ms <= 30_000)) {
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  clock.advance(30_000);
}

function text(): Response {
  return new Response("here");
}

function missing(): Response {
  return new Response("", { status: 404 });
}

Deno.test("Archive reads the largest listings, and refuses documents that are none", async () => {
  const listing = JSON.stringify({
    prefixes: Array.from({ length: 3_000 }, (_, at) => `2018-01-01-10-02-38-mozilla-${at}/`),
    files: Array.from({ length: 20_000 }, (_, at) => ({
      name: `firefox-60.0a1.en-US.${at}.tar.bz2`,
      size: at,
      last_modified: "2018-01-01T00:00:00Z",
    })),
  });
  await using server = start((path) => new Response(path === "a/" ? listing : " ".repeat(5e6)));
  const { archive } = archiveOf(server.url);
  const { prefixes, files } = (await archive.listing("a/"))!;
  assertEquals([prefixes.length, files.length], [3_000, 20_000]);
  for (const read of [archive.json("b"), archive.text("b")]) {
    await assertRejects(() => read, BodyTooLarge, `Cannot read ${server.url}b: larger than 4 MiB`);
  }
  assertEquals(server.asked, ["a/", "b", "b"]);
});
