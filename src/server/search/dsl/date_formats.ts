import { unsupported } from "./dsl_error.ts";

/** A date's parts as UTC, as far as a text has them. */
interface Parts {
  year: number;
  month: number;
  day: number;
  /** Milliseconds since midnight; undefined when there is no time. */
  timeMs?: number;
  /** What is before UTC; undefined when the text names no time zone. */
  offsetMs?: number;
}

/** One way to write dates. */
export interface DateFormat {
  /** @returns undefined when the text isn't of this format */
  parse(text: string): Parts | undefined;
  print(timeMs: number): string;
  /** Whether it can't be read with another time zone. */
  isUtcOnly?: boolean;
}

/** A day. */
export const DAY_MS = 24 * 3600 * 1000;

/** The limits of JavaScript's dates. What is beyond them, is beyond all records as well. */
export const MAX_MS = 8.64e15;

/** Years beyond it aren't dates in JavaScript. */
export const MAX_YEAR = 275_000;

const ISO =
  /^([+-]?\d{4,9})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?:T(?:(\d{1,2})(?::(\d{1,2})(?::(\d{1,2}))?)?([.,]\d+)?)?(Z|[+-]\d{2}(?::?\d{2})?)?)?$/;

/** A date with an optional time, as ISO 8601 has it. */
function isoFormat(isStrict: boolean): DateFormat {
  return {
    parse(text) {
      const match = ISO.exec(text);
      if (match === null) return undefined;
      const [, year = "", month, day, hour, minute, second, fraction, zone] = match;
      const numbers = [month, day, hour, minute, second];
      if (isStrict && !/^[+-]?\d{4}$/.test(year)) return undefined;
      if (isStrict && numbers.some((digits) => digits?.length === 1)) return undefined;
      if (fraction !== undefined && hour === undefined) return undefined;
      const [hours, minutes, seconds] = [hour, minute, second].map((digits) => Number(digits ?? 0));
      if (hours! > 23 || minutes! > 59 || seconds! > 59) return undefined;
      const unitMs = second !== undefined ? 1000 : minute !== undefined ? 60_000 : 3_600_000;
      const fractionMs = Math.floor(Number((fraction ?? ".0").replace(",", ".")) * unitMs + 1e-6);
      return {
        year: Number(year),
        month: Number(month ?? 1),
        day: Number(day ?? 1),
        timeMs: hour === undefined
          ? undefined
          : hours! * 3_600_000 + minutes! * 60_000 + seconds! * 1000 + fractionMs,
        offsetMs: zone === undefined ? undefined : zone === "Z" ? 0 : parseOffset(zone),
      };
    },
    print: (timeMs) => isValid(timeMs) ? new Date(timeMs).toISOString() : String(timeMs),
  };
}

/** Milliseconds or seconds since 1970. */
function epochFormat(unitMs: number, maxLength: number): DateFormat {
  return {
    parse(text) {
      if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$/.test(text)) return undefined;
      const isTooLong = (text.split(".")[0] as string).length > maxLength;
      if (!text.startsWith("-") && isTooLong) return undefined;
      const timeMs = Math.trunc(Number(text)) * unitMs;
      if (!isValid(timeMs)) return undefined;
      const date = new Date(timeMs);
      return {
        year: date.getUTCFullYear(),
        month: date.getUTCMonth() + 1,
        day: date.getUTCDate(),
        timeMs: timeMs - Math.floor(timeMs / DAY_MS) * DAY_MS,
        offsetMs: 0,
      };
    },
    print: (timeMs) => String(Math.floor(timeMs / unitMs)),
    isUtcOnly: true,
  };
}

/** Letters of Joda's patterns: https://www.joda.org/joda-time/key_format.html */
const LETTERS: Readonly<Record<string, (date: Date) => number>> = {
  y: (date) => date.getUTCFullYear(),
  M: (date) => date.getUTCMonth() + 1,
  d: (date) => date.getUTCDate(),
  H: (date) => date.getUTCHours(),
  m: (date) => date.getUTCMinutes(),
  s: (date) => date.getUTCSeconds(),
  S: (date) => date.getUTCMilliseconds(),
};

