import { assertEquals, assertRejects } from "@std/assert";
import { systemClock } from "../../src/net/clock.ts";
import { sleep } from "../../src/net/sleep.ts";
import { ManualClock } from "./manual_clock.ts";

Deno.test("sleep() ends when its time is over, and no earlier", async () => {
  const clock = new ManualClock();
  let isOver = false;
  const sleeping = sleep(1_000, undefined, clock).then(() => isOver = true);
  clock.advance(999);
  await Promise.resolve();
  assertEquals(isOver, false);
  clock.advance(1);
  await sleeping;
});

Deno.test("sleep() ends when its signal is aborted, and leaves no timer", async () => {
  const clock = new ManualClock();
  const controller = new AbortController();
  const sleeping = sleep(1_000, controller.signal, clock);
  controller.abort(new RangeError("awake"));
  await assertRejects(() => sleeping, RangeError, "awake");
  assertEquals(clock.pending, []);
});

Deno.test("sleep() doesn't start when its signal is aborted already", async () => {
  const clock = new ManualClock();
  const aborted = AbortSignal.abort(new RangeError("awake"));
  await assertRejects(() => sleep(1_000, aborted, clock), RangeError, "awake");
  assertEquals(clock.pending, []);
});

Deno.test.each([2 ** 31, 1e12, Infinity])("systemClock doesn't end %d ms at once", async (ms) => {
  let isOver = false;
  const cancel = systemClock.after(ms, () => isOver = true);
  // A delay that is too long for a timer would be cut to 1 ms.
  await new Promise((resolve) => setTimeout(resolve, 10));
  cancel();
  assertEquals(isOver, false);
});
