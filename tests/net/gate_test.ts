import { assertEquals, assertRejects } from "@std/assert";
import { Gate, type GateOptions } from "../../src/net/gate.ts";
import type { CappedWait } from "../../src/net/wait_limit.ts";
import { ManualClock } from "./manual_clock.ts";

/** Work that ends when a test says so, and the order in which it started. */
function setUp(options: GateOptions = {}) {
  const clock = new ManualClock();
  const controller = new AbortController();
  const startMs = clock.now();
  const gate = new Gate({ clock, signal: controller.signal, ...options });
  const started: { name: string; ms: number }[] = [];
  const run = (name: string, until: Promise<unknown> = Promise.resolve()) =>
    gate.run(async () => {
      started.push({ name, ms: clock.now() - startMs });
      await until;
      return name;
    });
  return { clock, controller, gate, started, run };
}

/** Lets everything run that waits for nothing but its turn. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

Deno.test("Gate.run() runs no more at once than it has slots, in their order", async () => {
  const { run, started } = setUp({ slots: 2 });
  const works = ["a", "b", "c", "d"].map((name) => ({ name, ...Promise.withResolvers<void>() }));
  const all = works.map(({ name, promise }) => run(name, promise));
  const names = async () => {
    await settle();
    return started.map(({ name }) => name).join("");
  };
  assertEquals(await names(), "ab");
  works[1]!.resolve();
  assertEquals(await names(), "abc");
  for (const { resolve } of works) resolve();
  assertEquals(await Promise.all(all), ["a", "b", "c", "d"]);
});

Deno.test("Gate.run() frees the slot of work that failed", async () => {
  const { run } = setUp({ slots: 1 });
  await assertRejects(() => run("a", Promise.reject(new RangeError("no"))), RangeError);
  assertEquals(await run("b"), "b");
});

Deno.test("Gate.run() starts no more within a second than it may", async () => {
  const { run, started, clock } = setUp({ perSecond: 50 });
  const all = Promise.all([0, 1, 2, 3, 4].map((at) => run(`${at}`)));
  for (const ms of [20, 40, 60, 80]) {
    await clock.timer(ms);
    clock.advance(20);
    await settle();
  }
  await all;
  assertEquals(started.map(({ ms }) => ms), [0, 20, 40, 60, 80]);
});

Deno.test("Gate.pause() holds back everything, also when it's extended meanwhile", async () => {
  const { run, started, clock, gate } = setUp();
  gate.pause(1_000);
  const all = [run("a"), run("b")];
  await clock.timer(1_000);
  clock.advance(500);
  gate.pause(1_000);
  clock.advance(500);
  await clock.pass(500);
  await Promise.all(all);
  assertEquals(started.map(({ ms }) => ms), [1_500, 1_500]);
  assertEquals(await run("c"), "c");
});

Deno.test("Gate.pause() never shortens a pause", async () => {
  const { run, started, clock, gate } = setUp();
  gate.pause(1_000);
  gate.pause(10);
  const running = run("a");
  await clock.pass(1_000);
  await running;
  assertEquals(started, [{ name: "a", ms: 1_000 }]);
});

Deno.test("Gate.pause() is cut to the maximum, with one warning per pause", async () => {
  const capped: CappedWait[] = [];
  const { run, clock, gate } = setUp({
    maxWaitMs: 5_000,
    onWaitCapped: (wait) => capped.push(wait),
  });
  for (let answer = 0; answer < 8; answer++) gate.pause(1e12);
  const running = run("a");
  await clock.pass(5_000);
  assertEquals(await running, "a");
  assertEquals(capped, [{ askedForMs: 1e12, waitMs: 5_000 }]);
  gate.pause(1e12);
  assertEquals(capped.length, 2);
});

Deno.test.each<{ name: string; options: GateOptions; pauseMs?: number }>([
  { name: "a slot", options: { slots: 1 } },
  { name: "the rate", options: { perSecond: 0.001 } },
  { name: "the end of a pause", options: {}, pauseMs: 8_000 },
])("Gate.run() ends with the abort reason while it waits for $name", async (
  { options, pauseMs },
) => {
  const { run, started, clock, controller, gate } = setUp(options);
  const endless = Promise.withResolvers<void>();
  const first = run("first", endless.promise);
  await settle();
  if (pauseMs !== undefined) gate.pause(pauseMs);
  const second = run("second");
  await settle();
  clock.advance(700);
  controller.abort(new RangeError("stopped"));
  await assertRejects(() => second, RangeError, "stopped");
  await assertRejects(() => run("third"), RangeError, "stopped");
  endless.resolve();
  await first;
  assertEquals([started.map(({ name }) => name), clock.pending], [["first"], []]);
});
