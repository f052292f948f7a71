import { assertEquals, assertRejects } from "@std/assert";
import { HttpError } from "../../src/errors/http_error.ts";
import { NetworkError } from "../../src/errors/network_error.ts";
import { UnreadableBody } from "../../src/errors/unreadable_body.ts";
import { UsageError } from "../../src/errors/usage_error.ts";
import { backoffMs, type Retry, retrying, type RetryOptions } from "../../src/net/retrying.ts";
import type { CappedWait } from "../../src/net/wait_limit.ts";
import { ManualClock } from "./manual_clock.ts";

/** A clock whose waits are over at once; it keeps them. */
function instant() {
  const waitsMs: number[] = [];
  const clock = {
    now: () => 0,
    after(ms: number, call: () => void) {
      waitsMs.push(ms);
      queueMicrotask(call);
      return () => {};
    },
  };
  return { waitsMs, clock };
}

/** Throws these one after the other, then returns the number of the attempt. */
function failing(...errors: unknown[]) {
  let attempts = 0;
  const attempt = () => {
    const error = errors[attempts++];
    return error === undefined
      ? Promise.resolve({ value: attempts })
      : Promise.reject<{ value: number }>(error);
  };
  return { attempt, attempts: () => attempts };
}

const busy = (status: number, retryAfterMs?: number) =>
  new HttpError("GET", "http://a/", status, "", "", retryAfterMs);

Deno.test.each<{ name: string; error: Error; isRetried: boolean }>([
  { name: "NetworkError", error: new NetworkError(new TypeError("refused")), isRetried: true },
  { name: "UnreadableBody", error: new UnreadableBody("no JSON"), isRetried: true },
  ...[408, 429, 500, 503].map((status) => ({
    name: `HttpError ${status}`,
    error: busy(status),
    isRetried: true,
  })),
  ...[400, 403, 404, 409].map((status) => ({
    name: `HttpError ${status}`,
    error: busy(status),
    isRetried: false,
  })),
  { name: "a bug's TypeError", error: new TypeError("x is undefined"), isRetried: false },
  { name: "UsageError", error: new UsageError("no"), isRetried: false },
])("retrying() $name: $isRetried", async ({ error, isRetried }) => {
  const { clock } = instant();
  const { attempt, attempts } = failing(error);
  const result = await retrying(attempt, { clock }).catch((thrown) => thrown);
  assertEquals([result, attempts()], isRetried ? [2, 2] : [error, 1]);
});

Deno.test.each([0, 1, 3])("retrying() throws the last error after %d retries", async (retries) => {
  const { clock, waitsMs } = instant();
  const errors = Array.from({ length: 10 }, (_, at) => busy(500 + at));
  const { attempt } = failing(...errors);
  const thrown = await retrying(attempt, { clock, retries }).catch((error) => error);
  assertEquals(thrown === errors[retries], true);
  assertEquals(waitsMs.length, retries);
});

Deno.test("retrying() throws what finalError makes of the last error", async () => {
  const { clock } = instant();
  const { attempt } = failing(busy(500), busy(501));
  const finalError = (error: unknown, attempts: number) =>
    new RangeError(`${(error as HttpError).status} after ${attempts}`);
  await assertRejects(
    () => retrying(attempt, { clock, retries: 1 }, finalError),
    RangeError,
    "501 after 2",
  );
});

Deno.test("retrying() starts counting again when an attempt got further", async () => {
  const { clock, waitsMs } = instant();
  let attempts = 0;
  const value = await retrying((progressed) => {
    attempts++;
    if (attempts === 8) return Promise.resolve({ value: attempts });
    if (attempts % 2 === 0) progressed();
    return Promise.reject(busy(500));
  }, { clock, retries: 2 });
  assertEquals([value, waitsMs.length], [8, 7]);
});

Deno.test("retrying() repeats an attempt that asks for it, and returns its last value", async () => {
  const { clock, waitsMs } = instant();
  const retries: Retry[] = [];
  let attempts = 0;
  const last = await retrying(
    () =>
      Promise.resolve({
        retry: { reason: "a part failed", waitMs: 7 },
        last: `${++attempts} made`,
      }),
    { clock, retries: 2, onRetry: (retry) => retries.push(retry) },
  );
  assertEquals([last, waitsMs], ["3 made", [7, 7]]);
  const why = { waitMs: 7, askedForMs: 7, cause: "a part failed", error: undefined };
  assertEquals(retries, [{ attempt: 1, ...why }, { attempt: 2, ...why }]);
});

Deno.test.each<{ name: string; askedForMs?: number; options?: RetryOptions; waitMs: number }>([
  { name: "a random wait", waitMs: 250 },
  { name: "what the server asks for", askedForMs: 60_000, waitMs: 60_000 },
  { name: "no wait", askedForMs: 0, waitMs: 0 },
  { name: "five minutes at most", askedForMs: 1e12, waitMs: 300_000 },
  { name: "the maximum", askedForMs: 9_000, options: { maxWaitMs: 4_000 }, waitMs: 4_000 },
])("retrying() waits: $name", async ({ askedForMs, options, waitMs }) => {
  const { clock, waitsMs } = instant();
  const capped: CappedWait[] = [];
  await retrying(failing(busy(503, askedForMs)).attempt, {
    clock,
    random: () => 0.5,
    onWaitCapped: (wait) => capped.push(wait),
    ...options,
  });
  assertEquals(waitsMs, [waitMs]);
  assertEquals(capped, (askedForMs ?? 0) > waitMs ? [{ askedForMs: askedForMs!, waitMs }] : []);
});

Deno.test("retrying() ends with the abort reason during a wait", async () => {
  const clock = new ManualClock();
  const controller = new AbortController();
  const { attempt, attempts } = failing(busy(503, 60_000));
  const waiting = retrying(attempt, { clock, signal: controller.signal });
  await clock.timer(60_000);
  controller.abort(new RangeError("stopped"));
  await assertRejects(() => waiting, RangeError, "stopped");
  assertEquals([attempts(), clock.pending], [1, []]);
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
