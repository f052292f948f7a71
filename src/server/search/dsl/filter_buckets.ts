import type { Matcher } from "./matcher.ts";
import { type Bits, hasBit } from "../bits.ts";
import type { Aggregation } from "./aggregation.ts";
import {
  type AggregationAnswer,
  type AggregationContext,
  bucketOf,
  type Preparation,
} from "./aggregation_run.ts";
import { compileFilter } from "./compile_query.ts";
import { RECORDS_PER_SLICE, type Work } from "./work.ts";

function* recordsWhere(
  records: Uint32Array,
  test: (record: number) => boolean,
): Work<Uint32Array> {
  const matching = new Uint32Array(records.length);
  let count = 0;
  for (let i = 0; i < records.length; i++) {
    if (test(records[i]!)) matching[count++] = records[i]!;
    if (i % RECORDS_PER_SLICE === RECORDS_PER_SLICE - 1) yield;
  }
  return matching.slice(0, count);
}

/** One bucket of the records that match. */
export function filtered(filter: Matcher, inner: Preparation): Preparation {
  return function* (run) {
    const { bits } = yield* filter(run.index);
    const aggregate = yield* inner(run);
    return function* ({ records, scoreOf }) {
      const matching = yield* recordsWhere(records, (record) => hasBit(bits, record));
      return yield* bucketOf(run, { records: matching, scoreOf }, aggregate);
    };
  };
}

/** A bucket for each filter, and one for what none matches. */
export function severalFilters(
  { filters, isKeyed, otherKey }: Aggregation & { kind: "filters" },
  inner: Preparation,
  context: AggregationContext,
): Preparation {
  const compiled = filters.map(([, filter]) => compileFilter(filter, context));
  return function* (run) {
    const sets: Bits[] = [];
    for (const filter of compiled) sets.push((yield* filter(run.index)).bits);
    const aggregate = yield* inner(run);
    return function* ({ records, scoreOf }) {
      const buckets: [key: string, bucket: AggregationAnswer][] = [];
      for (const [index, bits] of sets.entries()) {
        const matching = yield* recordsWhere(records, (record) => hasBit(bits, record));
        const bucket = yield* bucketOf(run, { records: matching, scoreOf }, aggregate);
        buckets.push([filters[index]![0], bucket]);
      }
      if (otherKey !== undefined) {
        const isOther = (record: number) => !sets.some((bits) => hasBit(bits, record));
        const others = yield* recordsWhere(records, isOther);
        const bucket = yield* bucketOf(run, { records: others, scoreOf }, aggregate);
        buckets.push([otherKey, bucket]);
      }
      return {
        buckets: isKeyed ? Object.fromEntries(buckets) : buckets.map(([, bucket]) => bucket),
      };
    };
  };
}
