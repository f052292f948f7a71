import type { Scalar } from "./json.ts";

/** A query as it was sent: well-formed, but its values aren't checked against the mapping yet. */
export type Query = { boost: number } & QueryBody;

/** What the kinds of queries have. */
export type QueryBody =
  | { kind: "match_all" | "match_none" }
  | {
    kind: "term";
    field: string;
    value: Scalar; /** Wrong values match nothing. */
    lenient: boolean;
  }
  | { kind: "terms"; field: string; values: Scalar[] }
  | RangeQuery
  | TextQuery & { kind: "regexp"; pattern: string; flags: number; lenient: boolean }
  | TextQuery & { kind: "prefix"; prefix: string; lenient: boolean }
  | TextQuery & { kind: "wildcard"; pattern: string }
  | { kind: "ids"; ids: string[] }
  | { kind: "exists"; /** May have wildcards. */ field: string }
  | QueryStringQuery
  | BoolQuery
  | { kind: "constant_score"; filter: Query }
  | { kind: "dis_max"; queries: Query[] };

/** A query of the texts of a field. */
interface TextQuery {
  field: string;
  /** Whether it is an error when the field has no texts; otherwise nothing is found. */
  isChecked: boolean;
}

/** A range of values, open where a bound is undefined. */
export interface RangeQuery {
  kind: "range";
  field: string;
  from: Scalar | undefined;
  to: Scalar | undefined;
  includesFrom: boolean;
  includesTo: boolean;
  /** How dates are written; by default as the mapping says. */
  format: string | undefined;
  /** The time zone of dates without one. */
  offsetMs: number | undefined;
  lenient: boolean;
}

/** Several queries combined. */
export interface BoolQuery {
  kind: "bool";
  must: Query[];
  filter: Query[];
  should: Query[];
  mustNot: Query[];
  /** A number, percentage or condition; undefined when it depends on the other clauses. */
  minimumShouldMatch: string | undefined;
  /** Whether nothing but `must_not` matches all others. */
  adjustPureNegative: boolean;
}

/** A query in Lucene's syntax for people. */
export interface QueryStringQuery {
  kind: "query_string";
  text: string;
  /** The fields of terms that name none, with their boosts; may have wildcards. */
  fields: ReadonlyMap<string, number>;
  /** Whether there was a list of them. */
  hasFieldList: boolean;
  defaultOperator: "and" | "or";
  lenient: boolean;
  allowsLeadingWildcard: boolean;
  minimumShouldMatch: string | undefined;
  offsetMs: number | undefined;
}
