import { systemClock } from "./clock.ts";

/**
 * What a Retry-After header asks for, in milliseconds: seconds or an HTTP date (RFC 9110, 10.2.3).
 *
 * @example
 * ```ts
 * import { retryAfterMs } from "./retry_after.ts";
 * if (retryAfterMs(new Headers({ "retry-after": "2" })) !== 2000) throw new Error();
 * if (retryAfterMs(new Headers()) !== undefined) throw new Error();
 * ```
 */
export function retryAfterMs(headers: Headers, now = systemClock.now()): number | undefined {
  const value = headers.get("retry-after");
  if (value === null) return undefined;
  if (/^\s*\d+\s*$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
