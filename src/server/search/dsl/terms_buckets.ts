import type { Aggregations, BucketOrder, TermFilter, TermsAggregation } from "./aggregation.ts";
import {
  type AggregationAnswer,
  type AggregationContext,
  formatOf,
  missingNumber,
  type Preparation,
} from "./aggregate.ts";
import { compareTexts, type KeywordColumn, type NumberColumn } from "./columns.ts";
import { printDate } from "./dates.ts";
import { illegalArgument } from "./dsl_error.ts";
import { groupRecords } from "./group_records.ts";
import { luceneRegexp } from "./lucene_regexp.ts";
import type { FieldType } from "./mapping.ts";
import { firstSorted } from "./sorting.ts";
import { done, RECORDS_PER_SLICE, type Work } from "./work.ts";

/** Numbers the values of records: the same number for the same value. */
interface Values {
  /** -1 for no value, or one that is left out. */
  keyOf(record: number): number;
  /** Above all numbers, when they are few enough for an array. */
  limit: number | undefined;
  /** What is shown of a value. */
  show(key: number): AggregationAnswer;
  /** Compares two values. */
  comparer(count: number): Work<(a: number, b: number) => number>;
  /** All values that any record has. */
  all(): Work<number[]>;
}

const BUCKETS_PER_SLICE = 1000;

/** A bucket for each value of a field. @throws {DslError} when the field doesn't allow it */
export function termsBuckets(
  aggregation: TermsAggregation & { inner: Aggregations },
  inner: Preparation,
  context: AggregationContext,
): Preparation {
  const prepareValues = valuesOf(aggregation, context);
  const hasInner = aggregation.inner.size > 0;
  return function* (run) {
    const values = yield* prepareValues(run);
    const aggregate = yield* inner(run);
    return function* ({ records, scoreOf }) {
      const { size, minDocCount, shardMinDocCount, showsError } = aggregation;
      const counts = yield* countValues(values, records, minDocCount === 0);
      let total = 0;
      const candidates: number[] = [];
      for (const [place, key] of counts.keys.entries()) {
        const count = counts.countOf(key);
        total += count;
        if (count >= shardMinDocCount) candidates.push(key);
        if (place % RECORDS_PER_SLICE === RECORDS_PER_SLICE - 1) yield;
      }
      // In two steps, as a shard and the node that asks it do: what is too rare, is left out last.
      const shard = yield* firstKeys(candidates, counts, aggregation, values);
      const error = errorBound(aggregation, shard.length);
      let others = total - sum(shard, counts);
      const frequent = shard.filter((key) => counts.countOf(key) >= minDocCount);
      const first = frequent.slice(0, size);
      others += sum(frequent.slice(size), counts);
      run.countBuckets(first.length);
      const grouped = hasInner ? yield* groupRecords(records, first, values.keyOf) : undefined;
      const buckets: AggregationAnswer[] = [];
      for (const [place, key] of first.entries()) {
        buckets.push({
          ...values.show(key),
          doc_count: counts.countOf(key),
          ...showsError && { doc_count_error_upper_bound: error },
          ...grouped && (yield* aggregate({ records: grouped[place]!, scoreOf })),
        });
        if (place % BUCKETS_PER_SLICE === BUCKETS_PER_SLICE - 1) yield;
      }
      return {
        doc_count_error_upper_bound: error,
        sum_other_doc_count: others,
        buckets,
      };
    };
  };
}

/**
 * What Elasticsearch says of counts that it can't be sure of: -1 when the rarest values are asked
 * for, and a shard may have left some out. All are counted here, but the answer is the same.
 */
function errorBound(aggregation: TermsAggregation, buckets: number): number {
  const [{ by, direction } = { by: "count", direction: -1 }] = aggregation.order;
  return by === "count" && direction === 1 && buckets >= shardSizeOf(aggregation) ? -1 : 0;
}

/** How many buckets a shard answers. */
function shardSizeOf({ size, shardSize, order }: TermsAggregation): number {
  const byDefault = order[0]?.by === "key" ? size : Math.floor(size * 1.5 + 10);
  return Math.max(size, shardSize ?? byDefault);
}

