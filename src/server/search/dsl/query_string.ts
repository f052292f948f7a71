/**
 * Lucene's classic query syntax, as Elasticsearch's `query_string` reads it on fields that aren't
 * analyzed.
 *
 * It is a parser of its own because those on npm parse boolean operators with precedence, where
 * Lucene turns them into required, optional and excluded clauses one by one; because they know no
 * regular expressions, `>=` or `_exists_`; and because what can't be parsed must be the same.
 *
 * @module
 */
import { DslError, unsupported } from "./dsl_error.ts";
import { fieldsLike, type Mapping } from "./mapping.ts";
import { MAX_CLAUSES, tooManyClauses } from "./max_clauses.ts";
import type { BoolQuery, Query, QueryBody, QueryStringQuery } from "./query.ts";
import { queryStringTokens, type Token, type TokenKind } from "./query_string_tokens.ts";
import { REGEXP_FLAGS } from "./lucene_regexp.ts";

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
  readonly #query: QueryStringQuery;
  readonly #mapping: Mapping;
  readonly #tokens: Token[];
  #at = 0;
  #depth = 0;

  constructor(query: QueryStringQuery, mapping: Mapping) {
    this.#query = query;
    this.#mapping = mapping;
    this.#tokens = queryStringTokens(query.text);
  }

  parse(): Query {
    const query = this.#clauses(undefined);
    if (this.#peek() !== "EOF") throw this.#error();
    return query;
  }

  /** @param field undefined for the default fields */
  #clauses(field: string | undefined): Query {
    if (++this.#depth > MAX_DEPTH) throw this.#error();
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
      if (!CLAUSE_STARTS.includes(this.#peek())) {
        if (!isFirst && conjunction === "none" && modifier === "none") break;
        throw this.#error();
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
    return this.#peek() === "TERM" && this.#peek(1) === "TERM" &&
      !AFTER_TERM_ONLY.includes(this.#peek(2));
  }

  #severalWords(field: string | undefined): Query {
    const words = [this.#next().text];
    while (this.#peek() === "TERM" && !AFTER_TERM_ONLY.includes(this.#peek(1))) {
      words.push(this.#next().text);
    }
    return this.#term(field, this.#unescaped(words.join(" ")), false);
  }

  #conjunction(): "and" | "or" | "none" {
    if (this.#accept("AND")) return "and";
    return this.#accept("OR") ? "or" : "none";
  }

  #modifier(): "required" | "excluded" | "none" {
    if (this.#accept("PLUS")) return "required";
    return this.#accept("MINUS") || this.#accept("NOT") ? "excluded" : "none";
  }

  #add(
    clauses: Clause[],
    conjunction: "and" | "or" | "none",
    modifier: "required" | "excluded" | "none",
    query: Query,
  ): void {
    const isAnd = this.#query.defaultOperator === "and";
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
      minimumShouldMatch: undefined,
      adjustPureNegative: true,
    };
    return { ...bool, boost: 1 };
  }

  #clause(outer: string | undefined): Query {
    let field = outer;
    if (this.#peek(1) === "COLON" && (this.#peek() === "TERM" || this.#peek() === "STAR")) {
      const { kind, text } = this.#next();
      field = kind === "STAR" ? "*" : this.#unescaped(text);
      this.#next();
    }
    if (!this.#accept("LPAREN")) return this.#single(field);
    const query = this.#clauses(field);
    if (!this.#accept("RPAREN")) throw this.#error();
    return withBoost(query, this.#boost());
  }

  #single(field: string | undefined): Query {
    const { kind, text } = this.#next();
    switch (kind) {
      case "RANGEIN_START":
      case "RANGEEX_START":
        return this.#range(field, kind === "RANGEIN_START");
      case "QUOTED": {
        const boost = this.#suffix(text, true);
        return withBoost(this.#term(field, this.#unescaped(text.slice(1, -1)), true), boost);
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
          ? this.#term(field, text.slice(0, 1), false)
          : kind === "STAR" || kind === "WILDTERM"
          ? this.#wildcard(field, text)
          : kind === "PREFIXTERM"
          ? this.#prefix(field, this.#unescaped(text.slice(0, -1)))
          : kind === "REGEXPTERM"
          ? this.#regexp(field, text.slice(1, -1))
          : this.#term(field, this.#unescaped(text), false);
        return withBoost(query, boost);
      }
      default:
        this.#at--;
        throw this.#error();
    }
  }

  /** What may follow a term: a boost, and how far words may be apart, in any order. */
  #suffix(text: string, isQuoted: boolean): number {
    const isFuzzyFirst = this.#accept("FUZZY_SLOP");
    const boost = this.#boost();
    if (isFuzzyFirst || this.#accept("FUZZY_SLOP")) {
      if (!isQuoted) throw unsupported(`The fuzzy term [${text}~]`);
    }
    return boost;
  }

  #boost(): number {
    if (!this.#accept("CARAT")) return 1;
    if (this.#peek() !== "NUMBER") throw this.#error();
    return Math.fround(Number(this.#next().text));
  }

  #range(field: string | undefined, includesFrom: boolean): Query {
    const from = this.#bound();
    if (!this.#accept("RANGE_TO")) throw this.#error();
    const to = this.#bound();
    const includesTo = this.#accept("RANGEIN_END");
    if (!includesTo && !this.#accept("RANGEEX_END")) throw this.#error();
    return withBoost(this.#rangeOf(field, from, to, includesFrom, includesTo), this.#boost());
  }

  #bound(): string | undefined {
    const { kind, text } = this.#next();
    if (kind === "RANGE_QUOTED") return openBound(this.#unescaped(text.slice(1, -1)));
    if (kind === "RANGE_GOOP" || kind === "RANGE_TO") return openBound(this.#unescaped(text));
    this.#at--;
    throw this.#error();
  }

  #rangeOf(
    field: string | undefined,
    from: string | undefined,
    to: string | undefined,
    includesFrom: boolean,
    includesTo: boolean,
  ): Query {
    const { lenient, offsetMs } = this.#query;
    return this.#each(field, (field) => ({
      kind: "range",
      ...{ field, from, to, includesFrom, includesTo, lenient, offsetMs },
      format: undefined,
    }));
  }

  #term(field: string | undefined, text: string, isQuoted: boolean): Query {
    if (field === "_exists_") return { kind: "exists", field: text, boost: 1 };
    const [, operator, bound] = /^([<>]=?)([^]+)$/.exec(text) ?? [];
    // A list of fields as default isn't one field that could have a range.
    const canBeRange = !isQuoted && (field !== undefined || !this.#query.hasFieldList);
    if (canBeRange && operator !== undefined) {
      const isIncluded = operator.length === 2;
      return operator.startsWith(">")
        ? this.#rangeOf(field, openBound(bound!), undefined, isIncluded, true)
        : this.#rangeOf(field, undefined, openBound(bound!), true, isIncluded);
    }
    const { lenient } = this.#query;
    return this.#each(field, (field) => ({ kind: "term", field, value: text, lenient }));
  }

  #wildcard(field: string | undefined, pattern: string): Query {
    const one = field ??
      (this.#query.hasFieldList ? undefined : [...this.#query.fields.keys()][0]!);
    if (pattern === "*" && one !== undefined) {
      return one === "*" || one === "_all"
        ? { kind: "match_all", boost: 1 }
        : { kind: "exists", field: one, boost: 1 };
    }
    return this.#each(field, (field) => {
      if (pattern === "*") return { kind: "exists", field };
      this.#checkStart(pattern, /^[*?]/);
      return { kind: "wildcard", field, pattern, isChecked: false };
    });
  }

  #prefix(field: string | undefined, prefix: string): Query {
    const { lenient } = this.#query;
    return this.#each(field, (field) => {
      this.#checkStart(prefix, /^\*/);
      return { kind: "prefix", field, prefix, lenient, isChecked: true };
    });
  }

  #checkStart(text: string, wildcard: RegExp): void {
    if (!this.#query.allowsLeadingWildcard && wildcard.test(text)) throw this.#error();
  }

  #regexp(field: string | undefined, pattern: string): Query {
    const { lenient } = this.#query;
    const flags = REGEXP_FLAGS.ALL!;
    return this.#each(field, (field) => ({
      kind: "regexp",
      ...{ field, pattern, flags, lenient },
      isChecked: false,
    }));
  }

  /** The best of the same query on each field. */
  #each(field: string | undefined, make: (field: string) => QueryBody): Query {
    const patterns = field === undefined ? this.#query.fields : new Map([[field, 1]]);
    const queries = [...patterns].flatMap(([pattern, boost]) =>
      fieldsLike(this.#mapping, pattern).map((one): Query => ({ ...make(one), boost }))
    );
    if (queries.length === 0) return { kind: "match_none", boost: 1 };
    return queries.length === 1 ? queries[0]! : { kind: "dis_max", queries, boost: 1 };
  }

  #unescaped(text: string): string {
    return text.replace(/\\(?:u([^]{0,4})|([^])|$)/g, (_, code?: string, character?: string) => {
      if (character !== undefined) return character;
      if (!/^[0-9a-fA-F]{4}$/.test(code ?? "")) throw this.#error();
      return String.fromCharCode(parseInt(code!, 16));
    });
  }

  #peek(ahead = 0): TokenKind {
    return this.#tokens[this.#at + ahead]?.kind ?? "EOF";
  }

  #next(): Token {
    return this.#tokens[this.#at++] ?? { kind: "EOF", text: "" };
  }

  #accept(kind: TokenKind): boolean {
    if (this.#peek() !== kind) return false;
    this.#at++;
    return true;
  }

  #error(): DslError {
    const { kind, text } = this.#tokens[this.#at] ?? { kind: "EOF", text: "" };
    const found = kind === "EOF" ? "the end" : `[${text}]`;
    return new DslError(
      "query_shard_exception",
      `Failed to parse query [${this.#query.text}]: unexpected ${found}`,
    );
  }
}

function openBound(text: string): string | undefined {
  return text === "*" ? undefined : text;
}

function withBoost(query: Query, boost: number): Query {
  return boost === 1 ? query : { ...query, boost: Math.fround(query.boost * boost) };
}
