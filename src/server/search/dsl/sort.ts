import type { KeywordColumn, NumberColumn } from "./columns.ts";
import { compareTexts } from "./columns.ts";
import { DslError, illegalArgument, unsupported } from "./dsl_error.ts";
import { isObject, isScalar, type Json, type Scalar } from "./json.ts";
import type { QueryContext } from "./compile_query.ts";
import type { RecordIndex } from "./record_index.ts";
import type { Compare } from "./sorting.ts";
import { done, type Work } from "./work.ts";

/** One criterion of an order. */
export interface Sort {
  /** `_score` and `_doc` (the order of the records) are none of the mapping. */
  field: string;
  direction: 1 | -1;
  /** What records without a value count as: `_first`, `_last` or a value. */
  missing: Scalar;
  /** The type of a field that the mapping doesn't have; without one, that is an error. */
  unmappedType: string | undefined;
}

/** Reads the option `sort`. @throws {DslError} when it is malformed */
export function parseSort(json: Json): Sort[] {
  const parts = Array.isArray(json) ? json : [json];
  const sorts = parts.flatMap((part) => {
    if (typeof part === "string") return [sortBy(part)];
    if (!isObject(part)) {
      throw illegalArgument("malformed sort format, either start with array, object, or a string");
    }
    return Object.entries(part).map(([field, options]) => parseOptions(field, options));
  });
  return sorts;
}

function sortBy(field: string): Sort {
  return {
    field,
    direction: field === "_score" ? -1 : 1,
    missing: "_last",
    unmappedType: undefined,
  };
}

function parseOptions(field: string, options: Json): Sort {
  const sort = sortBy(field);
  if (typeof options === "string") return { ...sort, direction: directionOf(options) };
  if (!isObject(options)) throw illegalArgument(`[field_sort] malformed sort of [${field}]`);
  for (const [name, value] of Object.entries(options)) {
    if (name === "order") sort.direction = directionOf(stringOf(value, name));
    else if (field === "_score" || field === "_geo_distance" || field === "_script") {
      throw unsupported(`The option [${name}] of sorting by [${field}]`);
    } else if (name === "missing" && isScalar(value)) sort.missing = value;
    else if (name === "unmapped_type") sort.unmappedType = stringOf(value, name);
    else if (name === "mode") checkMode(stringOf(value, name));
    else throw illegalArgument(`[field_sort] unknown field [${name}], parser not found`);
  }
  return sort;
}

function stringOf(value: Json, name: string): string {
  if (typeof value !== "string") throw illegalArgument(`[field_sort] [${name}] must be a text`);
  return value;
}

function directionOf(text: string): 1 | -1 {
  const order = text.toLowerCase();
  if (order !== "asc" && order !== "desc") throw illegalArgument(`No sort order [${text}]`);
  return order === "asc" ? 1 : -1;
}

/** Fields have one value, so that the mode makes no difference. */
function checkMode(mode: string): void {
  if (!/^(min|max)$/i.test(mode)) throw unsupported(`The sort mode [${mode}]`);
}

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
  if (typeof missing !== "string") return Math.trunc(Number(String(missing)));
  if (!/^[+-]?\d{1,19}$/.test(missing)) {
    throw new DslError("number_format_exception", `For input string: "${missing}"`);
  }
  return Number(missing);
}
