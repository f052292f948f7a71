import { whyUnstorable } from "../../kinto/storable.ts";
import { LIMITS } from "./limits.ts";

/** Matches texts that may hold a number beyond a double; strings may look like one, too. */
const SUSPICIOUS_NUMBER = /[:[,]\s*-?(?:\d{16,}|\d+(?:\.\d+)?[eE])/;

const [COMMA, BRACKET, BRACE] = [0x2c, 0x5b, 0x7b];

/** Matches texts that may hold an escaped NUL or surrogate; a backslash may be before the escape. */
const SUSPICIOUS_ESCAPE = /\\u(?:0000|[dD][89a-fA-F])/;

/**
 * Parses JSON, and refuses numbers that would silently change: integers beyond 2^53, and what
 * overflows a double. Also refuses NULs and lone surrogates, which Kinto on PostgreSQL can't store.
 * A record is stored as it was sent, or not at all.
 *
 * @throws {SyntaxError} with the position of what isn't JSON, the number, or the member; for too many
 * values, and for values nested too deeply
 *
 * @example
 * ```ts
 * import { parseJson } from "./parse_json.ts";
 * import { assertThrows } from "@std/assert";
 * assertThrows(() => parseJson("[9007199254740993]"), SyntaxError, "9007199254740993");
 * ```
 */
export function parseJson(text: string): unknown {
  if (text.length > LIMITS.jsonValues && hasTooManyValues(text)) {
    throw new SyntaxError(`More than ${LIMITS.jsonValues} values`);
  }
  const value: unknown = JSON.parse(text);
  if (isDeeper(value, LIMITS.jsonDepth)) {
    throw new SyntaxError(`Nested more than ${LIMITS.jsonDepth} levels deep`);
  }
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

/** Whether arrays and objects are nested deeper than some levels. */
function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (levels === 0) return true;
  for (const member of Array.isArray(value) ? value : Object.values(value)) {
    if (typeof member === "object" && isDeeper(member, levels - 1)) return true;
  }
  return false;
}

/** Counts what begins a value or follows one; commas in strings count, too. */
function hasTooManyValues(text: string): boolean {
  let count = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === COMMA || code === BRACKET || code === BRACE) count++;
  }
  return count > LIMITS.jsonValues;
}
