import type { AggregationBody, BucketOrder, Interval } from "./aggregation.ts";
import { minimum, parseOrder, readField } from "./aggregation_options.ts";
import { illegalArgument } from "./dsl_error.ts";
import { booleanOf, type Json, type JsonObject, textOf } from "./json.ts";

/** Names of intervals, and their abbreviations. */
const UNITS: Readonly<Record<string, string>> = {
  ...{ year: "y", "1y": "y", quarter: "q", "1q": "q", month: "M", "1M": "M", week: "w", "1w": "w" },
  ...{ day: "d", "1d": "d", hour: "h", "1h": "h", minute: "m", "1m": "m", second: "s", "1s": "s" },
};

const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  H: 3_600_000,
  d: 86_400_000,
  D: 86_400_000,
  w: 604_800_000,
};

function parseInterval(value: Json, option: string): Interval {
  const text = textOf(value, option);
  const unit = Object.hasOwn(UNITS, text) ? UNITS[text] : undefined;
  if (unit !== undefined) return { unit };
  const [, count, name = "ms"] = /^(\d{1,15})(ms|[smhHdDw])?$/.exec(text.trim()) ?? [];
  if (count === undefined || name === "ms" && typeof value === "string" && !text.includes("ms")) {
    throw illegalArgument(`failed to parse the interval [${text}]`);
  }
  const ms = Number(count) * UNIT_MS[name]!;
  if (ms <= 0) throw illegalArgument("[interval] must be 1 or greater");
  return { ms };
}

/** Reads the aggregation `date_histogram`. @throws {DslError} */
export function parseDateHistogram(body: JsonObject, name: string): AggregationBody {
  let interval: Interval | undefined;
  let [minDocCount, isKeyed] = [0, false];
  let order: BucketOrder[] = [{ by: "key", direction: 1 }];
  const ofField = readField("date_histogram", body, {
    interval: (value, option) => interval = parseInterval(value, option),
    min_doc_count: (value, option) => minDocCount = minimum(value, option),
    keyed: (value, option) => isKeyed = booleanOf(value, option),
    order: (value) => order = parseOrder(value),
  });
  if (interval === undefined) throw illegalArgument(`[interval] is missing in [${name}]`);
  return { kind: "date_histogram", ...ofField, interval, minDocCount, isKeyed, order };
}
