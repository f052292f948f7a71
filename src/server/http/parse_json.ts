/** Matches texts that may hold a number beyond a double; strings may look like one, too. */
const SUSPICIOUS_NUMBER = /[:[,]\s*-?(?:\d{16,}|\d+(?:\.\d+)?[eE])/;

/**
 * Parses JSON, and refuses numbers that would silently change: integers beyond 2^53, and what
 * overflows a double. A record is stored as it was sent, or not at all.
 *
 * @throws {SyntaxError} with the position of what isn't JSON, or the number
 *
 * @example
 * ```ts
 * import { parseJson } from "./parse_json.ts";
 * import { assertThrows } from "@std/assert";
 * assertThrows(() => parseJson("[9007199254740993]"), SyntaxError, "9007199254740993");
 * ```
 */
export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  if (SUSPICIOUS_NUMBER.test(text)) JSON.parse(text, refuseInexact);
  return value;
}

function refuseInexact(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (
    typeof value === "number" &&
    (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value)))
  ) {
    throw new SyntaxError(`Number ${context?.source ?? value} is too big to be stored exactly`);
  }
  return value;
}
