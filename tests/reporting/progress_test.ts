import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { Progress, progressStyle } from "../../src/reporting/progress.ts";
import { run } from "../servers/python.ts";

Deno.test.each(
  [
    { logLevel: "warning", logFormat: "text", isTerminal: true, style: "bar" },
    { logLevel: "warning", logFormat: "text", isTerminal: false, style: "lines" },
    { logLevel: "debug", logFormat: "text", isTerminal: true, style: "bar" },
    { logLevel: "error", logFormat: "text", isTerminal: true, style: "none" },
    { logLevel: "error", logFormat: "text", isTerminal: false, style: "none" },
    { logLevel: "warning", logFormat: "json", isTerminal: false, style: "none" },
  ] as const,
)(
  "progressStyle() is $style at $logLevel, $logFormat, terminal $isTerminal",
  ({ style, isTerminal, ...config }) => {
    assertEquals(progressStyle({ config, isTerminal }), style);
  },
);

Deno.test("Progress prints a line now and then, and none twice", async () => {
  const lines: string[] = [];
  const printed = Promise.withResolvers<void>();
  {
    using progress = new Progress({
      style: "lines",
      label: "firefox",
      total: 200,
      intervalMs: 1,
      write: (text) => {
        lines.push(text);
        printed.resolve();
      },
    });
    progress.update(30, "12 records");
    await printed.promise;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assertEquals(lines, ["firefox: 15 %, 12 records\n"]);
});

Deno.test("Progress draws a bar in one line, no wider than the terminal, and clears it", () => {
  let drawn = "";
  {
    using progress = new Progress({
      style: "bar",
      label: "firefox",
      total: 200,
      write: (text) => drawn += text,
      width: () => 60,
    });
    progress.update(100, "a long note ".repeat(20));
  }
  assertStringIncludes(drawn, `firefox [${"=".repeat(15)}${"-".repeat(15)}] 50 %`);
  assert(!drawn.includes("\n"));
  // deno-lint-ignore no-control-regex
  for (const frame of drawn.split(/\r|\x1b\[[0-9]*K/)) assert(frame.length < 60, frame);
  assert(drawn.endsWith("\r\x1b[2K"));
});

Deno.test("Progress says nothing in style none", () => {
  let drawn = "";
  const write = (text: string) => drawn += text;
  {
    using progress = new Progress({ style: "none", label: "x", total: 1, write });
    progress.update(1);
  }
  assertEquals(drawn, "");
});

Deno.test("Progress on a real terminal leaves the screen to what is printed after it", async () => {
  const script = `
    import { Progress } from ${
    JSON.stringify(import.meta.resolve("../../src/reporting/progress.ts"))
  };
    {
      using progress = new Progress({ style: "bar", label: "work", total: 2 });
      progress.update(1, "half");
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    console.error("done");
  `;
  const python = "import pty, sys; pty.spawn(sys.argv[1:])";
  const config = new URL("../../deno.json", import.meta.url).pathname;
  const deno = [Deno.execPath(), "eval", "--quiet", `--config=${config}`, script];
  const output = await run("python3", ["-c", python, ...deno], { stdin: "null" });
  assertMatch(output, /work \[=+-+\] 50 % half/);
  // deno-lint-ignore no-control-regex
  assertMatch(output, /\r\x1b\[2Kdone\r\n$/);
  assert(
    !output.includes("?25l") && !output.includes("?7l"),
    "neither cursor nor wrapping changed",
  );
});
