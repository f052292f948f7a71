import { isMoment } from "./calendar.ts";

/**
 * A date of S3, in UTC with any fraction of a second, without the fraction; undefined for anything
 * else.
 *
 * @example
 * ```ts
 * import { wholeSeconds } from "./whole_seconds.ts";
 * if (wholeSeconds("2017-06-02T12:20:10.2Z") !== "2017-06-02T12:20:10Z") throw new Error();
 * ```
 */
export function wholeSeconds(date: string): string | undefined {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d+)?Z$/.exec(date) ?? [];
  return year !== undefined && isMoment(year, month!, day!, hour!, minute!, second!)
    ? `${date.slice(0, 19)}Z`
    : undefined;
}
