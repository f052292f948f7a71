import { barsPath, padded } from "./chart_scale.ts";
import type { Histogram } from "./answers.ts";

/** What is drawn of a histogram. */
export interface ChartBars {
  unit: Histogram["unit"];
  starts: string[];
  /** By channel, the most frequent at the bottom. */
  bars: { channel: string; counts: number[]; path: string }[];
  /** Builds in each bar. */
  totals: number[];
  /** The count at the upper edge. */
  top: number;
}

/** Stacks the bars of all channels. */
export function drawn(histogram: Histogram): ChartBars {
  const { unit, starts, channels } = padded(histogram);
  const totals = starts.map((_, i) =>
    Object.values(channels).reduce((sum, counts) => sum + counts[i]!, 0)
  );
  const top = Math.max(1, ...totals) * 1.06;
  const totalOf = (counts: number[]) => counts.reduce((a, b) => a + b, 0);
  const sums = starts.map(() => 0);
  const bars = Object.entries(channels)
    .sort(([, a], [, b]) => totalOf(b) - totalOf(a))
    .map(([channel, counts]) => {
      for (const [i, count] of counts.entries()) sums[i]! += count;
      return { channel, counts, path: barsPath(counts, sums, top) };
    });
  return { unit, starts, bars, totals, top };
}
