import { setImmediate } from "node:timers/promises";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { inOrder } from "../../src/net/in_order.ts";
import { randomFrom } from "../random.ts";
import { settled } from "../until.ts";

/** Work that ends when the test says so, and what of it has begun. */
function heldWork() {
  const begun: number[] = [];
  const held = new Map<number, PromiseWithResolvers<string>>();
  const work = (item: number) => {
    begun.push(item);
    const promise = Promise.withResolvers<string>();
    held.set(item, promise);
    return promise.promise;
  };
  return { begun, work, finish: (item: number) => held.get(item)!.resolve(`done ${item}`) };
}

/** Numbers from 0, and how many were taken. */
function numbers(end = Infinity) {
  const taken = { count: 0 };
  const stream = new ReadableStream<number>({
    pull(it) {
      if (taken.count === end) it.close();
      else it.enqueue(taken.count++);
    },
  }, { highWaterMark: 0 });
  return { stream, taken };
}

const FREELY = { windowSize: 10, mayBegin: () => true };

Deno.test.each([1, 2, 3])(
  "inOrder() keeps the order, whatever ends first (seed %d)",
  async (seed) => {
    const random = randomFrom(seed);
    let underWay = 0;
    let most = 0;
    const work = async (item: number) => {
      most = Math.max(most, ++underWay);
      for (let i = random() * 10; i > 0; i--) await Promise.resolve();
      if (random() < 0.1) await setImmediate();
      underWay--;
      return item;
    };
    const results = await Array.fromAsync(numbers(500).stream.pipeThrough(inOrder(work, FREELY)));
    assertEquals(results, Array.from({ length: 500 }, (_, i) => i));
    assert(most > 1 && most <= 10, `${most} under way`);
  },
);

Deno.test("inOrder() of nothing is nothing", async () => {
  const { work, begun } = heldWork();
  const stage = inOrder(work, FREELY);
  assertEquals(await Array.fromAsync(numbers(0).stream.pipeThrough(stage)), []);
  assertEquals(begun, []);
});

Deno.test("inOrder() begins nothing before somebody reads", async () => {
  const { work, begun } = heldWork();
  const results = numbers().stream.pipeThrough(inOrder(work, FREELY));
  await settled();
  assertEquals(begun, []);
  await results.cancel();
});

Deno.test("inOrder() begins no more than its window while the first isn't done", async () => {
  const { work, begun, finish } = heldWork();
  const reader = numbers().stream.pipeThrough(inOrder(work, { ...FREELY, windowSize: 3 }))
    .getReader();
  const first = reader.read();
  await settled();
  assertEquals(begun, [0, 1, 2]);
  finish(1);
  finish(2);
  await settled();
  assertEquals(begun, [0, 1, 2]);
  finish(0);
  assertEquals((await first).value, "done 0");
  await reader.cancel();
});

Deno.test("inOrder() begins no more than it may, but always one", async () => {
  const { work, begun, finish } = heldWork();
  const mayBegin = () => begun.length < 2;
  const reader = numbers(4).stream.pipeThrough(inOrder(work, { ...FREELY, mayBegin })).getReader();
  for (let item = 0; item < 4; item++) {
    const next = reader.read();
    await settled();
    assertEquals(begun.length, Math.max(2, item + 1));
    finish(item);
    assertEquals((await next).value, `done ${item}`);
  }
  assertEquals((await reader.read()).done, true);
});

Deno.test("inOrder() doesn't work ahead of a reader that took one result", async () => {
  const begun: number[] = [];
  const { stream, taken } = numbers();
  const work = (item: number) => {
    begun.push(item);
    return Promise.resolve(item);
  };
  const reader = stream.pipeThrough(inOrder(work, { windowSize: 1_000, mayBegin: () => true }))
    .getReader();
  assertEquals((await reader.read()).value, 0);
  await settled();
  assert(begun.length <= 3 && taken.count <= 5, `${begun.length} begun, ${taken.count} taken`);
  await reader.cancel();
});

Deno.test("inOrder() gives all results before the failure of its source", async () => {
  const { work, finish } = heldWork();
  async function* failing() {
    yield 0;
    yield 1;
    await Promise.resolve();
    throw new RangeError("no more");
  }
  const reader = ReadableStream.from(failing()).pipeThrough(inOrder(work, FREELY)).getReader();
  const first = reader.read();
  await settled();
  finish(1);
  finish(0);
  assertEquals((await first).value, "done 0");
  assertEquals((await reader.read()).value, "done 1");
  await assertRejects(() => reader.read(), RangeError, "no more");
});

Deno.test("inOrder() gives what comes before failing work, then fails and stops its source", async () => {
  const { stream, taken } = numbers();
  const work = (item: number) =>
    item === 2 ? Promise.reject(new RangeError("bad item")) : Promise.resolve(item);
  const results: number[] = [];
  await assertRejects(
    async () => {
      for await (const result of stream.pipeThrough(inOrder(work, FREELY))) results.push(result);
    },
    RangeError,
    "bad item",
  );
  assertEquals(results, [0, 1]);
  const { count } = taken;
  await settled();
  assertEquals(taken.count, count);
});

Deno.test("inOrder() fails with work that throws at once", async () => {
  const work = (): Promise<number> => {
    throw new RangeError("bad item");
  };
  const results = numbers().stream.pipeThrough(inOrder(work, FREELY));
  await assertRejects(() => Array.fromAsync(results), RangeError, "bad item");
});

Deno.test.each<{ name: string; reads: number; items: number; isHeld: boolean }>([
  { name: "before the first read", reads: 0, items: 1, isHeld: false },
  { name: "between results", reads: 1, items: 3, isHeld: false },
  { name: "while its source gives nothing", reads: 1, items: 0, isHeld: false },
  { name: "while work is under way", reads: 1, items: 3, isHeld: true },
])("inOrder() is cancelled $name, and its source with it", async ({ reads, items, isHeld }) => {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  const source = new ReadableStream<number>({
    start(it) {
      for (let item = 0; item < items; item++) it.enqueue(item);
    },
    cancel: resolve,
  });
  const work = (item: number) => isHeld ? new Promise<number>(() => {}) : Promise.resolve(item);
  const reader = source.pipeThrough(inOrder(work, FREELY)).getReader();
  const isWaiting = isHeld || items === 0;
  const results = Array.from({ length: reads }, () => reader.read());
  if (isWaiting) await settled();
  else await Promise.all(results);
  await reader.cancel("enough");
  assertEquals(await promise, "enough");
  if (isWaiting) assertEquals(await results[0], { done: true, value: undefined });
});
