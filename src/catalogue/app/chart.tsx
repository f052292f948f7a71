/// <reference lib="dom" />
import { useMemo, useState } from "preact/hooks";
import { drawn } from "./chart_bars.ts";
import { countLabels, dateLabels, lastDay, periodName } from "./chart_scale.ts";
import { ChartTip } from "./chart_tip.tsx";
import { channelClass, counted, formatNumber } from "./format.ts";
import type { Histogram } from "./answers.ts";

const UNITS = { day: "per day", week: "per week", month: "per month" } as const;

/**
 * How many builds were published when, by channel. A click selects the days of a bar, dragging
 * those of several; with the keyboard it is a slider whose value Enter selects.
 */
export function Chart({ histogram, onPick }: {
  histogram: Histogram;
  /** Called with the first and the last day. */
  onPick: (from: string, to: string) => void;
}) {
  const chart = useMemo(() => drawn(histogram), [histogram]);
  const { unit, starts, bars, totals, top } = chart;
  const [hovered, setHovered] = useState<number>();
  const [pressed, setPressed] = useState<number>();
  const last = starts.length - 1;
  const current = Math.min(hovered ?? last, last);

  const placeOf = ({ currentTarget, clientX }: MouseEvent) => {
    const { left, width } = (currentTarget as Element).getBoundingClientRect();
    return Math.max(0, Math.min(last, Math.floor((clientX - left) / width * starts.length)));
  };
  const pick = (a: number, b: number) => {
    const [first, end] = [Math.min(a, b), Math.max(a, b)];
    if (first === end && totals[first] === 0) return;
    onPick(starts[first]!, lastDay(starts[end]!, unit));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const to = {
      ArrowLeft: current - 1,
      ArrowRight: current + 1,
      Home: 0,
      End: last,
    }[event.key];
    if (to !== undefined) setHovered(Math.max(0, Math.min(last, to)));
    else if (event.key === "Enter" || event.key === " ") pick(current, current);
    else return;
    event.preventDefault();
  };
  const selected = hovered === undefined ? undefined : [
    Math.min(pressed ?? current, current),
    Math.max(pressed ?? current, current),
  ] as const;
  const percent = (bar: number) => `${bar / starts.length * 100}%`;

  return (
    <section class="chart" aria-labelledby="chart">
      <h2 id="chart">
        Builds {UNITS[unit]}
        <small class="hint">click a bar or drag across several to filter</small>
      </h2>
      <ul class="legend" aria-hidden="true">
        {bars.map(({ channel }) => (
          <li key={channel}>
            <i class={`dot ${channelClass(channel)}`} />
            {channel}
          </li>
        ))}
      </ul>
      <div class="plot">
        <svg class="counts" aria-hidden="true">
          {countLabels(top).map((count) => {
            const y = `${100 - count / top * 100}%`;
            return (
              <g key={count}>
                <line x2="100%" y1={y} y2={y} />
                <text x="-8" y={y} dy="4">{compact(count)}</text>
              </g>
            );
          })}
        </svg>
        <div
          class="bars"
          role="slider"
          tabIndex={0}
          aria-label={`Builds ${UNITS[unit]}; Enter filters by the selected ${unit}`}
          aria-valuemin={0}
          aria-valuemax={last}
          aria-valuenow={current}
          aria-valuetext={[
            periodName(starts[current]!, unit),
            counted(totals[current]!, "build"),
            ...bars.filter(({ counts }) => counts[current]! > 0)
              .map(({ channel, counts }) => `${channel} ${formatNumber(counts[current]!)}`),
          ].join(", ")}
          onKeyDown={onKeyDown}
          onFocus={(event) => event.currentTarget.matches(":focus-visible") && setHovered(current)}
          onBlur={() => setHovered(undefined)}
          onPointerMove={(event) => setHovered(placeOf(event))}
          onPointerLeave={() => pressed === undefined && setHovered(undefined)}
          onPointerDown={(event) => {
            if (event.button !== 0) return;
            event.currentTarget.setPointerCapture(event.pointerId);
            setPressed(placeOf(event));
          }}
          onPointerUp={(event) => {
            if (pressed === undefined) return;
            setPressed(undefined);
            setHovered(undefined);
            pick(pressed, placeOf(event));
          }}
          onPointerCancel={() => setPressed(undefined)}
        >
          <svg
            viewBox={`0 0 ${starts.length} ${top}`}
            preserveAspectRatio="none"
            aria-hidden="true"
          >
            {bars.map(({ channel, path }) => (
              <path key={channel} class={channelClass(channel)} d={path} />
            ))}
          </svg>
          {selected && (
            <i
              class="selected"
              style={{ left: percent(selected[0]), width: percent(selected[1] - selected[0] + 1) }}
            />
          )}
          {selected && (
            <div
              class={`tip ${current > last / 2 ? "left" : "right"}`}
              style={current > last / 2
                ? { right: percent(starts.length - selected[0]) }
                : { left: percent(selected[1] + 1) }}
            >
              <ChartTip {...chart} first={selected[0]} last={selected[1]} />
            </div>
          )}
        </div>
        <svg class="dates" aria-hidden="true">
          {dateLabels(starts, unit).map(({ at, label }) => (
            <text key={label} x={percent(at + 0.5)} y="14">{label}</text>
          ))}
        </svg>
      </div>
    </section>
  );
}

function compact(count: number): string {
  return count >= 10_000 ? `${formatNumber(count / 1000)}k` : formatNumber(count);
}
