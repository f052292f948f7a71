import { FACET_NAMES, type FacetName, FACETS } from "../../builds/facets.ts";
import type { PublishedRecord } from "../../builds/record.ts";
import { compareVersions } from "../../builds/version_order.ts";
import {
  type Buckets,
  type ChartAnswer,
  type Facet,
  type FacetAnswer,
  facetOf,
  type Histogram,
  histogramOf,
  unitFor,
  valuesOf,
} from "./answers.ts";
import { allOf, type Bucket, type SearchAnswer, type SearchBody } from "./dsl.ts";
import { nearest } from "./nearest.ts";
import {
  ALL_VALUES,
  buildRequest,
  buildsRequest,
  chartAggregation,
  facetAggregations,
  facetQuery,
  LISTED_FIELDS,
  MAX_PAGES,
  newestRequest,
  PAGE_SIZE,
  previousRequest,
  sortOf,
  textQuery,
  unfoundRequest,
  type Unit,
  wordsAggregation,
} from "./requests.ts";
import { getJson, postJson, SourceError } from "./server.ts";
import { type State, wordsOf } from "./state.ts";
import { versionSlices } from "./version_slices.ts";

/** A record as a server returns it. */
export type Build = PublishedRecord;

/** One page of results. */
export interface Results {
  /** How many builds match, on all pages. */
  count: number;
  /** Pages that can be shown. */
  pages: number;
  data: Build[];
}

/** What is shown beside the results. */
export interface Overview {
  facets: Record<FacetName, Facet>;
  histogram: Histogram;
}

/** A word that finds nothing, and the most similar value. */
export interface Unfound {
  word: string;
  nearest: string | undefined;
}

/** The most builds that are shown of one build id. */
export const MAX_BUILDS = 5000;

type OverviewAnswer = Record<FacetName, FacetAnswer> & {
  chart: ChartAnswer;
  words?: { whole: Buckets };
};

/**
 * Where the page gets its builds from: a collection on a Kinto with the endpoint of
 * kinto-elasticsearch, such as `buildhub serve`. All methods may throw {@linkcode SourceError}.
 */
export class Source {
  /** The URL of the collection's records. */
  readonly recordsUrl: string;
  readonly #server: string;
  readonly #searchUrl: string;
  /** By word: whether it's a whole value of some build. */
  readonly #isWhole = new Map<string, boolean>();

  /** @param server Kinto's URL with the version */
  constructor(server: string, bucket: string, collection: string) {
    const url = `${server}/buckets/${bucket}/collections/${collection}`;
    this.#server = server;
    this.#searchUrl = `${url}/search`;
    this.recordsUrl = `${url}/records`;
  }

  /**
   * Searches builds. The overview may arrive later than the results.
   *
   * @param allValues whether to return all values of facets, or the first of each
   */
  async search(
    state: State,
    allValues: boolean,
    signal: AbortSignal,
  ): Promise<{ results: Results; overview: Overview | Promise<Overview> }> {
    const unit = unitFor(Date.parse(state.from || "1998"), Date.parse(state.to || "2100"));
    const answer = await this.#overview(state, allValues, unit, signal);
    const count = answer.hits.total;
    const isByVersion = state.sort.endsWith("version") && state.page <= MAX_PAGES;
    const data = isByVersion
      ? await this.#byVersion(state, signal)
      : answer.hits.hits.map(({ _source }) => _source as Build);
    const pages = Math.min(Math.ceil(count / PAGE_SIZE), MAX_PAGES);
    const aggregated = answer.aggregations!;
    const facets = Object.fromEntries(
      FACET_NAMES.map((name) => [
        name,
        facetOf(name, aggregated[name], state.facets[name], allValues),
      ]),
    ) as Overview["facets"];
    const results = { count, pages, data };
    // With no builds, a later search may find the words as whole values.
    if (count === 0) this.#isWhole.clear();
    const { chart } = aggregated;
    const finest = unitFor(chart.first.value ?? 0, chart.last.value ?? 0);
    return {
      results,
      overview: finest === unit || chart.first.value === null
        ? { facets, histogram: histogramOf(chart, unit) }
        : this.#histogram(state, finest, signal)
          .then((histogram) => ({ facets, histogram })),
    };
  }

  /** The newest build of each product and channel. */
  async newest(): Promise<Build[]> {
    const { aggregations } = await this.#ask<
      {
        products: Buckets<Bucket & { channels: Buckets<Bucket & { newest: SearchAnswer<never> }> }>;
      }
    >(newestRequest());
    return aggregations!.products.buckets.flatMap(({ channels }) =>
      channels.buckets.flatMap(({ newest }) => buildsIn(newest))
    );
  }

