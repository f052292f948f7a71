import { isObject } from "../../net/json.ts";
import { LIMITS } from "../http/limits.ts";

const DAY_MS = 24 * 3600 * 1000;

/** The raw values of a parameter, as the query string has them. */
export type Raw = string | string[];

/** A parameter's value as JSON if it is that, as text otherwise. */
export function nativeValue(raw: Raw): unknown {
  if (Array.isArray(raw)) return raw;
  try {
    return JSON.parse(raw);
  } catch {
    return raw;
  }
}

/** The same, but booleans stay text: they'd pass for integers in Kinto. */
export function nativeOrText(raw: Raw | undefined): unknown {
  if (raw === undefined) return undefined;
  const value = nativeValue(raw);
  return typeof value === "boolean" ? raw : value;
}

/** The values of a parameter that is repeated, or separated by commas. */
export function valuesOf(raw: Raw | undefined): string[] {
  if (raw === undefined || raw === "") return [];
  return Array.isArray(raw) ? raw : raw.split(",");
}

/** Milliseconds since 1970, not after tomorrow; as a number, digits, or digits between quotes. */
export function isTimestamp(value: unknown, now: number): boolean {
  if (typeof value === "string" && !/^(\d+|"\d+")$/.test(value)) return false;
  if (typeof value !== "string" && typeof value !== "number") return false;
  const number = Math.trunc(Number(String(value).replaceAll('"', "")));
  return number >= 0 && number < now + DAY_MS;
}

/** Whether a NUL character is anywhere in a value: PostgreSQL's texts, and so Kinto's, have none. */
export function hasNul(value: unknown): boolean {
  if (typeof value === "string") return value.includes("\0");
  if (Array.isArray(value)) return value.some(hasNul);
  return isObject(value) && Object.entries(value).some(hasNul);
}

/** Whether a value is an empty array or object. */
export function isEmpty(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

/** Whether a field's name is short enough: finding its value takes time for each part. */
export function isFieldName(name: string): boolean {
  return name.length <= LIMITS.fieldLength && name.split(".").length <= LIMITS.fieldParts;
}
