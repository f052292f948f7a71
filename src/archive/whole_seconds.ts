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
  const seconds = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?Z$/.exec(date)?.[1];
  if (seconds === undefined) return undefined;
  const time = Date.parse(`${seconds}Z`);
  // Date.parse takes 31 February for 3 March: only what comes back unchanged is a date.
  if (Number.isNaN(time) || !new Date(time).toISOString().startsWith(seconds)) return undefined;
  return `${seconds}Z`;
}
