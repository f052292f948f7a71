import type { BucketOrder, DateHistogramAggregation, Interval } from "./aggregation.ts";
import {
  type AggregationAnswer,
  type AggregationContext,
  type Preparation,
} from "./aggregation_run.ts";
import { formatOf, missingNumber, notNumeric } from "./aggregated_numbers.ts";
import type { NumberColumn } from "./columns.ts";
import { floorTo } from "./date_math.ts";
import { printDate } from "./dates.ts";
import { groupRecords } from "./group_records.ts";
import { done, RECORDS_PER_SLICE } from "./work.ts";

const DAY_MS = 24 * 3600 * 1000;

/** A bucket for each span of time. @throws {DslError} when the field has no numbers */
export function dateHistogram(
  aggregation: DateHistogramAggregation,
  inner: Preparation,
  context: AggregationContext,
): Preparation {
  const { field, missing, format, minDocCount, isKeyed, order, interval } = aggregation;
  const type = context.mapping.get(field);
  if (type === undefined) {
    return () => done(() => done({ buckets: isKeyed ? {} : [] }));
  }
  if (type.kind === "keyword") throw notNumeric(field);
  context.onField(field);
  const shownFormat = formatOf(type, format);
  const substitute = missing === undefined ? NaN : missingNumber(missing, type, context, format);

  return function* (run) {
    const column = run.index.column(field) as NumberColumn;
    const aggregate = yield* inner(run);
    const keyOf = startOf(interval);
    const bucketKey = (record: number) => {
      const own = column.value(record);
      const value = Number.isNaN(own) ? substitute : own;
      return Number.isNaN(value) ? NaN : keyOf(value);
    };
    return function* ({ records, scoreOf }) {
      const counts = new Map<number, number>();
      for (let i = 0; i < records.length; i++) {
        const key = bucketKey(records[i]!);
        if (!Number.isNaN(key)) counts.set(key, (counts.get(key) ?? 0) + 1);
        if (i % RECORDS_PER_SLICE === RECORDS_PER_SLICE - 1) yield;
      }
      const present = [...counts.keys()].sort((a, b) => a - b);
      const keys: number[] = [];
      for (const [index, key] of present.entries()) {
        if (counts.get(key)! >= minDocCount) keys.push(key);
        if (minDocCount > 0) continue;
        const following = present[index + 1] ?? -Infinity;
        for (let gap = after(key, interval); gap < following; gap = after(gap, interval)) {
          keys.push(gap);
          run.countBuckets(1);
          if (keys.length % 10_000 === 0) yield;
        }
      }
      sortKeys(keys, counts, order);
      run.countBuckets(keys.length);
      const grouped = yield* groupRecords(records, keys, bucketKey);
      const buckets: AggregationAnswer[] = [];
      for (const [place, key] of keys.entries()) {
        const own = grouped[place]!;
        buckets.push({
          ...shownFormat && { key_as_string: printDate(key, shownFormat) },
          key,
          doc_count: own.length,
          ...yield* aggregate({ records: own, scoreOf }),
        });
        if (place % 1000 === 999) yield;
      }
      if (!isKeyed) return { buckets };
      return {
        buckets: Object.fromEntries(
          buckets.map((bucket) => [bucket.key_as_string ?? bucket.key, bucket]),
        ),
      };
    };
  };
}

function sortKeys(
  keys: number[],
  counts: ReadonlyMap<number, number>,
  order: readonly BucketOrder[],
): void {
  const all: readonly BucketOrder[] = [...order, { by: "key", direction: 1 }];
  keys.sort((a, b) => {
    for (const { by, direction } of all) {
      const difference = by === "count" ? (counts.get(a) ?? 0) - (counts.get(b) ?? 0) : a - b;
      if (difference !== 0) return difference * direction;
    }
    return 0;
  });
}

/** A function that gives the start of the span that a moment is in. */
function startOf(interval: Interval): (timeMs: number) => number {
  if ("ms" in interval) {
    const { ms } = interval;
    return (timeMs) => Math.floor(timeMs / ms) * ms;
  }
  const { unit } = interval;
  if ("hms".includes(unit)) return (timeMs) => floorTo(timeMs, unit);
  // Many records are of the same day.
  const byDay = new Map<number, number>();
  return (timeMs) => {
    const day = Math.floor(timeMs / DAY_MS);
    let start = byDay.get(day);
    if (start === undefined) byDay.set(day, start = startOfDay(day * DAY_MS, unit));
    return start;
  };
}

function startOfDay(dayMs: number, unit: string): number {
  if (unit !== "q") return floorTo(dayMs, unit);
  const date = new Date(dayMs);
  const month = date.getUTCMonth() - date.getUTCMonth() % 3;
  return new Date(0).setUTCFullYear(date.getUTCFullYear(), month, 1);
}

/** The start of the next span. */
function after(startMs: number, interval: Interval): number {
  if ("ms" in interval) return startMs + interval.ms;
  const date = new Date(startMs);
  const months = ({ y: 12, q: 3, M: 1 } as Record<string, number>)[interval.unit];
  if (months !== undefined) return date.setUTCMonth(date.getUTCMonth() + months);
  const unitMs = { w: 604_800_000, d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000 };
  return startMs + unitMs[interval.unit as keyof typeof unitMs];
}
