import type { BuildIndex } from "./build_index.ts";

/** How many builds were published when, by channel. */
export interface Histogram {
  /** What one number is of: the finest that gives no more than some two hundred of them. */
  unit: "day" | "week" | "month";
  /** The first day of each, without gaps: `2017-06-02`. */
  starts: string[];
  /** Numbers, one for each start. */
  channels: Record<string, number[]>;
}

const DAY_MS = 24 * 3600 * 1000;

/** The longest spans that are shown by day, and by week. */
const MOST_DAYS = { day: 200, week: 1400 };

/** Counts records by the day of their publication, and their channel. */
export function histogramOf(
  index: BuildIndex,
  records: Uint32Array,
  dayOf: Int32Array,
): Histogram {
  const dates = index.columns["download.date"].codes;
  const channels = index.columns["target.channel"];
  let [first, last] = [Infinity, -Infinity];
  for (let i = 0; i < records.length; i++) {
    const day = dayOf[dates[records[i]!]!]!;
    if (day < 0) continue;
    if (day < first) first = day;
    if (day > last) last = day;
  }
  if (last < first) return { unit: "day", starts: [], channels: {} };
  const span = last - first + 1;
  const unit = span <= MOST_DAYS.day ? "day" : span <= MOST_DAYS.week ? "week" : "month";

  const starts: string[] = [];
  const bucketOf = new Uint32Array(span);
  for (let day = startOf(first, unit); day <= last; day = after(day, unit)) {
    bucketOf.fill(starts.length, Math.max(0, day - first));
    starts.push(new Date(day * DAY_MS).toISOString().slice(0, 10));
  }
  const counts = new Uint32Array(starts.length * channels.values.length);
  for (let i = 0; i < records.length; i++) {
    const record = records[i]!;
    const day = dayOf[dates[record]!]!;
    if (day >= 0) counts[channels.codes[record]! * starts.length + bucketOf[day - first]!]!++;
  }
  const byChannel: Record<string, number[]> = {};
  for (const [code, channel] of channels.values.entries()) {
    const own = counts.subarray(code * starts.length, (code + 1) * starts.length);
    if (own.some((count) => count > 0)) byChannel[channel] = [...own];
  }
  return { unit, starts, channels: byChannel };
}

/** Days since 1970 of a date's value; -1 when it has none, or one that can't be. */
export function dayNumber(date: string): number {
  const at = Date.parse(date.slice(0, 10));
  return at >= 0 && date < "2100" ? Math.floor(at / DAY_MS) : -1;
}

/** The first day of the unit that a day is in; weeks begin on Monday. */
function startOf(day: number, unit: Histogram["unit"]): number {
  // Day 0 was a Thursday.
  if (unit === "week") return day - (day + 3) % 7;
  return unit === "month" ? day - new Date(day * DAY_MS).getUTCDate() + 1 : day;
}

/** The first day of the next unit. */
function after(start: number, unit: Histogram["unit"]): number {
  return unit === "month" ? startOf(start + 31, unit) : start + (unit === "week" ? 7 : 1);
}