/** The formats that have a name. */
export const NAMED: Readonly<Record<string, DateFormat>> = {
  strict_date_optional_time: isoFormat(true),
  strictDateOptionalTime: isoFormat(true),
  date_optional_time: isoFormat(false),
  dateOptionalTime: isoFormat(false),
  epoch_millis: epochFormat(1, 19),
  epoch_second: epochFormat(1000, 16),
  ...Object.fromEntries(
    [
      ["date", "yyyy-MM-dd"],
      ["year_month_day", "yyyy-MM-dd"],
      ["year_month", "yyyy-MM"],
      ["year", "yyyy"],
      ["basic_date", "yyyyMMdd"],
      ["date_hour_minute_second", "yyyy-MM-dd'T'HH:mm:ss"],
    ].flatMap(([name, pattern]) => {
      const format = patternFormat(pattern!);
      return name === "basic_date"
        ? [[name, format]]
        : [[name, format], [`strict_${name}`, format]];
    }),
  ),
};

/** A pattern of numbers, such as `yyyy-MM-dd`. @throws {DslError} when it has more than that */
export function patternFormat(pattern: string): DateFormat {
  const parts = [...pattern.matchAll(/'((?:[^']|'')*)'|([a-zA-Z])\2*|[^]/g)].map(
    ([text, quoted, letter]) => {
      if (letter === undefined) return { literal: quoted === "" ? "'" : quoted ?? text };
      if (!Object.hasOwn(LETTERS, letter)) throw unsupported(`The date format [${pattern}]`);
      return { letter, width: text.length };
    },
  );
  const isTime = parts.some(({ letter }) => letter !== undefined && "HmsS".includes(letter));
  return {
    parse(text) {
      const numbers: Record<string, number> = { y: 1970, M: 1, d: 1, H: 0, m: 0, s: 0, S: 0 };
      let at = 0;
      for (const [index, { literal, letter, width }] of parts.entries()) {
        if (letter === undefined) {
          if (!text.startsWith(literal!, at)) return undefined;
          at += literal!.length;
          continue;
        }
        const isFixed = parts[index + 1]?.letter !== undefined;
        const most = isFixed ? width! : letter === "y" ? 9 : Math.max(width!, 2);
        const [digits] = new RegExp(`^\\d{1,${most}}`).exec(text.slice(at)) ?? [];
        if (digits === undefined) return undefined;
        numbers[letter] = Number(digits);
        at += digits.length;
      }
      const { y, M, d, H, m, s, S } = numbers as Record<string, number>;
      if (at !== text.length || H! > 23 || m! > 59 || s! > 59) return undefined;
      const timeMs = H! * 3_600_000 + m! * 60_000 + s! * 1000 + S!;
      return { year: y!, month: M!, day: d!, timeMs: isTime ? timeMs : undefined };
    },
    print(timeMs) {
      const date = new Date(timeMs);
      return parts.map(({ literal, letter, width }) =>
        letter === undefined ? literal : String(LETTERS[letter]!(date)).padStart(width!, "0")
      ).join("");
    },
  };
}

/** A time zone such as `+01:00`, as milliseconds before UTC. @throws {DslError} */
export function parseOffset(zone: string): number {
  const [, sign, hours, minutes = "0"] = /^([+-])(\d{1,2})(?::?(\d{2}))?$/.exec(zone) ?? [];
  if (sign === undefined) throw unsupported(`The time zone [${zone}]`);
  const ms = (Number(hours) * 60 + Number(minutes)) * 60_000;
  return sign === "-" ? -ms : ms;
}

function isValid(timeMs: number): boolean {
  return Math.abs(timeMs) <= MAX_MS;
}
