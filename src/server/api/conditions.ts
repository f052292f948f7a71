import type { Call } from "../http/call.ts";
import { ERRNO, Refusal } from "../http/refusal.ts";
import { timestampHeaders } from "../http/reply.ts";
import type { Mistakes } from "./validator.ts";

/** The headers that make a request conditional: timestamps, or whether there is any object. */
export interface Conditions {
  ifMatch?: number | "*";
  ifNoneMatch?: number | "*";
}

/** Reads the conditional headers. Kinto takes one strong ETag: weak ones and lists are mistakes. */
export function conditionsOf({ header }: Call, mistakes: Mistakes): Conditions {
  const read = (name: string) => {
    const value = header(name);
    if (value === undefined || value === "*") return value;
    const digits = /^"(\d+)"$/.exec(value)?.[1];
    if (digits !== undefined) return Number(digits);
    mistakes.add("header", name, "The value should be integer between double quotes.");
    return undefined;
  };
  return { ifMatch: read("If-Match"), ifNoneMatch: read("If-None-Match") };
}

/**
 * Checks that an object is as the client knows it.
 *
 * @param current undefined when it doesn't exist; `data` is its JSON
 * @param listTimestamp what is reported instead of the timestamp of an object that doesn't exist
 * @throws {Refusal} 412
 */
export function checkConditions(
  { ifMatch, ifNoneMatch }: Conditions,
  current: { timestamp: number; data?: string } | undefined,
  listTimestamp: number,
): void {
  const timestamp = current?.timestamp ?? listTimestamp;
  const fails = ifNoneMatch === "*" && current !== undefined ||
    ifMatch !== undefined &&
      (current === undefined || (ifMatch !== "*" && ifMatch !== timestamp));
  if (!fails) return;
  const existing = current?.data === undefined ? undefined : JSON.parse(current.data);
  throw new Refusal(412, ERRNO.MODIFIED_MEANWHILE, {
    message: "Resource was modified meanwhile",
    details: existing && { existing },
  }, timestampHeaders(timestamp));
}
