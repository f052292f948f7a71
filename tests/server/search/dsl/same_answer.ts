import type { Answer } from "./engine.ts";

/** What is different in each answer, or says nothing about what was found. */
const LEFT_OUT = new Set(["took", "timed_out", "_shards"]);

/**
 * What the engine refuses and Elasticsearch takes, though it can't be meant: the text of an
 * object or array in Java's notation as a value, and empty arrays or a number where its parsers skip what they don't
 * expect; and fuzzy terms and names of
 * queries, which aren't supported.
 */
const STRICTER = [
  "[range] wrong value of",
  "No value specified for terms query",
  "[minimum_should_match] must be a text",
  "[bool] query does not support",
  "[boost] must be a number",
  'For input string: "NaN"',
  "The fuzzy term",
  "[_na] query malformed",
  "[_name] of the",
  "[term] query does not support array of values",
];

/** Scores are 32-bit floats, and logarithms differ in the last digit. */
const TOLERANCE = 1e-5;

/**
 * Where the engine's answer isn't that of Elasticsearch.
 *
 * @returns undefined when they are the same
 */
export function difference(expected: Answer, actual: Answer): string | undefined {
  const { reason = "" } = actual.body as { reason?: string };
  const status = isFailure(expected) ? 400 : expected.status;
  if (status === 200 && STRICTER.some((start) => reason.startsWith(start))) return undefined;
  if (status !== actual.status) return `status ${status}, not ${actual.status} ${reason}`;
  return status === 200 ? differenceAt("", expected.body, actual.body) : undefined;
}

/**
 * Whether what is wrong with a request was taken for a failure of the server: by Elasticsearch with
 * 500, by Kinto with an empty object.
 */
function isFailure({ status, body }: Answer): boolean {
  return status >= 500 || status === 200 && !Object.hasOwn(body as object, "hits");
}

function differenceAt(path: string, expected: unknown, actual: unknown): string | undefined {
  if (isObject(expected) && isObject(actual)) {
    const names = new Set([...Object.keys(expected), ...Object.keys(actual)]);
    for (const name of names) {
      // Elasticsearch adds empty ones to some aggregations.
      const isEmptyMeta = name === "meta" && JSON.stringify(expected[name]) === "{}";
      if (LEFT_OUT.has(name) || isEmptyMeta) continue;
      const found = differenceAt(`${path}.${name}`, expected[name], actual[name]);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (Array.isArray(expected) && Array.isArray(actual) && expected.length === actual.length) {
    for (const [index, item] of expected.entries()) {
      const found = differenceAt(`${path}[${index}]`, item, actual[index]);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (typeof expected === "number" && typeof actual === "number") {
    if (Math.abs(expected - actual) <= TOLERANCE * Math.abs(expected)) return undefined;
    if (path.endsWith(".value") && isMiscounted(expected, actual)) return undefined;
  }
  return expected === actual ? undefined : `${path}: ${shown(expected)}, not ${shown(actual)}`;
}

/**
 * Elasticsearch counts distinct values by 25 bits of their hash: of 2,000, two may be the same. No
 * other metric of the sample records is in this range.
 */
function isMiscounted(expected: number, actual: number): boolean {
  return expected > 1000 && expected < actual && actual <= Math.min(2000, expected + 2);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string {
  return String(JSON.stringify(value)).slice(0, 300);
}
