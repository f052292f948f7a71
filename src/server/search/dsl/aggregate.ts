import { type Bits, hasBit, membersOf } from "../bits.ts";
import type { Aggregation, Aggregations } from "./aggregation.ts";
import { NumberColumn } from "./columns.ts";
import { compileFilter, type Matcher, type QueryContext } from "./compile_query.ts";
import { dateHistogram } from "./date_histogram.ts";
import { parseDateMath } from "./date_math.ts";
import { checkDateFormat, printDate } from "./dates.ts";
import { DslError, illegalArgument } from "./dsl_error.ts";
import { needsScores, pickHits } from "./hits.ts";
import type { Scalar } from "./json.ts";
import { parseJavaDouble } from "./java_number.ts";
import type { FieldType } from "./mapping.ts";
import type { RecordIndex } from "./record_index.ts";
import { compileSort } from "./sort.ts";
import { termsBuckets } from "./terms_buckets.ts";
import { done, RECORDS_PER_SLICE, type Work } from "./work.ts";

/** The answer of an aggregation. */
export type AggregationAnswer = Record<string, unknown>;

/** Some records, ascending, with their scores. */
export interface Found {
  records: Uint32Array;
  scoreOf(record: number): number;
}

/** Computes an aggregation over some records. */
export type Aggregator = (found: Found) => Work<AggregationAnswer>;

/** Prepares an aggregation, after its columns were loaded: what is the same for all buckets. */
export type Preparation<Prepared = Aggregator> = (run: AggregationRun) => Work<Prepared>;

/** What the aggregations of one request share. */
export interface AggregationRun {
  index: RecordIndex;
  /** Counts buckets. @throws {DslError} when there are too many */
  countBuckets(count: number): void;
}

/** What aggregations are compiled with. */
export interface AggregationContext extends QueryContext {
  indexName: string;
  /** Called when scores are needed. */
  onScores(): void;
}

/** The most buckets of an answer. */
const MAX_BUCKETS = 200_000;

/** A new count of buckets. */
export function aggregationRun(index: RecordIndex): AggregationRun {
  let buckets = 0;
  return {
    index,
    countBuckets(count) {
      buckets += count;
      if (buckets <= MAX_BUCKETS) return;
      throw new DslError(
        "too_many_buckets_exception",
        `Trying to create too many buckets. Must be less than or equal to: [${MAX_BUCKETS}]`,
      );
    },
  };
}

/** Checks aggregations against the mapping. @throws {DslError} */
export function compileAggregations(
  aggregations: Aggregations,
  context: AggregationContext,
): Preparation {
  const compiled = [...aggregations].map(([name, one]): [string, Preparation] => {
    const preparation = compileAggregation(one, context);
    return [name, one.meta === undefined ? preparation : withMeta(preparation, one.meta)];
  });
  return function* (run) {
    const prepared: [string, Aggregator][] = [];
    for (const [name, prepare] of compiled) prepared.push([name, yield* prepare(run)]);
    return function* (found) {
      const answer: AggregationAnswer = {};
      for (const [name, aggregate] of prepared) answer[name] = yield* aggregate(found);
      return answer;
    };
  };
}

function withMeta(prepare: Preparation, meta: unknown): Preparation {
  return function* (run) {
    const aggregate = yield* prepare(run);
    return function* (found) {
      return { meta, ...yield* aggregate(found) };
    };
  };
}