  /** One build; undefined if there is none with this id. */
  async build(id: string, signal: AbortSignal): Promise<Build | undefined> {
    return buildsIn(await this.#ask(buildRequest(id), signal))[0];
  }

  /**
   * The builds with this build id, sorted by platform and locale, {@linkcode MAX_BUILDS} at most.
   * Their downloads have only a URL and a date, their builds an id, a date and a number.
   */
  async buildsOf(buildId: string, signal: AbortSignal): Promise<Build[]> {
    const builds: Build[] = [];
    // A server's limit may be lower than the size that is asked for.
    while (builds.length < MAX_BUILDS) {
      const request = buildsRequest(buildId, builds.length, MAX_BUILDS - builds.length);
      const answer = await this.#ask(request, signal);
      builds.push(...buildsIn(answer));
      if (answer.hits.hits.length === 0 || builds.length >= answer.hits.total) break;
    }
    return builds;
  }

  /**
   * A build of the same product, channel and platform with the next lower build id: its source,
   * target and build id. Undefined if there is none.
   */
  async previous({ source, target, build }: Build, signal: AbortSignal) {
    if (build === undefined) return undefined;
    const { product } = source;
    const { channel, platform } = target;
    const request = previousRequest({ product, channel, platform, buildId: build.id });
    return buildsIn(await this.#ask(request, signal))[0];
  }

  /** Those of the words that find nothing, each by itself. */
  async unfound(words: readonly string[], signal: AbortSignal): Promise<Unfound[]> {
    type Answer = Record<FacetName, Buckets> & { found: Buckets };
    const { aggregations } = await this.#ask<Answer>(unfoundRequest(words), signal);
    const { found } = aggregations!;
    const values = FACET_NAMES.flatMap((name) => valuesOf(aggregations![name]))
      .map(({ value }) => value);
    return words.filter((_, i) => found.buckets[i]!.doc_count === 0)
      .map((word) => ({ word, nearest: nearest(word, values) }));
  }

  /**
   * The results but those by version, the facets and the chart. A word is taken for the beginning of
   * a value until an answer says that it's a whole one; then the request is repeated.
   */
  async #overview(state: State, allValues: boolean, unit: Unit, signal: AbortSignal) {
    const words = wordsOf(state);
    const isListed = !state.sort.endsWith("version") && state.page <= MAX_PAGES;
    for (;;) {
      const unknown = words.filter((word) => !this.#isWhole.has(word));
      const answer = await this.#ask<OverviewAnswer>({
        query: this.#textQuery(state),
        post_filter: facetQuery(state),
        sort: sortOf(state.sort),
        from: isListed ? (state.page - 1) * PAGE_SIZE : 0,
        size: isListed ? PAGE_SIZE : 0,
        _source: LISTED_FIELDS,
        aggs: {
          ...facetAggregations(state, allValues),
          ...chartAggregation(state, unit),
          ...wordsAggregation(unknown),
        },
      }, signal);
      for (const [i, { doc_count }] of answer.aggregations!.words?.whole.buckets.entries() ?? []) {
        this.#isWhole.set(unknown[i]!, doc_count > 0);
      }
      if (!unknown.some((word) => this.#isWhole.get(word))) return answer;
    }
  }

  async #histogram(state: State, unit: Unit, signal: AbortSignal): Promise<Histogram> {
    const { aggregations } = await this.#ask<{ chart: ChartAnswer }>({
      query: this.#textQuery(state),
      size: 0,
      aggs: chartAggregation(state, unit),
    }, signal);
    return histogramOf(aggregations!.chart, unit);
  }

  /** A page of results by version: the counts of all versions tell which ones are on it. */
  async #byVersion(state: State, signal: AbortSignal): Promise<Build[]> {
    const query = allOf([this.#textQuery(state), facetQuery(state)]);
    const field = FACETS.version;
    const { aggregations } = await this.#ask<{ versions: Buckets }>({
      query,
      size: 0,
      aggs: { versions: { terms: { field, size: ALL_VALUES } } },
    }, signal);
    const direction = state.sort.startsWith("-") ? -1 : 1;
    const counts = valuesOf(aggregations!.versions)
      .sort((a, b) => direction * compareVersions(a.value, b.value));
    const slices = versionSlices(counts, (state.page - 1) * PAGE_SIZE, PAGE_SIZE);
    const parts = await Promise.all(slices.map(async ({ versions, from, size }) => {
      const answer = await this.#ask({
        query: allOf([query, { terms: { [field]: versions } }]),
        sort: sortOf(state.sort),
        from,
        size,
        _source: LISTED_FIELDS,
      }, signal);
      const place = (build: Build) => versions.indexOf(build.target.version);
      return buildsIn(answer).sort((a, b) => place(a) - place(b));
    }));
    return parts.flat();
  }

  #textQuery(state: State) {
    return textQuery(state, (word) => this.#isWhole.get(word) ?? false);
  }

  async #ask<Aggregated = never>(
    body: SearchBody,
    signal?: AbortSignal,
  ): Promise<SearchAnswer<Aggregated>> {
    let answer: Partial<SearchAnswer<Aggregated>>;
    try {
      answer = await postJson<typeof answer>(this.#searchUrl, body, signal);
    } catch (error) {
      // Across origins, a browser doesn't tell that an endpoint doesn't exist.
      const mayBeMissing = error instanceof SourceError &&
        [undefined, 404, 405].includes(error.status);
      if (mayBeMissing && await this.#hasNoSearch(signal)) throw new SourceError("", 404, true);
      throw error;
    }
    // The answer of kinto-elasticsearch when Elasticsearch failed is {}.
    if (answer.hits === undefined) throw new SourceError("Elasticsearch doesn’t answer.", 503);
    return answer as SearchAnswer<Aggregated>;
  }

  /** Whether the server answers, and has no search endpoint. */
  async #hasNoSearch(signal?: AbortSignal): Promise<boolean> {
    try {
      const { capabilities } = await getJson<{ capabilities?: Record<string, unknown> }>(
        `${this.#server}/`,
        signal,
      );
      return capabilities !== undefined && capabilities.elasticsearch === undefined;
    } catch (error) {
      if (signal?.aborted) throw error;
      return false;
    }
  }
}

function buildsIn({ hits }: SearchAnswer<unknown>): Build[] {
  return hits.hits.map(({ _source }) => _source as Build);
}
