import { assertEquals } from "@std/assert";
import { type InterruptingSignal, Interruption } from "../../src/commands/interruption.ts";
import { ManualClock } from "../net/manual_clock.ts";

Deno.test.each<{
  name: string;
  signals: [afterMs: number, signal: InterruptingSignal][];
  calls: string[];
  code: number;
}>([
  { name: "no signal", signals: [], calls: [], code: 0 },
  { name: "Ctrl-C", signals: [[0, "SIGINT"]], calls: ["stop"], code: 130 },
  { name: "SIGTERM", signals: [[0, "SIGTERM"]], calls: ["stop"], code: 143 },
  {
    name: "one Ctrl-C that arrives three times",
    signals: [[0, "SIGINT"], [1, "SIGINT"], [998, "SIGINT"]],
    calls: ["stop"],
    code: 130,
  },
  {
    name: "a second Ctrl-C a second later",
    signals: [[0, "SIGINT"], [1_000, "SIGINT"]],
    calls: ["stop", "exit 130"],
    code: 130,
  },
  {
    name: "Ctrl-C, then SIGTERM",
    signals: [[0, "SIGINT"], [1, "SIGTERM"], [5_000, "SIGTERM"]],
    calls: ["stop", "exit 143"],
    code: 130,
  },
])("Interruption of $name", ({ signals, calls, code }) => {
  const clock = new ManualClock();
  const called: string[] = [];
  const interruption = new Interruption({
    clock,
    onStop: () => called.push(interruption.signal.aborted ? "too late" : "stop"),
    onExit: (code) => called.push(`exit ${code}`),
  });
  for (const [afterMs, signal] of signals) {
    clock.advance(afterMs);
    interruption.receive(signal);
  }
  assertEquals(called, calls);
  assertEquals([interruption.code, interruption.signal.aborted], [code, signals.length > 0]);
});
