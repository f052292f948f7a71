/**
 * Whether there was or will be such a moment: `Date` takes 31 February for 3 March. Digits in fixed
 * widths, UTC.
 *
 * @example
 * ```ts
 * import { isMoment } from "./calendar.ts";
 * if (!isMoment("2016", "02", "29", "23", "59", "59")) throw new Error();
 * if (isMoment("2017", "02", "29", "00", "00", "00")) throw new Error();
 * ```
 */
export function isMoment(
  ...[year, month, day, hour, minute, second]: [string, string, string, string, string, string]
): boolean {
  if (month < "01" || month > "12" || day < "01" || hour > "23" || minute > "59" || second > "59") {
    return false;
  }
  // Day 0 of the next month is the last of this one.
  return day <= "28" || Number(day) <= new Date(Date.UTC(+year, +month, 0)).getUTCDate();
}
