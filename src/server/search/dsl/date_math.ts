import { parseDate, wrongDate } from "./dates.ts";
import { DslError } from "./dsl_error.ts";

/** How a date of a request is read. */
export interface DateMathOptions {
  format: string;
  nowMs: number;
  /** Whether what is left out is filled up to the last millisecond, not the first. */
  roundUp: boolean;
  /** The time zone of dates that name none, and of rounding. */
  offsetMs?: number;
}

/**
 * Reads a date, or date math such as `now-7d/d` and `2017-06-02||+1M`.
 *
 * @see https://www.elastic.co/guide/en/elasticsearch/reference/6.8/common-options.html#date-math
 * @returns milliseconds since 1970
 * @throws {DslError}
 */
export function parseDateMath(text: string, options: DateMathOptions): number {
  const { format, nowMs, roundUp, offsetMs = 0 } = options;
  if (text.startsWith("now")) return addMath(nowMs, text.slice(3), options);
  const bar = text.indexOf("||");
  const date = bar < 0 ? text : text.slice(0, bar);
  const fillTime = bar < 0 && roundUp ? "end" : "start";
  const timeMs = parseDate(date, format, { fillTime, offsetMs });
  if (timeMs === undefined) throw wrongDate(date, format);
  return bar < 0 ? timeMs : addMath(timeMs, text.slice(bar + 2), options);
}

function addMath(
  startMs: number,
  math: string,
  { roundUp, offsetMs = 0 }: DateMathOptions,
): number {
  const date = new Date(startMs + offsetMs);
  for (let at = 0; at < math.length;) {
    const [step, operator, digits, unit] = /^([+\-/])(\d*)(\D)/.exec(math.slice(at)) ?? [];
    if (step === undefined || operator === undefined || unit === undefined) {
      throw new DslError("parse_exception", `wrong date math [${math}]`);
    }
    if (!"yMwdhHms".includes(unit)) {
      throw new DslError(
        "parse_exception",
        `unit [${unit}] not supported for date math [${math}]`,
      );
    }
    const count = digits === "" ? 1 : Number(digits);
    if (count > 2 ** 31 - 1) throw new DslError("parse_exception", `wrong date math [${math}]`);
    if (operator === "/") {
      if (count !== 1) {
        throw new DslError(
          "parse_exception",
          `rounding [/] can only be used on single unit types [${math}]`,
        );
      }
      if (roundUp) add(date, unit, 1);
      floor(date, unit);
      if (roundUp) date.setTime(date.getTime() - 1);
    } else {
      add(date, unit, operator === "-" ? -count : count);
    }
    if (Number.isNaN(date.getTime())) {
      throw new DslError("parse_exception", `date math [${math}] is out of range`);
    }
    at += step.length;
  }
  return date.getTime() - offsetMs;
}

/** Milliseconds of units that are always as long. */
const UNIT_MS: Readonly<Record<string, number>> = {
  w: 7 * 24 * 3_600_000,
  d: 24 * 3_600_000,
  h: 3_600_000,
  H: 3_600_000,
  m: 60_000,
  s: 1000,
};

function add(date: Date, unit: string, count: number): void {
  const unitMs = UNIT_MS[unit];
  if (unitMs !== undefined) {
    date.setTime(date.getTime() + count * unitMs);
    return;
  }
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + (unit === "y" ? 12 * count : count));
  // The last day of a shorter month.
  const days = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, days));
}

function floor(date: Date, unit: string): void {
  date.setTime(floorTo(date.getTime(), unit));
}

/**
 * The start of the year (`y`), month (`M`), week (`w`, from Monday), day (`d`), hour (`h`), minute
 * (`m`) or second (`s`) that a moment is in.
 */
export function floorTo(timeMs: number, unit: string): number {
  const date = new Date(timeMs);
  if (unit === "y") return new Date(0).setUTCFullYear(date.getUTCFullYear(), 0, 1);
  if (unit === "M") return new Date(0).setUTCFullYear(date.getUTCFullYear(), date.getUTCMonth(), 1);
  // 1970-01-01 was a Thursday.
  const originMs = unit === "w" ? -3 * UNIT_MS.d! : 0;
  const unitMs = UNIT_MS[unit]!;
  return Math.floor((timeMs - originMs) / unitMs) * unitMs + originMs;
}
