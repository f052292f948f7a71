import { assertEquals, assertThrows } from "@std/assert";
import { parseDateMath } from "../../../../src/server/search/dsl/date_math.ts";
import { parseDate, printDate } from "../../../../src/server/search/dsl/dates.ts";
import { DslError } from "../../../../src/server/search/dsl/dsl_error.ts";
import { DEFAULT_DATE_FORMAT } from "../../../../src/server/search/dsl/mapping.ts";

const NOW_MS = Date.parse("2026-11-24T15:30:45.678Z");

/** What is read, rounded down and up; without the latter, both are the same. */
const MATH: readonly [text: string, down: string, up?: string][] = [
  ["2016", "2016-01-01T00:00:00.000Z", "2016-01-01T23:59:59.999Z"],
  ["2016-02", "2016-02-01T00:00:00.000Z", "2016-02-01T23:59:59.999Z"],
  ["2016-02-29T10:20:30.5+02:00", "2016-02-29T08:20:30.500Z"],
  ["1456790400000", "2016-03-01T00:00:00.000Z"],
  ["now", "2026-11-24T15:30:45.678Z"],
  ["now-1d/d", "2026-11-23T00:00:00.000Z", "2026-11-23T23:59:59.999Z"],
  ["now/w", "2026-11-23T00:00:00.000Z", "2026-11-29T23:59:59.999Z"],
  ["now/y", "2026-01-01T00:00:00.000Z", "2026-12-31T23:59:59.999Z"],
  ["2016-01-31||+1M", "2016-02-29T00:00:00.000Z"],
  ["2016-02-29||-1y", "2015-02-28T00:00:00.000Z"],
  ["2016-05-05||/M", "2016-05-01T00:00:00.000Z", "2016-05-31T23:59:59.999Z"],
];

Deno.test("parseDateMath", async (test) => {
  for (const [text, down, up = down] of MATH) {
    await test.step(text, () => {
      const options = { format: DEFAULT_DATE_FORMAT, nowMs: NOW_MS };
      const parse = (roundUp: boolean) =>
        new Date(parseDateMath(text, { ...options, roundUp })).toISOString();
      assertEquals([parse(false), parse(true)], [down, up]);
    });
  }
});

Deno.test("parseDateMath refuses what is no date", async (test) => {
  for (
    const text of [
      "",
      "x",
      "2016-13",
      "2016-02-30",
      "2016-1-1",
      "now+",
      "now+1",
      "now/2d",
      "now*1d",
    ]
  ) {
    await test.step(text, () => {
      const options = { format: DEFAULT_DATE_FORMAT, nowMs: NOW_MS, roundUp: false };
      assertThrows(() => parseDateMath(text, options), DslError);
    });
  }
});

Deno.test("formats of dates", async (test) => {
  const timeMs = Date.parse("2016-03-01T10:20:30.000Z");
  const formats: [format: string, text: string][] = [
    ["strict_date_optional_time", "2016-03-01T10:20:30.000Z"],
    ["epoch_millis", String(timeMs)],
    ["epoch_second", String(timeMs / 1000)],
    ["yyyy-MM-dd'T'HH:mm:ss", "2016-03-01T10:20:30"],
    ["yyyyMMddHHmmss", "20160301102030"],
  ];
  for (const [format, text] of formats) {
    await test.step(format, () => {
      assertEquals(printDate(timeMs, format), text);
      assertEquals(parseDate(text, format), timeMs);
    });
  }
  await test.step("one that isn't supported", () => {
    assertThrows(() => parseDate("Tue", "EEE"), DslError, "EEE");
  });
});
