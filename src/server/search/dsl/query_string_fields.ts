import { queryStringError } from "./query_string_tokens.ts";
import { REGEXP_FLAGS } from "./lucene_regexp.ts";
import { fieldsLike, type Mapping } from "./mapping.ts";
import type { Query, QueryBody, QueryStringQuery } from "./query.ts";

/** Makes the queries of a query string's terms. A field is undefined for the default ones. */
export class FieldQueries {
  readonly #query: QueryStringQuery;
  readonly #mapping: Mapping;

  constructor(query: QueryStringQuery, mapping: Mapping) {
    this.#query = query;
    this.#mapping = mapping;
  }

  /** A range; open where a bound is undefined or `*`. */
  range(
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

  /** A word, text in quotes, or a bound such as `>=5`. */
  term(field: string | undefined, text: string, isQuoted: boolean): Query {
    if (field === "_exists_") return { kind: "exists", field: text, boost: 1 };
    const [, operator, bound] = /^([<>]=?)([^]+)$/.exec(text) ?? [];
    // A list of fields as default isn't one field that could have a range.
    const canBeRange = !isQuoted && (field !== undefined || !this.#query.hasFieldList);
    if (canBeRange && operator !== undefined) {
      const isIncluded = operator.length === 2;
      return operator.startsWith(">")
        ? this.range(field, openBound(bound!), undefined, isIncluded, true)
        : this.range(field, undefined, openBound(bound!), true, isIncluded);
    }
    const { lenient } = this.#query;
    return this.#each(field, (field) => ({ kind: "term", field, value: text, lenient }));
  }

  /** A text with `*` and `?`; `*` alone asks whether there is any. */
  wildcard(field: string | undefined, pattern: string): Query {
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

  /** The beginning of a text. */
  prefix(field: string | undefined, prefix: string): Query {
    const { lenient } = this.#query;
    return this.#each(field, (field) => {
      this.#checkStart(prefix, /^\*/);
      return { kind: "prefix", field, prefix, lenient, isChecked: true };
    });
  }

  #checkStart(text: string, wildcard: RegExp): void {
    if (!this.#query.allowsLeadingWildcard && wildcard.test(text)) {
      throw queryStringError(this.#query.text, `a wildcard at the start`);
    }
  }

  /** An expression in slashes. */
  regexp(field: string | undefined, pattern: string): Query {
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
}

/** A bound of a range; `*` is none. */
export function openBound(text: string): string | undefined {
  return text === "*" ? undefined : text;
}
