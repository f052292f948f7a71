import type { ChartBars } from "./chart_bars.ts";
import { lastDay, periodName } from "./chart_scale.ts";
import { channelClass, counted, formatNumber } from "./format.ts";

/** The tooltip of the chart: days and builds by channel, from the first bar to the last. */
export function ChartTip(
  { unit, starts, bars, first, last }: ChartBars & { first: number; last: number },
) {
  const sumOf = (counts: number[]) => counts.slice(first, last + 1).reduce((a, b) => a + b, 0);
  const sums = bars.map(({ channel, counts }) => ({ channel, sum: sumOf(counts) }));
  return (
    <>
      <b>
        {first === last
          ? periodName(starts[first]!, unit)
          : `${starts[first]} – ${lastDay(starts[last]!, unit)}`}
      </b>
      <span>{counted(sums.reduce((total, { sum }) => total + sum, 0), "build")}</span>
      {sums.filter(({ sum }) => sum > 0).map(({ channel, sum }) => (
        <span key={channel} class="row">
          <i class={`dot ${channelClass(channel)}`} />
          {channel}
          <span class="count">{formatNumber(sum)}</span>
        </span>
      ))}
    </>
  );
}
