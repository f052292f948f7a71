import { assertEquals } from "@std/assert";
import {
  barsPath,
  countLabels,
  dateLabels,
  lastDay,
  padded,
  shifted,
} from "../../src/catalogue/app/chart_scale.ts";

/** Consecutive starts. */
function starts(first: string, unit: "day" | "week" | "month", count: number): string[] {
  return Array.from({ length: count }, (_, i) => shifted(first, unit, i));
}

Deno.test.each(
  [
    { start: "2017-06-02", unit: "day", last: "2017-06-02" },
    { start: "2017-05-29", unit: "week", last: "2017-06-04" },
    { start: "2016-02-01", unit: "month", last: "2016-02-29" },
  ] as const,
)("lastDay: the $unit of $start ends on $last", ({ start, unit, last }) => {
  assertEquals(lastDay(start, unit), last);
});

Deno.test("padded adds empty days on both sides of a single bar", () => {
  const { starts, channels } = padded({
    unit: "day",
    starts: ["2017-06-02"],
    channels: { nightly: [36] },
  });
  assertEquals([starts[0], starts[10], starts.at(-1)], ["2017-05-23", "2017-06-02", "2017-06-12"]);
  assertEquals(channels.nightly!.length, starts.length);
  assertEquals(channels.nightly![10], 36);
});

Deno.test("padded leaves many bars alone", () => {
  const histogram = { unit: "day", starts: starts("2017-06-02", "day", 60), channels: {} } as const;
  assertEquals(padded(histogram), histogram);
});

Deno.test.each(
  [
    {
      first: "2017-05-23",
      unit: "day",
      count: 21,
      labels: ["2017-05-29", "2017-06-05", "2017-06-12"],
    },
    { first: "2017-05-01", unit: "day", count: 7, labels: starts("2017-05-01", "day", 7) },
    {
      first: "2017-01-01",
      unit: "day",
      count: 150,
      labels: starts("2017-01", "month", 5).map((day) => day.slice(0, 7)),
    },
    {
      first: "2017-01-02",
      unit: "week",
      count: 104,
      labels: [
        "2017-01",
        "2017-04",
        "2017-07",
        "2017-10",
        "2018-01",
        "2018-04",
        "2018-07",
        "2018-10",
      ],
    },
    {
      first: "2010-03-01",
      unit: "month",
      count: 84,
      labels: ["2011", "2012", "2013", "2014", "2015", "2016", "2017"],
    },
    {
      first: "1998-03-01",
      unit: "month",
      count: 340,
      labels: ["2000", "2005", "2010", "2015", "2020", "2025"],
    },
  ] as const,
)("dateLabels: $count bars by $unit from $first", ({ first, unit, count, labels }) => {
  assertEquals(dateLabels(starts(first, unit, count), unit).map(({ label }) => label), [...labels]);
});

Deno.test.each([
  { highest: 1, labels: [1] },
  { highest: 4.2, labels: [1, 2, 3, 4] },
  { highest: 42, labels: [10, 20, 30, 40] },
  { highest: 12_345, labels: [5000, 10_000] },
])("countLabels: up to $highest", ({ highest, labels }) => {
  assertEquals(countLabels(highest), [...labels]);
});

Deno.test("barsPath draws a rectangle for each bar that has builds", () => {
  assertEquals(barsPath([2, 0, 1], [2, 0, 4], 5), "M0.1 3h.8v2h-.8zM2.1 1h.8v1h-.8z");
});
