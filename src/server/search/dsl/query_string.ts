/**
 * Lucene's classic query syntax, as Elasticsearch's `query_string` reads it on fields that aren't
 * analyzed.
 *
 * It is a parser of its own because what can't be parsed must be the same, and what can must mean
 * the same. The one on npm (`lucene`) takes a lone backslash, doesn't tell an escaped `*` from a
 * wildcard, and gives a tree of binary operators, where Lucene makes a list of required, optional and
 * excluded clauses, and one text of several words.
 *
 * @module
 */
import { unsupported } from "./dsl_error.ts";
import type { Mapping } from "./mapping.ts";
import { MAX_CLAUSES, tooManyClauses } from "./max_clauses.ts";
import type { BoolQuery, Query, QueryStringQuery } from "./query.ts";
import { FieldQueries, openBound } from "./query_string_fields.ts";
import type { TokenKind } from "./query_string_tokens.ts";
import { TokenReader } from "./token_reader.ts";

/** Parentheses within each other. */
const MAX_DEPTH = 100;

/** Translates a query string. @throws {DslError} when it can't be parsed */
export function parseQueryString(
  query: QueryStringQuery & { boost: number },
  mapping: Mapping,
): Query {
  if (query.text.trim() === "") return { kind: "match_none", boost: 1 };
  const parsed = new Parser(query, mapping).parse();
  const { minimumShouldMatch } = query;
  if (parsed.kind !== "bool" || minimumShouldMatch === undefined) {
    return withBoost(parsed, query.boost);
  }
  // What only excludes starts from everything, and the minimum is asked of that.
  const isNegative = parsed.must.length + parsed.should.length === 0;
  const must: Query[] = isNegative ? [{ kind: "match_all", boost: 1 }] : parsed.must;
  return withBoost({ ...parsed, must, minimumShouldMatch }, query.boost);
}

type Occur = "must" | "should" | "mustNot";

interface Clause {
  occur: Occur;
  query: Query;
}

/** The tokens that a text of several words may not end before. */
const AFTER_TERM_ONLY: readonly TokenKind[] = ["COLON", "STAR", "FUZZY_SLOP", "CARAT", "AND", "OR"];

const CLAUSE_STARTS: readonly TokenKind[] = [
  ...["BAREOPER", "LPAREN", "STAR", "QUOTED", "TERM", "PREFIXTERM", "WILDTERM"] as const,
  ...["REGEXPTERM", "RANGEIN_START", "RANGEEX_START", "NUMBER"] as const,
];

class Parser {
  readonly #isAnd: boolean;
  readonly #fields: FieldQueries;
  readonly #tokens: TokenReader;
  #depth = 0;

  constructor(query: QueryStringQuery, mapping: Mapping) {
    this.#isAnd = query.defaultOperator === "and";
    this.#fields = new FieldQueries(query, mapping);
    this.#tokens = new TokenReader(query.text);
  }

