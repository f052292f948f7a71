import { type Bits, noBits } from "../bits.ts";
import { compareTexts, KeywordColumn, type NumberColumn } from "./columns.ts";
import { DslError, illegalArgument, unsupported } from "./dsl_error.ts";
import type { Scalar } from "./json.ts";
import { luceneRegexp, wildcardPattern } from "./lucene_regexp.ts";
import { fieldsLike, type FieldType } from "./mapping.ts";
import { atLeast, countOf, intersect, type Matches, subtract, union } from "./matches.ts";
import { minimumShouldMatch } from "./minimum_should_match.ts";
import { numberRange, numbersOf } from "./number_values.ts";
import type { BoolQuery, Query, RangeQuery } from "./query.ts";
import { parseQueryString } from "./query_string.ts";
import { type RewriteContext, rewriteQuery } from "./rewrite.ts";
import type { RecordIndex } from "./record_index.ts";
import { codesWhere, inRanges, withCodes, withText } from "./scan.ts";
import { addScores, bestScores } from "./scores.ts";
import { done, type Work } from "./work.ts";

/** A query whose values are checked: it only has to be run. */
export type Matcher = (index: RecordIndex) => Work<Matches>;

/** Where a query stands. */
export interface QueryContext extends RewriteContext {
  /** Called with each field of the mapping whose column is needed. */
  onField: (field: string) => void;
}

/** How a query is to be understood. */
interface Position {
  /** In a filter, `should` needs one match. */
  isFilter: boolean;
  /** Whether scores are needed. */
  isScored: boolean;
  /** The product of the boosts around it. */
  boost: number;
}

/**
 * Checks a query's values against the mapping.
 *
 * @param options.isScored whether scores are needed @default {false}
 * @throws {DslError} when a value doesn't fit its field
 */
export function compileQuery(
  query: Query,
  context: QueryContext,
  { isScored = false }: { isScored?: boolean } = {},
): Matcher {
  const rewritten = rewriteQuery(query, context);
  return compile(rewritten, context, { isFilter: false, isScored, boost: 1 });
}

/** The same of a query that stands as a filter. @throws {DslError} when a value doesn't fit */
export function compileFilter(query: Query, context: QueryContext): Matcher {
  const rewritten = rewriteQuery(query, context);
  return compile(rewritten, context, { isFilter: true, isScored: false, boost: 1 });
}

function compile(query: Query, context: QueryContext, outer: Position): Matcher {
  const position = { ...outer, boost: Math.fround(outer.boost * query.boost) };
  const constant = (bits: (index: RecordIndex) => Work<Bits>): Matcher =>
    function* (index) {
      return { bits: yield* bits(index), score: position.boost };
    };
  switch (query.kind) {
    case "match_all":
      return constant(everything);
    case "match_none":
      return constant(nothing);
    case "ids":
      return compile(
        { kind: "terms", field: "_id", values: query.ids, boost: 1 },
        context,
        position,
      );
    case "exists":
      return constant(existing(query.field, context));
    case "constant_score": {
      const filter = compile(query.filter, context, asFilter(position));
      return constant(function* (index) {
        return (yield* filter(index)).bits;
      });
    }
    case "query_string": {
      const parsed = parseQueryString(query, context.mapping);
      // What it means doesn't depend on where it stands.
      return compile(parsed, context, { ...outer, isFilter: false });
    }
    case "dis_max": {
      const parts = query.queries.map((one) => compile(one, context, position));
      return function* (index) {
        const found: Matches[] = [];
        for (const part of parts) found.push(yield* part(index));
        const bits = union(found.map((one) => one.bits), index.size);
        return { bits, score: position.isScored ? yield* bestScores(found, index.size) : 0 };
      };
    }
    case "bool":
      return compileBool(query, context, position);
    case "term":
      return compileTerm(query, context, position);
    case "terms":
      return constant(termsOf(query, context));
    case "range":
      return constant(lenient(query, () => rangeOf(query, context)));
    case "regexp": {
      const { pattern, flags } = query;
      return constant(lenient(query, () => textsOf(query, context, luceneRegexp(pattern, flags))));
    }
    case "prefix": {
      const { prefix } = query;
      return constant(
        lenient(query, () => textsOf(query, context, (text) => text.startsWith(prefix))),
      );
    }
    case "wildcard":
      return constant(textsOf(query, context, wildcardPattern(query.pattern)));
  }
}

function asFilter(position: Position): Position {
  return { ...position, isFilter: true, isScored: false };
}

function everything(index: RecordIndex): Work<Bits> {
  return done(index.live());
}

function nothing(index: RecordIndex): Work<Bits> {
  return done(noBits(index.size));
}

/** Values that don't fit match nothing, where the query asks for that. */
function lenient(
  query: { lenient: boolean },
  compile: () => (index: RecordIndex) => Work<Bits>,
): (index: RecordIndex) => Work<Bits> {
  try {
    return compile();
  } catch (error) {
    if (query.lenient && error instanceof DslError) return nothing;
    throw error;
  }
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

function existing(pattern: string, context: QueryContext): (index: RecordIndex) => Work<Bits> {
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

function compileTerm(
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

function termsOf(
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

function rangeOf(query: RangeQuery, context: QueryContext): (index: RecordIndex) => Work<Bits> {
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
function textsOf(
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

function compileBool(
  query: BoolQuery,
  context: QueryContext,
  position: Position,
): Matcher {
  const each = (queries: Query[], where: Position) =>
    queries.map((one) => compile(one, context, where));
  const must = each(query.must, position);
  const filter = each(query.filter, asFilter(position));
  const should = each(query.should, position);
  const mustNot = each(query.mustNot, asFilter(position));
  const isEmpty = must.length + filter.length + should.length + mustNot.length === 0;
  const isNegative = !isEmpty && must.length + filter.length + should.length === 0;
  if (isEmpty || isNegative && query.adjustPureNegative) must.push(matchAll(position.boost));
  else if (isNegative) must.push(compile({ kind: "match_none", boost: 1 }, context, position));

  const given = query.minimumShouldMatch ??
    (position.isFilter && should.length > 0 ? "1" : undefined);
  // Elasticsearch forgets the minimum when it adds what a negative query starts from.
  const asked = given === undefined || isEmpty || isNegative
    ? 0
    : minimumShouldMatch(should.length, given);
  const isRequired = must.length + filter.length === 0;
  const minimum = Math.max(asked, isRequired ? 1 : 0);
  const { isScored } = position;

  return function* (index) {
    const { size } = index;
    const run = function* (matchers: Matcher[]): Work<Matches[]> {
      const found: Matches[] = [];
      for (const matcher of matchers) found.push(yield* matcher(index));
      return found;
    };
    const [required, filters] = [yield* run(must), yield* run(filter)];
    const [optional, excluded] = [yield* run(should), yield* run(mustNot)];
    const bits = index.live();
    for (const one of [...required, ...filters]) intersect(bits, one.bits);
    if (minimum > 0) intersect(bits, atLeast(optional.map((one) => one.bits), minimum, size));
    for (const one of excluded) subtract(bits, one.bits);
    return { bits, score: isScored ? yield* addScores(required, optional, bits) : 0 };
  };
}

function matchAll(boost: number): Matcher {
  return function* (index) {
    return { bits: yield* everything(index), score: boost };
  };
}
