import { assert, assertEquals, assertRejects } from "@std/assert";
import { outputLines } from "../../src/reporting/output_lines.ts";
import { settled } from "../until.ts";

/** A timer that only the test advances, and the delays that it was set to. */
function manualTimer() {
  const due = new Set<() => void>();
  const delaysMs: number[] = [];
  return {
    delaysMs,
    isSet: () => due.size > 0,
    fire() {
      for (const callback of due) callback();
      due.clear();
    },
    schedule(callback: () => void, delayMs: number) {
      due.add(callback);
      delaysMs.push(delayMs);
      return () => void due.delete(callback);
    },
  };
}

/** An output that records what it receives; each write lasts until `mayTake` resolves. */
function output({ mayTake = () => Promise.resolve() }: { mayTake?: () => Promise<void> } = {}) {
  const decoder = new TextDecoder();
  const writes: string[] = [];
  const events: string[] = [];
  const stream = new WritableStream<Uint8Array>({
    async write(bytes) {
      await mayTake();
      writes.push(decoder.decode(bytes));
    },
    close: () => void events.push("closed"),
    abort: (reason) => void events.push(`aborted: ${reason}`),
  });
  return { stream, writes, events };
}

Deno.test.each<{ name: string; lines: string[]; text: string }>([
  { name: "nothing", lines: [], text: "" },
  { name: "an empty line", lines: [""], text: "\n" },
  { name: "lines", lines: ["a", "é漢😀"], text: "a\né漢😀\n" },
  {
    name: "a line that is larger than its buffer",
    lines: ["a", "b".repeat(200_000), "c"],
    text: `a\n${"b".repeat(200_000)}\nc\n`,
  },
])("outputLines() writes $name, then closes", async ({ lines, text }) => {
  const { stream, writes, events } = output();
  await ReadableStream.from(lines).pipeTo(outputLines(stream));
  assertEquals(writes.join(""), text);
  assertEquals(events, ["closed"]);
});

Deno.test("outputLines() writes in large pieces", async () => {
  const { stream, writes } = output();
  const lines = Array.from({ length: 5_000 }, (_, i) => `${i} ${"x".repeat(100)}`);
  await ReadableStream.from(lines).pipeTo(outputLines(stream));
  assertEquals(writes.join(""), lines.map((line) => `${line}\n`).join(""));
  assert(writes.length < 20, `${writes.length} writes`);
});

Deno.test("outputLines() writes a line when its timer fires, without another line", async () => {
  const { stream, writes } = output();
  const timer = manualTimer();
  const writer = outputLines(stream, timer).getWriter();
  await writer.write("a");
  await writer.write("b");
  await settled();
  assertEquals([writes, timer.delaysMs], [[], [50]]);
  timer.fire();
  await settled();
  assertEquals(writes, ["a\nb\n"]);
  await writer.write("c");
  assert(timer.isSet());
  await writer.close();
  assertEquals([writes, timer.isSet()], [["a\nb\n", "c\n"], false]);
});

Deno.test("outputLines() takes no more than its buffer while the output is stuck", async () => {
  const stuck = Promise.withResolvers<void>();
  const { stream, writes } = output({ mayTake: () => stuck.promise });
  const timer = manualTimer();
  const writer = outputLines(stream, timer).getWriter();
  const line = "x".repeat(999);
  let taken = 0;
  const filling = (async () => {
    for (; taken < 1_000; taken++) {
      await writer.write(line);
      if (taken % 10 === 0) timer.fire();
    }
  })();
  await settled();
  assert(taken < 200, `${taken} lines taken`);
  stuck.resolve();
  await filling;
  await writer.close();
  assertEquals(writes.join(""), `${line}\n`.repeat(1_000));
});

Deno.test("outputLines() fails when the output does, at the latest when it's closed", async () => {
  const broken = () => Promise.reject(new Deno.errors.BrokenPipe("gone"));
  const { stream } = output({ mayTake: broken });
  const writer = outputLines(stream).getWriter();
  writer.closed.catch(() => {});
  await writer.write("a");
  await assertRejects(() => writer.close(), Deno.errors.BrokenPipe);
});

Deno.test("outputLines() stops a source whose output is gone", async () => {
  const broken = () => Promise.reject(new Deno.errors.BrokenPipe("gone"));
  const { stream } = output({ mayTake: broken });
  let count = 0;
  const endless = new ReadableStream<string>({ pull: (it) => it.enqueue(`line ${count++}`) });
  await assertRejects(() => endless.pipeTo(outputLines(stream)), Deno.errors.BrokenPipe);
});

Deno.test("outputLines() writes what was complete before its source failed", async () => {
  const { stream, writes, events } = output();
  const writer = outputLines(stream).getWriter();
  await writer.write("a");
  await writer.abort(new RangeError("no"));
  assertEquals([writes, events], [["a\n"], ["aborted: RangeError: no"]]);
});
