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

/**
 * The same moment in UTC, without the fraction of a second, of a date with a zone such as Python writes
 * it; undefined for anything else.
 *
 * @example
 * ```ts
 * import { utcSeconds } from "./whole_seconds.ts";
 * if (utcSeconds("2019-06-03T20:49:46.559307+00:00") !== "2019-06-03T20:49:46Z") throw new Error();
 * if (utcSeconds("2019-06-03T01:49:46+02:00") !== "2019-06-02T23:49:46Z") throw new Error();
 * ```
 */
export function utcSeconds(date: string): string | undefined {
  const [, local = "", sign, hours, minutes] =
    /^(.+?)(?:Z|([+-])([01]\d|2[0-3]):([0-5]\d))$/.exec(date) ?? [];
  const moment = wholeSeconds(`${local}Z`);
  if (moment === undefined || sign === undefined) return moment;
  const offsetMs = (Number(hours) * 60 + Number(minutes)) * 60_000;
  const utcMs = Date.parse(moment) - (sign === "+" ? offsetMs : -offsetMs);
  return wholeSeconds(new Date(utcMs).toISOString());
}
