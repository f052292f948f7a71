import type { FacetName } from "../../builds/facets.ts";
import { compareVersions } from "../../builds/version_order.ts";
import type { Bucket } from "./dsl.ts";
import { FEW_VALUES, type Unit } from "./requests.ts";

/** The values of a facet. */
export interface Facet {
  /** How many values there are; `values` may have only the first. */
  total: number;
  values: FacetValue[];
}

/** A value, and how many builds have it. */
export interface FacetValue {
  value: string;
  count: number;
}

/** Numbers of builds over time, by channel. */
export interface Histogram {
  unit: Unit;
  /** The first day of each unit, without gaps: `2017-06-02`. */
  starts: string[];
  /** Numbers of builds, one for each start. */
  channels: Record<string, number[]>;
}

/** An aggregation with buckets. */
export interface Buckets<B = Bucket> {
  buckets: B[];
}

/** The answer to `facetAggregations()`, for one facet. */
export type FacetAnswer = { total: { value: number }; chosen?: Buckets } & {
  [list: `values${string}`]: Buckets;
};

/** The answer to `chartAggregation()`. */
export interface ChartAnswer {
  /** Milliseconds since 1970; null when there are no builds. */
  first: { value: number | null };
  last: { value: number | null };
  bars: Buckets<Bucket & { channels: Buckets }>;
}

/** Buckets as values. */
export function valuesOf({ buckets }: Buckets): FacetValue[] {
  return buckets.map(({ key, doc_count }) => ({ value: key, count: doc_count }));
}

/** The values with the most builds, versions from the newest; what is chosen always is there. */
export function facetOf(
  name: FacetName,
  answer: FacetAnswer,
  chosen: readonly string[],
  allValues: boolean,
): Facet {
  const lists = Object.entries(answer).filter(([list]) => list.startsWith("values"));
  let values = lists.flatMap(([, list]) => valuesOf(list as Buckets));
  if (name === "version") values = newestVersions(values, allValues ? Infinity : FEW_VALUES);
  const counts = new Map(answer.chosen && valuesOf(answer.chosen).map((one) => [one.value, one]));
  const known = new Set(values.map(({ value }) => value));
  for (const value of chosen) {
    if (!known.has(value)) values.push(counts.get(value) ?? { value, count: 0 });
  }
  return { total: Math.max(answer.total.value, values.length), values };
}

/** Versions from the newest. Elasticsearch sorts them as texts. */
function newestVersions(values: FacetValue[], most: number): FacetValue[] {
  return values.sort((a, b) => compareVersions(b.value, a.value)).slice(0, most);
}

/** The longest spans that are shown by day, and by week. */
const MAX_DAYS = { day: 200, week: 1400 };

/** The finest unit with some two hundred bars at most, from one moment to another. */
export function unitFor(firstMs: number, lastMs: number): Unit {
  const days = (lastMs - firstMs) / 86_400_000;
  return days <= MAX_DAYS.day ? "day" : days <= MAX_DAYS.week ? "week" : "month";
}

/** Reads the chart's bars. */
export function histogramOf({ bars }: ChartAnswer, unit: Unit): Histogram {
  const channels: Histogram["channels"] = {};
  for (const [i, bar] of bars.buckets.entries()) {
    for (const { value, count } of valuesOf(bar.channels)) {
      (channels[value] ??= bars.buckets.map(() => 0))[i] = count;
    }
  }
  const starts = bars.buckets.map(({ key_as_string = "" }) => key_as_string.slice(0, 10));
  return { unit, starts, channels };
}
