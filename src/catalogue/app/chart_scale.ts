import type { Histogram } from "./answers.ts";

type Unit = Histogram["unit"];

const DAY_MS = 24 * 3600 * 1000;

/** With fewer days than this, empty ones are added: a single bar would fill the chart. */
const LEAST_BARS = 21;

/** The most labels below the bars. */
const MOST_LABELS = 8;

/** The day that begins `count` units later: `2017-06-02`. */
export function shifted(start: string, unit: Unit, count: number): string {
  const date = new Date(start);
  if (unit === "month") date.setUTCMonth(date.getUTCMonth() + count);
  else date.setUTCDate(date.getUTCDate() + count * (unit === "week" ? 7 : 1));
  return date.toISOString().slice(0, 10);
}

/** The last day of the unit that begins on this day. */
export function lastDay(start: string, unit: Unit): string {
  return shifted(shifted(start, unit, 1), "day", -1);
}

/** The histogram with empty days before and after, if it has only a few. */
export function padded(histogram: Histogram): Histogram {
  const { unit, starts, channels } = histogram;
  const missing = LEAST_BARS - starts.length;
  if (starts.length === 0 || missing <= 0) return histogram;
  const before = Math.ceil(missing / 2);
  const first = shifted(starts[0]!, unit, -before);
  return {
    ...histogram,
    starts: Array.from({ length: LEAST_BARS }, (_, i) => shifted(first, unit, i)),
    channels: Object.fromEntries(
      Object.entries(channels).map(([channel, counts]) => [
        channel,
        [...Array(before).fill(0), ...counts, ...Array(missing - before).fill(0)],
      ]),
    ),
  };
}

/** What days have in common that share a label, from the finest. */
const LABELS: [period: (day: string) => unknown, length: number][] = [
  [(day) => day, 10],
  [(day) => Math.floor((Date.parse(day) / DAY_MS + 3) / 7), 10],
  [(day) => Math.floor((Date.parse(day) / DAY_MS + 3) / 14), 10],
  [(day) => day.slice(0, 7), 7],
  [(day) => day.slice(0, 4) + Math.floor((Number(day.slice(5, 7)) - 1) / 3), 7],
  [(day) => day.slice(0, 4), 4],
  [(day) => Math.floor(Number(day.slice(0, 4)) / 2), 4],
  [(day) => Math.floor(Number(day.slice(0, 4)) / 5), 4],
];

/** ISO labels for the bars that begin a period, as many as fit: `2017`, `2017-06`, `2017-06-05`. */
export function dateLabels(starts: string[], unit: Unit): { at: number; label: string }[] {
  for (const [period, length] of LABELS) {
    const labels = starts.flatMap((start, at) => {
      const before = starts[at - 1] ?? shifted(start, unit, -1);
      return period(before) === period(start) ? [] : { at, label: start.slice(0, length) };
    });
    if (labels.length <= MOST_LABELS && labels.length > 0) return labels;
  }
  return [];
}

/** Round numbers from a step of 1, 2 or 5 tens up to the highest: at most four. */
export function countLabels(highest: number): number[] {
  const power = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, highest))) - 1);
  const step = [1, 2, 5, 10, 20, 50].map((factor) => factor * power)
    .find((step) => highest / step < 5)!;
  return Array.from({ length: Math.floor(highest / step) }, (_, i) => (i + 1) * step);
}

/** The bars of one channel as an SVG path: a unit is one wide, a build one high, 0 at the top. */
export function barsPath(counts: number[], sums: number[], height: number): string {
  return counts.map((count, i) =>
    count === 0 ? "" : `M${i + 0.1} ${height - sums[i]!}h.8v${count}h-.8z`
  ).join("");
}

/** `2017-06-02`, `2017-05-29 – 2017-06-04` or `2017-06` */
export function periodName(start: string, unit: Unit): string {
  if (unit === "month") return start.slice(0, 7);
  return unit === "day" ? start : `${start} – ${lastDay(start, unit)}`;
}
