import { parseDateMath } from "./date_math.ts";
import { DslError } from "./dsl_error.ts";
import { DecimalNumber, type Scalar } from "./json.ts";
import { parseJavaDouble } from "./java_number.ts";
import type { FieldType } from "./mapping.ts";

/** Both bounds are included. */
export interface NumberRange {
  min: number;
  max: number;
}

/** How dates of a query are read. */
export interface DateOptions {
  nowMs: number;
  format?: string;
  offsetMs?: number;
}

const LONG_LIMIT = 2 ** 63;

/**
 * The numbers that a value of a query stands for on a numeric field.
 *
 * @returns undefined when none can be equal to it
 * @throws {DslError} when it is no number, or no date
 */
export function numbersOf(
  value: Scalar,
  type: FieldType,
  options: DateOptions,
): NumberRange | undefined {
  if (type.kind === "date") return dateRange(value, value, true, true, type.format, options);
  const number = doubleOf(value);
  if (number % 1 !== 0) return undefined;
  const long = longOf(value, number);
  return { min: long, max: long };
}

/** The numbers of a range; open where a bound is undefined. @throws {DslError} */
export function numberRange(
  { from, to, includesFrom, includesTo }: {
    from: Scalar | undefined;
    to: Scalar | undefined;
    includesFrom: boolean;
    includesTo: boolean;
  },
  type: FieldType,
  options: DateOptions,
): NumberRange {
  if (type.kind === "date") {
    return dateRange(from, to, includesFrom, includesTo, type.format, options);
  }
  let [min, max] = [-Infinity, Infinity];
  if (from !== undefined) {
    const number = doubleOf(from);
    min = longOf(from, number);
    if (number % 1 !== 0 ? number > 0 : !includesFrom) min++;
  }
  if (to !== undefined) {
    const number = doubleOf(to);
    max = longOf(to, number);
    if (number % 1 !== 0 ? number < 0 : !includesTo) max--;
  }
  return { min, max };
}

function dateRange(
  from: Scalar | undefined,
  to: Scalar | undefined,
  includesFrom: boolean,
  includesTo: boolean,
  fieldFormat: string,
  { nowMs, format = fieldFormat, offsetMs }: DateOptions,
): NumberRange {
  const parse = (value: Scalar, roundUp: boolean) =>
    parseDateMath(String(value), { format, nowMs, offsetMs, roundUp });
  return {
    min: from === undefined ? -Infinity : parse(from, !includesFrom) + (includesFrom ? 0 : 1),
    max: to === undefined ? Infinity : parse(to, includesTo) - (includesTo ? 0 : 1),
  };
}

function doubleOf(value: Scalar): number {
  const number = typeof value === "number"
    ? value
    : value instanceof DecimalNumber
    ? Number(value.literal)
    : parseJavaDouble(String(value));
  if (number === undefined) throw notANumber(value);
  return number;
}

function longOf(value: Scalar, number: number): number {
  if (!Number.isFinite(number)) throw notANumber(value);
  if (Math.abs(number) > LONG_LIMIT) {
    throw new DslError("illegal_argument_exception", `Value [${value}] is out of range for a long`);
  }
  // A Java suffix, such as `1d`, is allowed in decimals only.
  if (/[dDfF]\s*$|^\s|\s$/.test(String(value))) throw notANumber(value);
  return Math.trunc(number);
}

function notANumber(value: Scalar): DslError {
  return new DslError("number_format_exception", `For input string: "${value}"`);
}
