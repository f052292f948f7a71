import { DecimalNumber } from "./json.ts";
import type { QueryContext } from "./matcher.ts";
import { compareTexts, type KeywordColumn, type NumberColumn } from "./columns.ts";
import { DslError, unsupported } from "./dsl_error.ts";
import type { Sort } from "./parse_sort.ts";
import type { RecordIndex } from "./record_index.ts";
import type { Compare } from "./sorting.ts";
import { done, type Work } from "./work.ts";

/** An order of records. */
export interface Order {
  compare: Compare;
  /** What a record is sorted by. */
  valuesOf(record: number): (string | number | null)[];
}

/** Prepares an order, after its columns were loaded. */
export type SortMatcher = (
  index: RecordIndex,
  scoreOf: (record: number) => number,
) => Work<Order>;

interface Criterion {
  /** 0 for equal ones. */
  compare: Compare;
  valueOf(record: number): string | number | null;
}

/** Checks an order against the mapping. @throws {DslError} when a field can't be sorted by */
export function compileSort(sorts: readonly Sort[], context: QueryContext): SortMatcher {
  const compiled = sorts.map((sort) => compileOne(sort, context));
  return function* (index, scoreOf) {
    const criteria: Criterion[] = [];
    for (const prepare of compiled) criteria.push(yield* prepare(index, scoreOf));
    return {
      valuesOf: (record) => criteria.map(({ valueOf }) => valueOf(record)),
      compare(a, b) {
        for (let i = 0; i < criteria.length; i++) {
          const order = criteria[i]!.compare(a, b);
          if (order !== 0) return order;
        }
        return a - b;
      },
    };
  };
}

/** Whether an order needs scores. */
export function isByScore(sorts: readonly Sort[]): boolean {
  return sorts.some(({ field }) => field === "_score");
}

/** How Elasticsearch shows the place of a record without a number: the extremes of a long. */
const LONG_LIMITS = { "1": 2 ** 63, "-1": -(2 ** 63) } as const;

function compileOne(
  sort: Sort,
  context: QueryContext,
): (index: RecordIndex, scoreOf: (record: number) => number) => Work<Criterion> {
  const { direction } = sort;
  if (sort.field === "_doc") {
    return constant(() => ({
      compare: (a, b) => (a - b) * direction,
      valueOf: (record) => record,
    }));
  }
  if (sort.field === "_score") {
    return constant((_, scoreOf) => ({
      compare: (a, b) => (scoreOf(a) - scoreOf(b)) * direction,
      valueOf: scoreOf,
    }));
  }
  const field = sort.field === "_id" ? "id" : sort.field;
  const type = context.mapping.get(field);
  if (type === undefined) return constant(unmapped(sort));
  context.onField(field);
  if (type.kind === "keyword") {
    return function* (index) {
      return yield* byText(index.column(field) as KeywordColumn, sort);
    };
  }
  const missing = missingNumber(sort);
  return constant((index) => byNumber(index.column(field) as NumberColumn, missing, direction));
}

type Prepare = (index: RecordIndex, scoreOf: (record: number) => number) => Criterion;

function constant(prepare: Prepare) {
  return (...given: Parameters<Prepare>): Work<Criterion> => done(prepare(...given));
}

function unmapped(sort: Sort): Prepare {
  const { field, unmappedType, missing } = sort;
  if (unmappedType === undefined) {
    throw new DslError(
      "query_shard_exception",
      `No mapping found for [${field}] in order to sort on`,
    );
  }
  if (!["keyword", "long", "date"].includes(unmappedType)) {
    throw unsupported(`The unmapped_type [${unmappedType}]`);
  }
  const isPlace = missing === "_first" || missing === "_last";
  const value = unmappedType !== "keyword" ? missingNumber(sort) : isPlace ? null : String(missing);
  return () => ({ compare: () => 0, valueOf: () => value });
}

function* byText(column: KeywordColumn, { missing, direction }: Sort): Work<Criterion> {
  const ranks = yield* column.ranks();
  const valueOf = (record: number) => {
    const code = column.code(record);
    if (code !== 0) return column.values[code]!;
    return missing === "_last" || missing === "_first" ? null : String(missing);
  };
  if (missing !== "_last" && missing !== "_first") {
    return {
      valueOf,
      compare: (a, b) => compareTexts(valueOf(a)!, valueOf(b)!) * direction,
    };
  }
  const missingPlace = missing === "_last" ? Infinity : -Infinity;
  const placeOf = (record: number) => {
    const code = column.code(record);
    return code === 0 ? missingPlace : ranks[code]! * direction;
  };
  return { valueOf, compare: (a, b) => difference(placeOf(a), placeOf(b)) };
}

function byNumber({ values }: NumberColumn, missing: number, direction: 1 | -1): Criterion {
  const valueOf = (record: number) => {
    const value = values[record];
    return value === undefined || Number.isNaN(value) ? missing : value;
  };
  return { valueOf, compare: (a, b) => difference(valueOf(a), valueOf(b)) * direction };
}

function difference(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function missingNumber({ missing, direction }: Sort): number {
  if (missing === "_last") return LONG_LIMITS[direction];
  if (missing === "_first") return LONG_LIMITS[direction === 1 ? "-1" : "1"];
  if (typeof missing === "number" || missing instanceof DecimalNumber) {
    return Math.trunc(Number(String(missing)));
  }
  if (!/^[+-]?\d{1,19}$/.test(String(missing))) {
    throw new DslError("number_format_exception", `For input string: "${missing}"`);
  }
  return Number(missing);
}
