import type { Matcher, Position, QueryContext } from "./matcher.ts";
import type { Bits } from "../bits.ts";
import { DslError } from "./dsl_error.ts";
import {
  compileTerm,
  everything,
  existing,
  nothing,
  rangeOf,
  termsOf,
  textsOf,
} from "./field_matchers.ts";
import { luceneRegexp, wildcardPattern } from "./lucene_regexp.ts";
import { atLeast, intersect, type Matches, subtract, union } from "./matches.ts";
import { minimumShouldMatch } from "./minimum_should_match.ts";
import type { BoolQuery, Query } from "./query.ts";
import { parseQueryString } from "./query_string.ts";
import type { RecordIndex } from "./record_index.ts";
import { rewriteQuery } from "./rewrite.ts";
import { addScores, bestScores } from "./scores.ts";
import type { Work } from "./work.ts";

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
    case "query_string":
      return compile(parseQueryString(query, context.mapping), context, outer);
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

/** Values that don't fit match nothing, where the query asks for that. */
export function lenient(
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
