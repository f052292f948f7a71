import {
  type DateFormat,
  DAY_MS,
  MAX_MS,
  MAX_YEAR,
  NAMED,
  parseOffset,
  patternFormat,
} from "./date_formats.ts";
import { DslError } from "./dsl_error.ts";

/**
 * Parses a date.
 *
 * @param format one of Elasticsearch's names or patterns, or several with `||` in between
 * @param options.fillTime the time of a date without one: midnight, or the end of the day
 * @param options.offsetMs the time zone of a date that names none
 * @returns milliseconds since 1970; undefined when the text isn't of that format
 * @throws {DslError} when the format isn't supported
 */
export function parseDate(
  text: string,
  format: string,
  { fillTime = "start", offsetMs = 0 }: { fillTime?: "start" | "end"; offsetMs?: number } = {},
): number | undefined {
  for (const { parse, isUtcOnly } of formatsOf(format)) {
    const parts = isUtcOnly && offsetMs !== 0 ? undefined : parse(text);
    if (parts === undefined) continue;
    if (Math.abs(parts.year) > MAX_YEAR) return Math.sign(parts.year) * MAX_MS;
    const midnight = new Date(0).setUTCFullYear(parts.year, parts.month - 1, parts.day);
    const date = new Date(midnight);
    if (date.getUTCMonth() !== parts.month - 1 || date.getUTCDate() !== parts.day) continue;
    const timeMs = parts.timeMs ?? (fillTime === "end" ? DAY_MS - 1 : 0);
    return midnight + timeMs - (parts.offsetMs ?? offsetMs);
  }
  return undefined;
}

/** A date in the first of some formats. @throws {DslError} when the format isn't supported */
export function printDate(timeMs: number, format: string): string {
  return formatsOf(format)[0]!.print(timeMs);
}

/** @throws {DslError} when one of the formats isn't supported */
export function checkDateFormat(format: string): void {
  formatsOf(format);
}

function formatsOf(format: string): DateFormat[] {
  return format.split("||").map((name) => NAMED[name] ?? patternFormat(name));
}

/**
 * A time zone such as `+01:00` or `UTC`.
 *
 * @returns milliseconds before UTC
 * @throws {DslError} when it is a name such as `Europe/Paris`
 */
export function parseTimeZone(zone: string): number {
  return zone === "UTC" ? 0 : parseOffset(zone);
}

/** A date that can't be read. */
export function wrongDate(text: string, format: string): DslError {
  return new DslError(
    "parse_exception",
    `failed to parse date field [${text}] with format [${format}]`,
  );
}
