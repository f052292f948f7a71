import { assertEquals } from "@std/assert";
import { TimeLimits } from "../../src/net/time_limits.ts";
import { ManualClock } from "./manual_clock.ts";

const reasonOf = (signal: AbortSignal) => signal.reason && `${signal.reason}`;

Deno.test("TimeLimits aborts each request when its own time is over", () => {
  const clock = new ManualClock();
  const limits = new TimeLimits(1_000, { clock });
  using first = limits.begin();
  clock.advance(600);
  using second = limits.begin();
  clock.advance(399);
  assertEquals([first.signal.aborted, second.signal.aborted], [false, false]);
  clock.advance(1);
  assertEquals(reasonOf(first.signal), "TimeoutError: no answer in 1 s");
  assertEquals(second.signal.aborted, false);
  clock.advance(600);
  assertEquals(second.signal.aborted, true);
});

Deno.test("TimeLimit.renew() restarts the time", () => {
  const clock = new ManualClock();
  const limits = new TimeLimits(1_000, { clock });
  using renewed = limits.begin();
  using other = limits.begin();
  for (let chunk = 0; chunk < 5; chunk++) {
    clock.advance(900);
    renewed.renew();
  }
  assertEquals([renewed.signal.aborted, other.signal.aborted], [false, true]);
  clock.advance(1_000);
  assertEquals(reasonOf(renewed.signal), "TimeoutError: nothing received for 1 s");
});

Deno.test("TimeLimits leaves no timer behind", () => {
  const clock = new ManualClock();
  const limits = new TimeLimits(1_000, { clock });
  for (let round = 0; round < 2; round++) {
    const all = [limits.begin(), limits.begin()];
    assertEquals(clock.pending, [1_000]);
    for (const limit of all) limit[Symbol.dispose]();
    assertEquals(clock.pending, []);
  }
});

Deno.test("TimeLimits aborts all requests with its signal, later ones too", () => {
  const controller = new AbortController();
  const limits = new TimeLimits(1_000, { signal: controller.signal, clock: new ManualClock() });
  using before = limits.begin();
  controller.abort(new RangeError("stopped"));
  using after = limits.begin();
  for (const { signal } of [before, after]) assertEquals(reasonOf(signal), "RangeError: stopped");
});
