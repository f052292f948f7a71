import { whyUnstorable } from "../../kinto/storable.ts";

/** Matches texts that may hold a number beyond a double; strings may look like one, too. */
const SUSPICIOUS_NUMBER = /[:[,]\s*-?(?:\d{16,}|\d+(?:\.\d+)?[eE])/;

/** Matches texts that may hold an escaped NUL or surrogate; a backslash may be before the escape. */
const SUSPICIOUS_ESCAPE = /\\u(?:0000|[dD][89a-fA-F])/;

/**
 * Parses JSON, and refuses numbers that would silently change: integers beyond 2^53, and what
 * overflows a double. Also refuses NULs and lone surrogates, which Kinto on PostgreSQL can't store.
 * A record is stored as it was sent, or not at all.
 *
 * @throws {SyntaxError} with the position of what isn't JSON, the number, or the member
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
  const problem = SUSPICIOUS_ESCAPE.test(text) ? whyUnstorable(value) : undefined;
  if (problem !== undefined) throw new SyntaxError(problem);
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
