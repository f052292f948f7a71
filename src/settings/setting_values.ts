/**
 * Parsers of settings. Their errors say what is wrong and what is right, and follow the setting's name
 * and value: `SERVE_PORT "abc" is not a number from 0 to 65535`.
 *
 * @module
 */

import { splitUrl } from "../net/credentials.ts";
import { isKintoId, KINTO_ID_FORM } from "./kinto_id.ts";

/** `user:password`; the password may contain colons. */
export const AUTH_FORM = /^[^:\s][^:]*:[^]+$/;

/** A URL of a server, unchanged. @throws {Error} for everything else */
export function httpUrl(text: string): string {
  if (!/^https?:\/\/[^/]/.test(text) || !URL.canParse(text)) {
    throw new Error("is not a URL that starts with http:// or https://");
  }
  return text;
}

/** The same, for a server that can't be sent a password. @throws {Error} for everything else */
export function httpUrlWithoutAuth(text: string): string {
  const url = httpUrl(text);
  if (splitUrl(url).auth === undefined) return url;
  throw new Error("contains a user name or a password, which wouldn't be sent");
}

/** An id of a bucket or a collection. @throws {Error} for everything else */
export function kintoId(text: string): string {
  if (!isKintoId(text)) throw new Error(`is not an id of ${KINTO_ID_FORM}`);
  return text;
}

/** Text that matches a pattern. @param form names it in the error. @throws {Error} for other text */
export function matching(pattern: RegExp, form: string): (text: string) => string {
  return (text) => {
    if (!pattern.test(text)) throw new Error(`is not of the form ${form}`);
    return text;
  };
}

/** Any text. */
export function text(text: string): string {
  return text;
}

/** A number from `least` to `most`, both included. @throws {Error} for everything else */
export function number(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === "" || !(value >= least && value <= most)) {
      throw new Error(`is not a number from ${least} to ${most}`);
    }
    return value;
  };
}

/** An integer from `least` to `most`, both included. @throws {Error} for everything else */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = number(least, most)(text);
    if (!Number.isInteger(value)) throw new Error(`is not a whole number from ${least} to ${most}`);
    return value;
  };
}

/** A value that may be missing: undefined for no text. @throws {Error} as `parse` does */
export function optional<T>(parse: (text: string) => T): (text: string) => T | undefined {
  return (text) => text === "" ? undefined : parse(text);
}

/** true, yes, on or 1; false, no, off or 0. @throws {Error} for everything else */
export function yesOrNo(text: string): boolean {
  if (/^(true|yes|on|1)$/i.test(text)) return true;
  if (/^(false|no|off|0)$/i.test(text)) return false;
  throw new Error("is neither true nor false");
}

/** One of these words. @throws {Error} for every other */
export function oneOf<const T extends string>(known: readonly T[]): (text: string) => T {
  return (text) => {
    const found = known.find((one) => one === text);
    if (found === undefined) throw new Error(`is none of ${known.join(", ")}`);
    return found;
  };
}

/**
 * Some of these words, separated by commas or spaces: in the order of `known`, whatever the order in the
 * text. @throws {Error} for no word, and for every other
 */
export function someOf<const T extends string>(known: readonly T[]): (text: string) => T[] {
  return (text) => {
    const given = new Set(names(known)(text));
    return known.filter((name) => given.has(name));
  };
}

/**
 * Names separated by commas or spaces, without repetitions.
 *
 * @param known the names that are allowed. @default {all}
 * @throws {Error} for no name, and for one that isn't known
 */
export function names(known?: readonly string[]): (text: string) => string[] {
  return (text) => {
    const all = [...new Set(text.split(/[\s,]+/).filter((name) => name !== ""))];
    if (all.length === 0) throw new Error("contains no name");
    for (const name of all) {
      if (known && !known.includes(name)) {
        throw new Error(`contains ${name}, which is not one of ${known.join(", ")}`);
      }
    }
    return all;
  };
}
