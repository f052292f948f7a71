import { decodePercent } from "./decode_percent.ts";
import { LIMITS } from "./limits.ts";
import { ERRNO, invalidPart, Refusal } from "./refusal.ts";

/** Values by parameter; a parameter that occurs several times has a list. */
export type Query = ReadonlyMap<string, string | string[]>;

/**
 * Splits a query string, without its question mark.
 *
 * @throws {Refusal} 400 when it isn't UTF-8, or has too many parameters
 */
export function parseQuery(text: string): Query {
  const query = new Map<string, string | string[]>();
  let count = 0;
  for (const pair of text.split("&")) {
    if (pair === "") continue;
    if (++count > LIMITS.parameters) {
      throw invalidPart("querystring", null, `More than ${LIMITS.parameters} parameters`);
    }
    const equals = pair.indexOf("=");
    const name = decode(equals < 0 ? pair : pair.slice(0, equals), text);
    const value = equals < 0 ? "" : decode(pair.slice(equals + 1), text);
    const before = query.get(name);
    if (Array.isArray(before)) before.push(value);
    else query.set(name, before === undefined ? value : [before, value]);
  }
  return query;
}

/** The query string of some parameters, without a question mark. */
export function queryString(query: Query): string {
  return [...query].flatMap(([name, values]) =>
    [values].flat().map((value) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
  ).join("&");
}

function decode(text: string, query: string): string {
  const decoded = decodePercent(text.replaceAll("+", " "));
  if (decoded !== undefined) return decoded;
  throw new Refusal(400, ERRNO.INVALID_PARAMETERS, {
    message:
      "A request with an incorrect encoding in the querystring wasreceived. Please make sure " +
      `your requests are encoded in UTF-8: ${query}`,
  });
}
