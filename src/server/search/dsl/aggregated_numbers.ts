import type { QueryContext } from "./matcher.ts";
import { parseDateMath } from "./date_math.ts";
import { checkDateFormat } from "./dates.ts";
import { DslError, illegalArgument } from "./dsl_error.ts";
import { parseJavaDouble } from "./java_number.ts";
import type { Scalar } from "./json.ts";
import type { FieldType } from "./mapping.ts";

/**
 * The format in which the values of a field are shown as text as well.
 *
 * @returns undefined when they aren't
 * @throws {DslError} when it isn't supported
 */
export function formatOf(type: FieldType, format: string | undefined): string | undefined {
  if (type.kind === "date") {
    const shown = format ?? type.format;
    checkDateFormat(shown);
    return shown;
  }
  if (format !== undefined) throw illegalArgument(`The format [${format}] needs a field of dates`);
  return undefined;
}

/** The number that records without one count as. @throws {DslError} */
export function missingNumber(
  missing: Scalar,
  type: FieldType,
  { nowMs }: QueryContext,
  format?: string,
): number {
  if (type.kind === "date") {
    if (String(missing).startsWith("now")) {
      throw new DslError("parse_exception", "could not read the current timestamp");
    }
    const options = { format: format ?? type.format, nowMs, roundUp: false };
    return parseDateMath(String(missing), options);
  }
  const number = parseJavaDouble(String(missing));
  if (number === undefined || !Number.isFinite(number)) {
    throw new DslError("number_format_exception", `For input string: "${missing}"`);
  }
  return number;
}

/** A field that has texts, where numbers are needed. */
export function notNumeric(field: string): DslError {
  return illegalArgument(`Expected numeric type on field [${field}], but got [keyword]`);
}
