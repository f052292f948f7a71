/** A query of Elasticsearch's query DSL. */
export type Query = { readonly [kind: string]: unknown };

/** Aggregations by name. */
export type Aggregations = { readonly [name: string]: unknown };

/** A search request. */
export interface SearchBody {
  query?: Query;
  /** Filters the hits, but not the aggregations. */
  post_filter?: Query;
  aggs?: Aggregations;
  sort?: object[];
  size: number;
  from?: number;
  _source?: string[];
}

/** A bucket of an aggregation, with the aggregations inside it by name. */
export interface Bucket {
  key: string;
  /** Of a bucket by date: `2017-06-02T00:00:00.000Z`. */
  key_as_string?: string;
  doc_count: number;
}

/** The answer to a search request. */
export interface SearchAnswer<Aggregated> {
  hits: { total: number; hits: { _source: unknown }[] };
  aggregations?: Aggregated;
}

/** Matches what all queries match, without scores. */
export function allOf(filter: readonly Query[]): Query {
  return { bool: { filter } };
}

/** Matches what at least one query matches. */
export function anyOf(should: readonly Query[]): Query {
  return { bool: { should, minimum_should_match: 1 } };
}

/** A regular expression of Lucene for a text in any case. */
export function inAnyCase(text: string): string {
  return [...text].map((character) => {
    const [lower, upper] = [character.toLowerCase(), character.toUpperCase()];
    if (lower !== upper) return `[${lower}${upper}]`;
    return /[\w-]/.test(character) ? character : `\\${character}`;
  }).join("");
}

/** A pattern of `wildcard` that matches a text as it is. */
export function wildcardFor(text: string): string {
  return text.replace(/[\\*?]/g, "\\$&");
}
