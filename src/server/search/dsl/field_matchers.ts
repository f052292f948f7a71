import type { Matcher, Position, QueryContext } from "./matcher.ts";
import { type Bits, noBits } from "../bits.ts";
import { compareTexts, type KeywordColumn, type NumberColumn } from "./columns.ts";
import { lenient } from "./compile_query.ts";
import { DslError, illegalArgument, unsupported } from "./dsl_error.ts";
import type { Scalar } from "./json.ts";
import { fieldsLike, type FieldType } from "./mapping.ts";
import { countOf, union } from "./matches.ts";
import { numberRange, numbersOf } from "./number_values.ts";
import type { Query, RangeQuery } from "./query.ts";
import type { RecordIndex } from "./record_index.ts";
import { codesWhere, inRanges, withCodes, withText } from "./scan.ts";
import { done, type Work } from "./work.ts";

/** All records. */
export function everything(index: RecordIndex): Work<Bits> {
  return done(index.live());
}

/** No records. */
export function nothing(index: RecordIndex): Work<Bits> {
  return done(noBits(index.size));
}

/** Elasticsearch keeps ids apart from fields; Kinto's records have the same as a field. */
function nameOf(field: string): string {
  if (field === "_id") return "id";
  if (
    /^_(index|type|source|routing|all|uid|parent|ignored|field_names|seq_no|version)$/.test(field)
  ) {
    throw unsupported(`The field [${field}]`);
  }
  return field;
}

function typeOf(field: string, { mapping, onField }: QueryContext): FieldType | undefined {
  const type = mapping.get(field);
  if (type !== undefined) onField(field);
  return type;
}

/** The records that have a value in any of the fields that a pattern stands for. */
export function existing(
  pattern: string,
  context: QueryContext,
): (index: RecordIndex) => Work<Bits> {
  const ofObject = fieldsLike(context.mapping, `${pattern}.*`);
  const fields = [...fieldsLike(context.mapping, nameOf(pattern)), ...ofObject]
    .filter((field) => typeOf(field, context) !== undefined);
  return function* (index) {
    const sets: Bits[] = [];
    for (const field of new Set(fields)) {
      const column = index.column(field);
      sets.push(
        column.kind === "keyword"
          ? yield* withText(column, index.size)
          : yield* inRanges(column, [{ min: -Infinity, max: Infinity }], index.size),
      );
    }
    return union(sets, index.size);
  };
}

/** The records that have a value, with their score. @throws {DslError} when it doesn't fit */
export function compileTerm(
  query: Query & { kind: "term" },
  context: QueryContext,
  position: Position,
): Matcher {
  const { boost, isScored } = position;
  const field = nameOf(query.field);
  const type = typeOf(field, context);
  if (type?.kind !== "keyword" || query.field === "_id") {
    const bits = lenient(
      query,
      () => termsOf({ field: query.field, values: [query.value] }, context),
    );
    return function* (index) {
      return { bits: yield* bits(index), score: boost };
    };
  }
  const text = String(query.value);
  return function* (index) {
    const column = index.column(field) as KeywordColumn;
    const code = column.codeOf.get(text);
    const bits = yield* withCodes(column, code === undefined ? [] : [code], index.size);
    if (!isScored) return { bits, score: 0 };
    const all = countOf(yield* withText(column, index.size));
    return { bits, score: Math.fround(boost * inverseFrequency(all, countOf(bits))) };
  };
}

/**
 * BM25's score of a text that a field has once, without norms: how rare it is.
 *
 * @param all records that have the field
 * @param matching records that have the text
 */
function inverseFrequency(all: number, matching: number): number {
  return Math.fround(Math.log(1 + (all - matching + 0.5) / (matching + 0.5)));
}

/** The records that have one of some values. @throws {DslError} when one doesn't fit */
export function termsOf(
  query: { field: string; values: Scalar[] },
  context: QueryContext,
): (index: RecordIndex) => Work<Bits> {
  const { values } = query;
  const field = nameOf(query.field);
  const type = typeOf(field, context);
  if (query.field === "_id" && values.includes("")) throw illegalArgument("Ids can't be empty");
  if (type === undefined || values.length === 0) return nothing;
  if (type.kind === "keyword") {
    const texts = values.map(String);
    return (index) => {
      const column = index.column(field) as KeywordColumn;
      return withCodes(column, texts.flatMap((text) => column.codeOf.get(text) ?? []), index.size);
    };
  }
  const ranges = values.flatMap((value) => numbersOf(value, type, context) ?? []);
  return (index) => inRanges(index.column(field) as NumberColumn, ranges, index.size);
}

/** The records with a value in a range. @throws {DslError} when a bound doesn't fit */
export function rangeOf(
  query: RangeQuery,
  context: QueryContext,
): (index: RecordIndex) => Work<Bits> {
  const { from, to, includesFrom, includesTo, format, offsetMs } = query;
  const field = nameOf(query.field);
  const type = typeOf(field, context);
  if (type === undefined) return nothing;
  if (type.kind === "keyword") {
    if (from === undefined && to === undefined) return existing(field, context);
    // Lucene finds nothing above the empty text when there is no upper bound.
    if (from === "" && !includesFrom && to === undefined) return nothing;
    const [first, last] = [from, to].map((bound) =>
      bound === undefined ? undefined : String(bound)
    );
    return textsOf({ ...query, isChecked: false }, context, (text) => {
      const low = first === undefined ? 1 : compareTexts(text, first);
      const high = last === undefined ? -1 : compareTexts(text, last);
      return (low > 0 || low === 0 && includesFrom) && (high < 0 || high === 0 && includesTo);
    });
  }
  const range = numberRange(query, type, { nowMs: context.nowMs, format, offsetMs });
  return (index) => inRanges(index.column(field) as NumberColumn, [range], index.size);
}

/** The records whose text passes a test. */
export function textsOf(
  query: { kind: string; field: string; isChecked: boolean },
  context: QueryContext,
  test: (text: string) => boolean,
): (index: RecordIndex) => Work<Bits> {
  const field = nameOf(query.field);
  const type = typeOf(field, context);
  if (type === undefined) return nothing;
  if (type.kind !== "keyword") {
    if (!query.isChecked) return nothing;
    throw new DslError(
      "query_shard_exception",
      `Can only use ${query.kind} queries on keyword and text fields - not on [${field}] which is ` +
        `of type [${type.kind}]`,
    );
  }
  return function* (index) {
    const column = index.column(field) as KeywordColumn;
    return yield* withCodes(column, yield* codesWhere(column, test), index.size);
  };
}
