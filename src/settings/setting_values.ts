/**
 * How the text of a setting becomes its value. Each says in its error what is wrong with the text, to
 * be read after the setting's name: `"abc" is not a number from 0 to 100`.
 *
 * @module
 */

import { KINTO_ID } from "../builds/kinto_id.ts";

/** A URL up to its password, and that. */
export const URL_PASSWORD = /^(\w+:\/\/[^/:]*:)([^/]+)@/;

/** A URL of a server; given back as it is. @throws {Error} saying what is wrong */
export function httpUrl(text: string): string {
  if (!/^https?:\/\/[^/]/.test(text) || !URL.canParse(text)) {
    throw new Error("is not a URL that starts with http:// or https://");
  }
  return text;
}

/** An id of a bucket or a collection. @throws {Error} saying what is wrong */
export function kintoId(text: string): string {
  return matching(KINTO_ID, "letters, digits, dashes and underscores")(text);
}

/** Text of a form, which is named where it is not. @throws {Error} saying what is wrong */
export function matching(pattern: RegExp, form: string): (text: string) => string {
  return (text) => {
    if (!pattern.test(text)) throw new Error(`is not of the form ${form}`);
    return text;
  };
}

/** Any text but none. @throws {Error} saying what is wrong */
export function nonEmpty(text: string): string {
  if (text === "") throw new Error("is empty");
  return text;
}

/** A number within limits, both included. @throws {Error} saying what is wrong */
export function number(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === "" || !(value >= least && value <= most)) {
      throw new Error(`is not a number from ${least} to ${most}`);
    }
    return value;
  };
}

/** A whole number within limits, both included. @throws {Error} saying what is wrong */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = number(least, most)(text);
    if (!Number.isInteger(value)) throw new Error("is not a whole number");
    return value;
  };
}

/** What may be missing: then it is undefined. @throws {Error} saying what is wrong */
export function optional<T>(parse: (text: string) => T): (text: string) => T | undefined {
  return (text) => text === "" ? undefined : parse(text);
}

/** true, yes, on, 1, or their opposites. @throws {Error} saying what is wrong */
export function yesOrNo(text: string): boolean {
  if (/^(true|yes|on|1)$/i.test(text)) return true;
  if (/^(false|no|off|0)$/i.test(text)) return false;
  throw new Error("is neither true nor false");
}

/** One of the words known. @throws {Error} saying what is wrong */
export function oneOf<const T extends string>(known: readonly T[]): (text: string) => T {
  return (text) => {
    const found = known.find((one) => one === text);
    if (found === undefined) throw new Error(`is none of ${known.join(", ")}`);
    return found;
  };
}

/** A list of names, separated by commas or spaces; each once. @throws {Error} saying what is wrong */
export function names(known?: readonly string[]): (text: string) => string[] {
  return (text) => {
    const all = [...new Set(text.split(/[\s,]+/).filter((name) => name !== ""))];
    if (all.length === 0) throw new Error("names nothing");
    for (const name of all) {
      if (known && !known.includes(name)) {
        throw new Error(`names ${name}; known are ${known.join(", ")}`);
      }
    }
    return all;
  };
}