function compileAggregation(aggregation: Aggregation, context: AggregationContext): Preparation {
  const inner = compileAggregations(aggregation.inner, context);
  switch (aggregation.kind) {
    case "terms":
      return termsBuckets(aggregation, inner, context);
    case "date_histogram":
      return dateHistogram(aggregation, inner, context);
    case "filter":
      return filtered(compileFilter(aggregation.filter, context), inner);
    case "filters":
      return severalFilters(aggregation, inner, context);
    case "global":
      return function* (run) {
        const aggregate = yield* inner(run);
        return () =>
          bucketOf(run, { records: membersOf(run.index.live()), scoreOf: () => 1 }, aggregate);
      };
    case "cardinality":
      return cardinality(aggregation.field, aggregation.missing, context);
    case "min":
    case "max":
      return extreme(aggregation, context);
    case "top_hits": {
      const sorted = compileSort(aggregation.sort, context);
      if (needsScores(aggregation)) context.onScores();
      const { indexName } = context;
      return ({ index }) =>
        done(function* ({ records, scoreOf }) {
          if (records.length > 0 && aggregation.from + aggregation.size === 0) {
            throw illegalArgument("[top_hits] needs a size of at least 1");
          }
          const hits = yield* pickHits(index, records, scoreOf, aggregation, sorted, indexName);
          // Where Elasticsearch starts looking for the maximum: Java's `Float.MIN_VALUE`.
          if (hits.max_score === 0) hits.max_score = 1.4e-45;
          return { hits };
        });
    }
  }
}

/** A bucket with its number of records, and the aggregations within. */
export function* bucketOf(
  run: AggregationRun,
  found: Found,
  inner: Aggregator,
): Work<AggregationAnswer> {
  run.countBuckets(1);
  return { doc_count: found.records.length, ...yield* inner(found) };
}

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

function filtered(filter: Matcher, inner: Preparation): Preparation {
  return function* (run) {
    const { bits } = yield* filter(run.index);
    const aggregate = yield* inner(run);
    return function* ({ records, scoreOf }) {
      const matching = yield* recordsWhere(records, (record) => hasBit(bits, record));
      return yield* bucketOf(run, { records: matching, scoreOf }, aggregate);
    };
  };
}

function severalFilters(
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

function cardinality(
  field: string,
  missing: Scalar | undefined,
  context: AggregationContext,
): Preparation {
  const type = context.mapping.get(field);
  if (type === undefined) {
    // With a value for those without, all have the same.
    return constant(({ records }) => ({
      value: missing === undefined || records.length === 0 ? 0 : 1,
    }));
  }
  context.onField(field);
  const substitute = missing === undefined
    ? undefined
    : type.kind === "keyword"
    ? String(missing)
    : missingNumber(missing, type, context);
  return ({ index }) => {
    const column = index.column(field);
    return done(function* ({ records }) {
      const seen = new Set<number | string>();
      for (let i = 0; i < records.length; i++) {
        if (column.kind === "keyword") {
          const code = column.code(records[i]!);
          if (code !== 0) seen.add(code);
          else if (substitute !== undefined) seen.add(column.codeOf.get(`${substitute}`) ?? "");
        } else {
          const value = column.value(records[i]!);
          if (!Number.isNaN(value)) seen.add(value);
          else if (substitute !== undefined) seen.add(substitute);
        }
        if (i % RECORDS_PER_SLICE === RECORDS_PER_SLICE - 1) yield;
      }
      return { value: seen.size };
    });
  };
}

function extreme(
  { kind, field, missing, format }: Aggregation & { kind: "min" | "max" },
  context: AggregationContext,
): Preparation {
  const type = context.mapping.get(field);
  if (type === undefined) return constant(() => ({ value: null }));
  if (type.kind === "keyword") throw notNumeric(field);
  context.onField(field);
  const shownFormat = formatOf(type, format);
  const substitute = missing === undefined ? NaN : missingNumber(missing, type, context, format);
  return ({ index }) => {
    const column = index.column(field) as NumberColumn;
    return done(function* ({ records }) {
      let best = NaN;
      for (let i = 0; i < records.length; i++) {
        const own = column.value(records[i]!);
        const value = Number.isNaN(own) ? substitute : own;
        if (kind === "min" ? !(value >= best) : !(value <= best)) {
          if (!Number.isNaN(value)) best = value;
        }
        if (i % RECORDS_PER_SLICE === RECORDS_PER_SLICE - 1) yield;
      }
      if (Number.isNaN(best)) return { value: null };
      return {
        value: best,
        ...shownFormat && { value_as_string: printDate(best, shownFormat) },
      };
    });
  };
}

function constant(answer: (found: Found) => AggregationAnswer): Preparation {
  return () => done((found) => done(answer(found)));
}

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