function sum(keys: readonly number[], { countOf }: Counts): number {
  return keys.reduce((total, key) => total + countOf(key), 0);
}

/** How often values are there. */
interface Counts {
  /** Those that are there, and with `min_doc_count` 0 all others too. */
  keys: readonly number[];
  countOf(key: number): number;
}

function* countValues(
  values: Values,
  records: Uint32Array,
  isWithEmpty: boolean,
): Work<Counts> {
  const { keyOf, limit } = values;
  if (limit !== undefined && records.length * 4 > limit && !isWithEmpty) {
    const counts = new Uint32Array(limit);
    for (let i = 0; i < records.length; i++) {
      const key = keyOf(records[i]!);
      if (key >= 0) counts[key]!++;
      if (i % RECORDS_PER_SLICE === RECORDS_PER_SLICE - 1) yield;
    }
    const keys: number[] = [];
    for (let key = 0; key < limit; key++) {
      if (counts[key]! > 0) keys.push(key);
      if (key % RECORDS_PER_SLICE === RECORDS_PER_SLICE - 1) yield;
    }
    return { keys, countOf: (key) => counts[key]! };
  }
  const counts = new Map<number, number>();
  if (isWithEmpty) { for (const key of yield* values.all()) counts.set(key, 0); }
  for (let i = 0; i < records.length; i++) {
    const key = keyOf(records[i]!);
    // A number of a column may be -1.
    if (limit === undefined ? !Number.isNaN(key) : key >= 0) {
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    if (i % RECORDS_PER_SLICE === RECORDS_PER_SLICE - 1) yield;
  }
  return { keys: [...counts.keys()], countOf: (key) => counts.get(key)! };
}

function* firstKeys(
  keys: readonly number[],
  { countOf }: Counts,
  aggregation: TermsAggregation,
  values: Values,
): Work<number[]> {
  const compareKeys = yield* values.comparer(keys.length);
  const all: readonly BucketOrder[] = [...aggregation.order, { by: "key", direction: 1 }];
  const size = shardSizeOf(aggregation);
  const places = new Uint32Array(keys.length);
  for (let place = 0; place < places.length; place++) places[place] = place;
  const first = yield* firstSorted(places, Math.min(size, keys.length), (a, b) => {
    for (const { by, direction } of all) {
      const difference = by === "count"
        ? countOf(keys[a]!) - countOf(keys[b]!)
        : compareKeys(keys[a]!, keys[b]!);
      if (difference !== 0) return difference * direction;
    }
    return 0;
  });
  const result: number[] = [];
  for (const place of first) result.push(keys[place]!);
  return result;
}

function valuesOf(aggregation: TermsAggregation, context: AggregationContext): Preparation<Values> {
  const { field, missing, format, include, exclude } = aggregation;
  const name = field === "_id" ? "id" : field;
  const isMapped = context.mapping.has(name);
  const type: FieldType = context.mapping.get(name) ?? { kind: "keyword" };
  if (isMapped) context.onField(name);
  if (type.kind === "keyword") {
    if (format !== undefined) {
      throw illegalArgument(`The format [${format}] needs a field of dates`);
    }
    const isAccepted = textFilter(include, exclude);
    const substitute = missing === undefined ? undefined : String(missing);
    return function* ({ index }) {
      const column = isMapped ? index.column(name) as KeywordColumn : undefined;
      return yield* texts(column, substitute, isAccepted);
    };
  }
  for (const filter of [include, exclude]) {
    if (typeof filter === "string") {
      throw illegalArgument(
        `Aggregation of [${field}] cannot support regular expression style include/exclude settings ` +
          "as they can only be applied to string fields. Use an array of values instead",
      );
    }
  }
  const shownFormat = formatOf(type, format);
  const isAccepted = numberFilter(include, exclude, type, context, format);
  const substitute = missing === undefined ? NaN : missingNumber(missing, type, context, format);
  return ({ index }) =>
    done(numbers(index.column(name) as NumberColumn, substitute, isAccepted, shownFormat));
}

function* texts(
  column: KeywordColumn | undefined,
  substitute: string | undefined,
  isAccepted: ((text: string) => boolean) | undefined,
): Work<Values> {
  // A value that stands for no value, and that no record has, gets number 0.
  const none = substitute === undefined ? -1 : column?.codeOf.get(substitute) ?? 0;
  const textOf = (key: number) => key === 0 ? substitute! : column!.values[key]!;
  const limit = column?.values.length ?? 1;
  let accepted: Uint8Array | undefined;
  if (isAccepted !== undefined) {
    accepted = new Uint8Array(limit);
    for (let code = 0; code < limit; code++) {
      if (code === 0 ? none === 0 && isAccepted(substitute!) : isAccepted(column!.values[code]!)) {
        accepted[code] = 1;
      }
      if (code % 10_000 === 9999) yield;
    }
  }
  const keyOf = (record: number) => {
    const code = column?.code(record) ?? 0;
    const key = code === 0 ? none : code;
    return accepted === undefined || key < 0 || accepted[key] === 1 ? key : -1;
  };
  return {
    keyOf,
    limit,
    show: (key) => ({ key: textOf(key) }),
    *comparer(count) {
      if (column === undefined || none === 0 || count * 16 < limit) {
        return (a, b) => compareTexts(textOf(a), textOf(b));
      }
      const ranks = yield* column.ranks();
      return (a, b) => ranks[a]! - ranks[b]!;
    },
    *all() {
      const seen = new Set<number>();
      const { codes } = column ?? { codes: new Uint32Array() };
      for (let record = 0; record < codes.length; record++) {
        if (codes[record] !== 0) seen.add(keyOf(record));
        if (record % RECORDS_PER_SLICE === RECORDS_PER_SLICE - 1) yield;
      }
      seen.delete(-1);
      return [...seen];
    },
  };
}

function numbers(
  column: NumberColumn,
  substitute: number,
  isAccepted: ((value: number) => boolean) | undefined,
  format: string | undefined,
): Values {
  const keyOf = (record: number) => {
    const own = column.value(record);
    const value = Number.isNaN(own) ? substitute : own;
    return Number.isNaN(value) || isAccepted === undefined || isAccepted(value) ? value : NaN;
  };
  return {
    keyOf,
    limit: undefined,
    show: (key) => ({ key, ...format && { key_as_string: printDate(key, format) } }),
    comparer: () => done((a, b) => a - b),
    *all() {
      const seen = new Set<number>();
      for (let record = 0; record < column.values.length; record++) {
        const value = column.value(record);
        if (!Number.isNaN(value) && (isAccepted?.(value) ?? true)) seen.add(value);
        if (record % RECORDS_PER_SLICE === RECORDS_PER_SLICE - 1) yield;
      }
      return [...seen];
    },
  };
}

function textFilter(
  include: TermFilter | undefined,
  exclude: TermFilter | undefined,
): ((text: string) => boolean) | undefined {
  if (include === undefined && exclude === undefined) return undefined;
  const test = (filter: TermFilter | undefined) => {
    if (filter === undefined) return undefined;
    if (typeof filter === "string") return luceneRegexp(filter);
    const texts = new Set(filter.map(String));
    return (text: string) => texts.has(text);
  };
  const [isIncluded, isExcluded] = [test(include), test(exclude)];
  return (text) => (isIncluded?.(text) ?? true) && !isExcluded?.(text);
}

function numberFilter(
  include: TermFilter | undefined,
  exclude: TermFilter | undefined,
  type: FieldType,
  context: AggregationContext,
  format: string | undefined,
): ((value: number) => boolean) | undefined {
  if (include === undefined && exclude === undefined) return undefined;
  const set = (filter: TermFilter | undefined) =>
    // An empty list accepts all numbers, though it accepts no texts.
    filter === undefined || filter.length === 0 ? undefined : new Set(
      [...filter].map((value) => Math.floor(missingNumber(value, type, context, format))),
    );
  const [included, excluded] = [set(include), set(exclude)];
  return (value) => (included?.has(value) ?? true) && !excluded?.has(value);
}
