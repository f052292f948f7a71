import { FACET_NAMES, type FacetName, FACETS } from "../../builds/facets.ts";
import { type Aggregations, allOf, anyOf, type Query, type SearchBody } from "./dsl.ts";
import { isExpression } from "./search_text.ts";
import { type State, wordsOf } from "./state.ts";
import { beginQuery, wholeQuery } from "./word_queries.ts";

/** Results on a page. */
export const PAGE_SIZE = 30;

/** The last page: Elasticsearch gives the first 10,000 results. */
export const MAX_PAGES = Math.floor(10_000 / PAGE_SIZE);

/** Values of a facet, unless all are needed. */
export const FEW_VALUES = 30;

/** Enough for all values of a facet. */
export const ALL_VALUES = 10_000;

/** What one bar of the chart counts. */
export type Unit = "day" | "week" | "month";

/** Records with impossible dates aren't in the chart. */
const DAYS = { gte: "1998-01-01", lt: "2100-01-01" };

/**
 * Versions by the number of digits of their first number, from the newest. Within each group, the
 * order of texts, which Elasticsearch knows, is that of first numbers: the newest versions are among
 * the first ones.
 */
const VERSIONS_BY_DIGITS = ["[0-9]{3}([^0-9].*)?", "[0-9]{2}([^0-9].*)?", "[0-9]?([^0-9].*)?"];

/** The fields of a build that the list of results shows. */
export const LISTED_FIELDS = [
  ...["id", "source", "target", "download.url", "download.date", "download.size", "build.id"],
];

/** The fields of a build that a build id's page shows. */
const MATRIX_FIELDS = [
  ...["id", "source", "target", "download.url", "download.date"],
  ...["build.id", "build.date", "build.number"],
];

/** The fields of a build that tell how new it is. */
const NEWEST_FIELDS = ["source.product", "target", "download.date", "build.id"];

/** The order of results; equal ones by id, so that pages neither repeat nor skip any. */
export function sortOf(sort: string): object[] {
  const order = sort.startsWith("-") ? "desc" : "asc";
  const field = sort.endsWith("built") ? "build.id" : "download.date";
  return [{ [field]: { order } }, { id: { order: "asc" } }];
}

/**
 * What the words, the expression and the days of a search find.
 *
 * @param isWhole whether a word is a whole value of some build
 */
export function textQuery(state: State, isWhole: (word: string) => boolean): Query {
  const { q, from, to } = state;
  const filters: Query[] = wordsOf(state)
    .map((word) => isWhole(word) ? wholeQuery(word) : beginQuery(word));
  if (isExpression(q)) filters.push({ query_string: { query: q, default_operator: "AND" } });
  if (from !== "" || to !== "") {
    const range = { ...from && { gte: from }, ...to && { lt: `${to}||+1d` } };
    filters.push({ range: { "download.date": range } });
  }
  return allOf(filters);
}

/** The choices in all facets, or in all but one. */
export function facetQuery({ facets }: State, except?: FacetName): Query {
  return allOf(
    FACET_NAMES.filter((name) => name !== except && facets[name].length > 0)
      .map((name) => ({ terms: { [FACETS[name]]: facets[name] } })),
  );
}

/** The values of each facet, counted as if nothing were chosen in it. */
export function facetAggregations(state: State, allValues: boolean): Aggregations {
  return Object.fromEntries(FACET_NAMES.map((name) => {
    const field = FACETS[name];
    const chosen = state.facets[name];
    // Each shard of an index counts all values, or sums would miss some.
    const terms = (more: object) => ({
      terms: { field, size: FEW_VALUES, shard_size: ALL_VALUES, ...more },
    });
    const lists = allValues
      ? { values: terms({ size: ALL_VALUES }) }
      : name !== "version"
      ? { values: terms({}) }
      : Object.fromEntries(
        VERSIONS_BY_DIGITS.map((include, i) => [
          `values${i}`,
          terms({ include, order: { _key: "desc" }, size: FEW_VALUES * 4 }),
        ]),
      );
    const aggs = {
      ...lists,
      total: { cardinality: { field, precision_threshold: 3000 } },
      ...chosen.length > 0 && { chosen: terms({ include: chosen, size: chosen.length }) },
    };
    return [name, { filter: facetQuery(state, name), aggs }];
  }));
}

/** The chart, the first and the last date. */
export function chartAggregation(state: State, unit: Unit): Aggregations {
  const field = "download.date";
  return {
    chart: {
      filter: allOf([facetQuery(state), { range: { [field]: DAYS } }]),
      aggs: {
        first: { min: { field } },
        last: { max: { field } },
        bars: {
          date_histogram: { field, interval: unit },
          aggs: { channels: { terms: { field: FACETS.channel, size: 100 } } },
        },
      },
    },
  };
}

/** Counts the builds with each word as a whole value, whatever else is searched for. */
export function wordsAggregation(words: readonly string[]): Aggregations {
  if (words.length === 0) return {};
  const filters = words.map((word) => wholeQuery(word));
  return { words: { global: {}, aggs: { whole: { filters: { filters } } } } };
}

/** The newest build of each product and channel. */
export function newestRequest(): SearchBody {
  const newest = {
    top_hits: { size: 1, sort: [{ "download.date": { order: "desc" } }], _source: NEWEST_FIELDS },
  };
  const channels = { terms: { field: FACETS.channel, size: 100 }, aggs: { newest } };
  const products = { terms: { field: FACETS.product, size: 100 }, aggs: { channels } };
  return { size: 0, aggs: { products } };
}

/** The build with this id. */
export function buildRequest(id: string): SearchBody {
  return { query: { ids: { values: [id] } }, size: 1 };
}

/** The builds with a build id, by platform and locale. */
export function buildsRequest(buildId: string, from: number, size: number): SearchBody {
  return {
    query: allOf([{ term: { "build.id": buildId } }]),
    sort: ["target.platform", "target.locale", "id"].map((field) => ({ [field]: "asc" })),
    from,
    size,
    _source: MATRIX_FIELDS,
  };
}

/** The build before one of the same product, channel and platform. */
export function previousRequest(
  { product, channel, platform, buildId }: Record<
    "product" | "channel" | "platform" | "buildId",
    string
  >,
): SearchBody {
  return {
    query: allOf([
      { range: { "build.id": { lt: buildId } } },
      { term: { [FACETS.product]: product } },
      { term: { [FACETS.channel]: channel } },
      { term: { [FACETS.platform]: platform } },
    ]),
    sort: [{ "build.id": "desc" }, { id: "asc" }],
    size: 1,
    _source: MATRIX_FIELDS,
  };
}

/** How many builds each word finds alone, and all values of all facets. */
export function unfoundRequest(words: readonly string[]): SearchBody {
  const filters = words.map((word) => anyOf([wholeQuery(word), beginQuery(word)]));
  const values = FACET_NAMES.map((name) => [
    name,
    { terms: { field: FACETS[name], size: ALL_VALUES } },
  ]);
  return {
    size: 0,
    aggs: { found: { filters: { filters } }, ...Object.fromEntries(values) },
  };
}
