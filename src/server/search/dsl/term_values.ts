import { formatOf, missingNumber } from "./aggregated_numbers.ts";
import type { TermFilter, TermsAggregation } from "./aggregation.ts";
import type { AggregationAnswer, AggregationContext, Preparation } from "./aggregation_run.ts";
import { compareTexts, type KeywordColumn, type NumberColumn } from "./columns.ts";
import { printDate } from "./dates.ts";
import { illegalArgument } from "./dsl_error.ts";
import { luceneRegexp } from "./lucene_regexp.ts";
import type { FieldType } from "./mapping.ts";
import { done, RECORDS_PER_SLICE, type Work } from "./work.ts";

/** Numbers the values of records: the same number for the same value. */
export interface Values {
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

/** The values that an aggregation makes buckets of. @throws {DslError} */
export function valuesOf(
  aggregation: TermsAggregation,
  context: AggregationContext,
): Preparation<Values> {
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