  parse(): Query {
    const query = this.#clauses(undefined);
    if (this.#tokens.peek() !== "EOF") throw this.#tokens.error();
    return query;
  }

  /** @param field undefined for the default fields */
  #clauses(field: string | undefined): Query {
    if (++this.#depth > MAX_DEPTH) throw this.#tokens.error();
    const clauses: Clause[] = [];
    let first: Query | undefined;
    for (let isFirst = true;; isFirst = false) {
      if (this.#isText()) {
        const query = this.#severalWords(field);
        this.#add(clauses, "none", "none", query);
        if (isFirst) first = query;
        continue;
      }
      const conjunction = isFirst ? "none" : this.#conjunction();
      const modifier = this.#modifier();
      if (!CLAUSE_STARTS.includes(this.#tokens.peek())) {
        if (!isFirst && conjunction === "none" && modifier === "none") break;
        throw this.#tokens.error();
      }
      const query = this.#clause(field);
      this.#add(clauses, conjunction, modifier, query);
      if (isFirst && modifier === "none") first = query;
    }
    this.#depth--;
    return clauses.length === 1 && first !== undefined ? first : this.#bool(clauses);
  }

  /** Whether several words come next that are one text: Elasticsearch doesn't split at spaces. */
  #isText(): boolean {
    return this.#tokens.peek() === "TERM" && this.#tokens.peek(1) === "TERM" &&
      !AFTER_TERM_ONLY.includes(this.#tokens.peek(2));
  }

  #severalWords(field: string | undefined): Query {
    const words = [this.#tokens.next().text];
    while (this.#tokens.peek() === "TERM" && !AFTER_TERM_ONLY.includes(this.#tokens.peek(1))) {
      words.push(this.#tokens.next().text);
    }
    return this.#fields.term(field, this.#tokens.unescaped(words.join(" ")), false);
  }

  #conjunction(): "and" | "or" | "none" {
    if (this.#tokens.accept("AND")) return "and";
    return this.#tokens.accept("OR") ? "or" : "none";
  }

  #modifier(): "required" | "excluded" | "none" {
    if (this.#tokens.accept("PLUS")) return "required";
    return this.#tokens.accept("MINUS") || this.#tokens.accept("NOT") ? "excluded" : "none";
  }

  #add(
    clauses: Clause[],
    conjunction: "and" | "or" | "none",
    modifier: "required" | "excluded" | "none",
    query: Query,
  ): void {
    const isAnd = this.#isAnd;
    const last = clauses.at(-1);
    if (last !== undefined && last.occur !== "mustNot") {
      if (conjunction === "and") last.occur = "must";
      if (conjunction === "or" && isAnd) last.occur = "should";
    }
    const isRequired = isAnd
      ? conjunction !== "or"
      : modifier === "required" || conjunction === "and";
    clauses.push({
      query,
      occur: modifier === "excluded" ? "mustNot" : isRequired ? "must" : "should",
    });
    if (clauses.length > MAX_CLAUSES) throw tooManyClauses();
  }

  #bool(clauses: Clause[]): Query {
    const of = (occur: Occur) =>
      clauses.filter((one) => one.occur === occur).map((one) => one.query);
    const bool: BoolQuery = {
      kind: "bool",
      must: of("must"),
      filter: [],
      should: of("should"),
      mustNot: of("mustNot"),
      // Lucene's default, also within a filter.
      minimumShouldMatch: "0",
      adjustPureNegative: true,
    };
    return { ...bool, boost: 1 };
  }

  #clause(outer: string | undefined): Query {
    let field = outer;
    if (
      this.#tokens.peek(1) === "COLON" &&
      (this.#tokens.peek() === "TERM" || this.#tokens.peek() === "STAR")
    ) {
      const { kind, text } = this.#tokens.next();
      field = kind === "STAR" ? "*" : this.#tokens.unescaped(text);
      this.#tokens.next();
    }
    if (!this.#tokens.accept("LPAREN")) return this.#single(field);
    const query = this.#clauses(field);
    if (!this.#tokens.accept("RPAREN")) throw this.#tokens.error();
    return withBoost(query, this.#boost());
  }

  #single(field: string | undefined): Query {
    const { kind, text } = this.#tokens.next();
    switch (kind) {
      case "RANGEIN_START":
      case "RANGEEX_START":
        return this.#range(field, kind === "RANGEIN_START");
      case "QUOTED": {
        const boost = this.#suffix(text, true);
        return withBoost(
          this.#fields.term(field, this.#tokens.unescaped(text.slice(1, -1)), true),
          boost,
        );
      }
      case "BAREOPER":
      case "STAR":
      case "TERM":
      case "PREFIXTERM":
      case "WILDTERM":
      case "REGEXPTERM":
      case "NUMBER": {
        const boost = this.#suffix(text, false);
        const query = kind === "BAREOPER"
          ? this.#fields.term(field, text.slice(0, 1), false)
          : kind === "STAR" || kind === "WILDTERM"
          ? this.#fields.wildcard(field, text)
          : kind === "PREFIXTERM"
          ? this.#fields.prefix(field, this.#tokens.unescaped(text.slice(0, -1)))
          : kind === "REGEXPTERM"
          ? this.#fields.regexp(field, text.slice(1, -1))
          : this.#fields.term(field, this.#tokens.unescaped(text), false);
        return withBoost(query, boost);
      }
      default:
        throw this.#tokens.error({ kind, text });
    }
  }

  /** What may follow a term: a boost, and how far words may be apart, in any order. */
  #suffix(text: string, isQuoted: boolean): number {
    const isFuzzyFirst = this.#tokens.accept("FUZZY_SLOP");
    const boost = this.#boost();
    if (isFuzzyFirst || this.#tokens.accept("FUZZY_SLOP")) {
      if (!isQuoted) throw unsupported(`The fuzzy term [${text}~]`);
    }
    return boost;
  }

  #boost(): number {
    if (!this.#tokens.accept("CARAT")) return 1;
    if (this.#tokens.peek() !== "NUMBER") throw this.#tokens.error();
    return Math.fround(Number(this.#tokens.next().text));
  }

  #range(field: string | undefined, includesFrom: boolean): Query {
    const from = this.#bound();
    if (!this.#tokens.accept("RANGE_TO")) throw this.#tokens.error();
    const to = this.#bound();
    const includesTo = this.#tokens.accept("RANGEIN_END");
    if (!includesTo && !this.#tokens.accept("RANGEEX_END")) throw this.#tokens.error();
    return withBoost(this.#fields.range(field, from, to, includesFrom, includesTo), this.#boost());
  }

  #bound(): string | undefined {
    const { kind, text } = this.#tokens.next();
    if (kind === "RANGE_QUOTED") return openBound(this.#tokens.unescaped(text.slice(1, -1)));
    if (kind === "RANGE_GOOP" || kind === "RANGE_TO") {
      return openBound(this.#tokens.unescaped(text));
    }
    throw this.#tokens.error({ kind, text });
  }
}

function withBoost(query: Query, boost: number): Query {
  return boost === 1 ? query : { ...query, boost: Math.fround(query.boost * boost) };
}
