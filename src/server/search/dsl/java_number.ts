/** A double as Java's `Double.toString` writes it: `1.0`, `1.5`, `1.0E7`. */
export function javaDouble(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size === 0 || size >= 1e-3 && size < 1e7) {
    const text = String(value);
    return text.includes(".") ? text : `${Object.is(value, -0) ? "-0" : text}.0`;
  }
  const [digits = "", exponent = ""] = value.toExponential().split("e");
  return `${digits.includes(".") ? digits : `${digits}.0`}E${Number(exponent)}`;
}

/**
 * The number in a text, as Java's `Double.parseDouble` reads it.
 *
 * @returns undefined when there is none
 */
export function parseJavaDouble(text: string): number | undefined {
  const trimmed = text.trim();
  if (/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?[dDfF]?$/.test(trimmed)) {
    return Number(trimmed.replace(/[dDfF]$/, ""));
  }
  if (/^[+-]?NaN$/.test(trimmed)) return NaN;
  const [, sign] = /^([+-]?)Infinity$/.exec(trimmed) ?? [];
  return sign === undefined ? undefined : sign === "-" ? -Infinity : Infinity;
}
