import { assertEquals } from "@std/assert";
import {
  Log,
  LOG_LEVELS,
  type LogFields,
  type LogLevel,
  type LogOptions,
} from "../../src/reporting/log.ts";
import type { SummaryEvent } from "../../src/reporting/summary.ts";

const NOW = Date.parse("2017-06-02T12:20:10.5Z");

function logged(options: Omit<LogOptions, "write">, use: (log: Log) => void): string[] {
  const lines: string[] = [];
  use(new Log({ now: () => NOW, ...options, write: (line) => lines.push(line) }));
  return lines;
}

Deno.test.each<{ level: LogLevel | undefined; shown: LogLevel[] }>([
  { level: "debug", shown: ["debug", "info", "warning", "error"] },
  { level: "info", shown: ["info", "warning", "error"] },
  { level: undefined, shown: ["warning", "error"] },
  { level: "error", shown: ["error"] },
])("Log at level $level shows $shown, and what is printed", ({ level, shown }) => {
  const lines = logged({ level }, (log) => {
    for (const each of LOG_LEVELS) log[each]("said");
    log.print("a summary");
  });
  assertEquals(lines, [...shown.map((each) => `${each}: said\n`), "a summary\n"]);
});

Deno.test.each<{ name: string; message: string; fields?: LogFields; line: string }>([
  { name: "a message", message: "Said", line: "error: Said\n" },
  {
    name: "fields",
    message: "Said",
    fields: { url: "http://a/", attempt: 2, isLast: false, none: null, unknown: undefined },
    line: "error: Said (url=http://a/ attempt=2 isLast=false none=null)\n",
  },
  {
    name: "no fields that are known",
    message: "Said",
    fields: { a: undefined },
    line: "error: Said\n",
  },
  {
    name: "line breaks, as one line",
    message: "first\nsecond\r\n  third\rfourth",
    fields: { body: "a\nerror: forged" },
    line: "error: first second third fourth (body=a error: forged)\n",
  },
])("Log writes $name", ({ message, fields, line }) => {
  assertEquals(logged({}, (log) => log.error(message, fields)), [line]);
});

Deno.test("Log writes JSON, one object a line", () => {
  const lines = logged({ format: "json", level: "info" }, (log) => {
    log.debug("not shown");
    log.info("two\nlines", { url: "http://a/", attempt: 1, none: undefined });
  });
  assertEquals(lines.map((line) => JSON.parse(line)), [{
    time: "2017-06-02T12:20:10.500Z",
    level: "info",
    message: "two\nlines",
    url: "http://a/",
    attempt: 1,
  }]);
  assertEquals(lines.map((line) => line.match(/\n/g)?.length), [1]);
});

Deno.test("Log.with() adds fields to every line, and later ones win", () => {
  const lines = logged({ fields: { request: "a", step: 1 } }, (log) => {
    log.with({ step: 2 }).error("Said", { more: true });
    log.error("Said");
  });
  assertEquals(lines, [
    "error: Said (request=a step=2 more=true)\n",
    "error: Said (request=a step=1)\n",
  ]);
});

Deno.test("Log prints text as it is, at every level", () => {
  const lines = logged({ level: "error" }, (log) => {
    log.print("2 rows\n  indented\n");
  });
  assertEquals(lines, ["2 rows\n  indented\n"]);
});

Deno.test("Log.summary() writes lines for people, data as JSON, and nothing where only errors are logged", () => {
  const events: SummaryEvent[] = [
    { event: "rows", count: 1, parts: { ignored: 0, builds: 1, "too old": 2 } },
    { event: "ignored", reason: "not an installer", count: 1285 },
    { label: "load", event: "described", count: 2, parts: { changed: 2 }, note: "(dry run)" },
    { event: "requests", text: "1 request to the archive", data: { count: 1, failures: 0 } },
  ];
  const write = (options: Omit<LogOptions, "write">) =>
    logged(options, (log) => log.summary(events));
  assertEquals(write({}), [
    "1 row = 0 ignored + 1 build + 2 too old\n",
    "  1285 not an installer\n",
    "load: 2 described = 2 changed (dry run)\n",
    "1 request to the archive\n",
  ]);
  const time = "2017-06-02T12:20:10.500Z";
  assertEquals(write({ format: "json" }).slice(0, 2).map((line) => JSON.parse(line)), [
    {
      ...{ time, level: "info", message: "1 row = 0 ignored + 1 build + 2 too old" },
      ...{ event: "rows", count: 1, ignored: 0, builds: 1, tooOld: 2 },
    },
    {
      ...{ time, level: "info", message: "1285 not an installer" },
      ...{ event: "ignored", reason: "not an installer", count: 1285 },
    },
  ]);
  assertEquals([write({ level: "error" }), write({ level: "error", format: "json" })], [[], []]);
});
