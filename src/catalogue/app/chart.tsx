/// <reference lib="dom" />
import { useLayoutEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import { channelClass, formatNumber } from "./format.ts";
import type { Histogram } from "./source.ts";

const HEIGHT_PX = 160;

const UNITS = { day: "per day", week: "per week", month: "per month" } as const;

/** How many builds were published when, by channel. Dragging over it picks days. */
export function Chart({ histogram, onPick }: {
  histogram: Histogram;
  onPick: (from: string, to: string) => void;
}) {
  const place = useRef<HTMLDivElement>(null);
  const legend = useRef<HTMLUListElement>(null);
  const pick = useRef(onPick);
  pick.current = onPick;
  const { unit, starts, sample } = histogram;
  const totals = Object.entries(histogram.channels)
    .map(([channel, counts]) => ({ channel, counts, total: counts.reduce((a, b) => a + b, 0) }))
    .sort((a, b) => b.total - a.total);

  // Before the page is painted: the chart comes with the results.
  useLayoutEffect(() => {
    const root = place.current;
    if (!root || starts.length === 0) return;
    const dark = matchMedia("(prefers-color-scheme: dark)");
    let chart: uPlot | undefined;
    const draw = () => {
      chart?.destroy();
      const dots = [...legend.current!.querySelectorAll(".dot")];
      const colours = dots.map((dot) => getComputedStyle(dot).backgroundColor);
      chart = drawn(root, histogram, totals, colours, (from, to) => pick.current(from, to));
    };
    draw();
    const resized = new ResizeObserver(() => {
      // It's told at once of the size that the chart was drawn for.
      if (chart === undefined || chart.width === root.clientWidth) return;
      chart.setSize({ width: root.clientWidth, height: HEIGHT_PX });
    });
    resized.observe(root);
    dark.addEventListener("change", draw);
    return () => {
      dark.removeEventListener("change", draw);
      resized.disconnect();
      chart?.destroy();
    };
  }, [histogram]);

  const summary = `Builds published ${UNITS[unit]} from ${starts[0]} to ${starts.at(-1)}: ` +
    totals.map(({ channel, total }) => `${channel} ${formatNumber(total)}`).join(", ");
  return (
    <section class="chart" aria-labelledby="chart">
      <h2 id="chart">
        Builds {UNITS[unit]}
        {sample !== undefined && <small>the newest {formatNumber(sample)} of them</small>}
      </h2>
      <ul ref={legend} class="legend" aria-hidden="true">
        {totals.map(({ channel }) => (
          <li key={channel}>
            <i class={`dot ${channelClass(channel)}`} />
            {channel}
          </li>
        ))}
      </ul>
      <div ref={place} class="plot" role="img" aria-label={summary} />
    </section>
  );
}

/** Draws bars, each channel on top of those before it: the tallest sum first, then what covers it. */
function drawn(
  root: HTMLElement,
  { starts, unit }: Histogram,
  totals: { channel: string; counts: number[] }[],
  colours: string[],
  onPick: (from: string, to: string) => void,
): uPlot {
  const sums = starts.map(() => 0);
  const stacked = totals.map(({ channel, counts }, at) => ({
    channel,
    fill: colours[at],
    heights: counts.map((count, i) => sums[i]! += count),
  })).reverse();
  const style = getComputedStyle(root);
  const muted = style.color;
  const line = style.borderTopColor;
  const font = `11px ${style.fontFamily}`;
  const bars = uPlot.paths.bars!({ size: [unit === "day" ? 0.8 : 0.9, 40], gap: 0 });
  return new uPlot(
    {
      width: root.clientWidth,
      height: HEIGHT_PX,
      padding: [8, 16, 0, 0],
      legend: { show: false },
      cursor: { y: false, points: { show: false }, drag: { x: true, y: false, setScale: false } },
      scales: {
        x: { time: true, range: (_, min, max) => [min - margin(unit), max + margin(unit)] },
        y: { range: (_, __, max) => [0, Math.max(1, max * 1.08)] },
      },
      series: [
        {},
        ...stacked.map(({ channel: label, fill }) => (
          { label, fill, width: 0, paths: bars, points: { show: false } }
        )),
      ],
      axes: [
        { stroke: muted, font, size: 36, grid: { show: false }, ticks: { show: false } },
        {
          stroke: muted,
          font,
          size: 44,
          space: 28,
          grid: { stroke: line, width: 1 },
          ticks: { show: false },
          values: (_, ticks) => ticks.map((tick) => Number.isInteger(tick) ? compact(tick) : ""),
        },
      ],
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), "Etc/UTC"),
      hooks: {
        setSelect: [(chart) => {
          const { left, width } = chart.select;
          if (width < 4) return;
          const day = (at: number) =>
            new Date(chart.posToVal(at, "x") * 1000).toISOString().slice(0, 10);
          onPick(day(left), day(left + width));
        }],
      },
    },
    [starts.map((start) => Date.parse(start) / 1000), ...stacked.map(({ heights }) => heights)],
    root,
  );
}

/** Half a bar beside the first and the last, in seconds. */
function margin(unit: Histogram["unit"]): number {
  return { day: 0.6, week: 4, month: 17 }[unit] * 86_400;
}

function compact(value: number): string {
  return value >= 10_000 ? `${formatNumber(value / 1000)}k` : formatNumber(value);
}
