import { FACET_NAMES, type FacetName, FACETS } from "../../builds/facets.ts";
import { hasBit } from "./bits.ts";
import type { BuildIndex } from "./build_index.ts";
import { dayNumber, type Histogram, histogramOf } from "./histogram.ts";
import { LruCache } from "../../storage/lru_cache.ts";
import { intersection, listOf, type RecordSet } from "./record_set.ts";
import { PAGE_SIZE, type SearchQuery, SORTS } from "./search_query.ts";
import { recordsBetween, recordsWith, recordsWithValues } from "./words.ts";

/** How many records have each value of a facet. */
export interface Facet {
  /** How many values there are. */
  total: number;
  /** Those with the most records, versions from the newest; what is asked for always is there. */
  values: { value: string; count: number }[];
}

/** What is found, apart from the results themselves. */
export interface Found {
  count: number;
  /** The overview as JSON, since it is the same for every page. */
  overview: string;
}

/** What is told of all that was found. */
export interface Overview {
  /** For each facet, what there would be without a choice in it. */
  facets: Record<FacetName, Facet>;
  histogram: Histogram;
}

/** Sets of few records are found again as fast as they are remembered. */
const isLarge = ({ list }: RecordSet) => list === undefined || list.length > 500;

/** Searches the records of one index. What it finds is remembered until they change. */
export class Search {
  /** By word, and by choice. */
  readonly #sets = new LruCache<RecordSet>(256);
  /** By query: a page is asked for after its count. */
  readonly #combined = new LruCache<RecordSet>(64);
  readonly #counts = new LruCache<Uint32Array>(1000);
  readonly #found = new LruCache<Found>(2000);
  #dayOf = new Int32Array(0);
  #version = -1;

  constructor(readonly index: BuildIndex) {}

  /** Counts what is found. */
  find(query: SearchQuery): Found {
    this.#forgetIfChanged();
    return this.#found.get(JSON.stringify([...keyOf(query), query.values]), () => {
      const records = listOf(this.#matching(query));
      const overview: Overview = {
        facets: Object.fromEntries(
          FACET_NAMES.map((name) => [name, this.#facet(query, name, records)]),
        ) as Record<FacetName, Facet>,
        histogram: histogramOf(this.index, records, this.#dayOf),
      };
      return { count: records.length, overview: JSON.stringify(overview) };
    });
  }

  /** The records of the query's page, in order. */
  page(query: SearchQuery): number[] {
    const { count } = this.find(query);
    const begin = (query.page - 1) * PAGE_SIZE;
    if (begin >= count) return [];
    const matching = this.#matching(query);
    const { ranks, records } = this.index.grouped(SORTS[query.sort]);
    // Walking all records in order soon finds those of a page where many match.
    if (!matching.bits || count * count < (begin + PAGE_SIZE) * records.length) {
      const { codes } = this.index.columns[SORTS[query.sort]];
      const members = [...listOf(matching)];
      members.sort((a, b) => query.direction * (ranks[codes[a]!]! - ranks[codes[b]!]! || a - b));
      return members.slice(begin, begin + PAGE_SIZE);
    }
    const page: number[] = [];
    let toSkip = begin;
    const { length } = records;
    for (let i = 0; i < length && page.length < PAGE_SIZE; i++) {
      const record = records[query.direction < 0 ? length - 1 - i : i]!;
      if (hasBit(matching.bits, record) && toSkip-- <= 0) page.push(record);
    }
    return page;
  }

  /** The newest record of each product and channel, the newest first. */
  newest(): number[] {
    this.#forgetIfChanged();
    const { ranks, records } = this.index.grouped("download.date");
    const dates = this.index.columns["download.date"].codes;
    const products = this.index.columns["source.product"].codes;
    const channels = this.index.columns["target.channel"];
    const newest = new Map<number, number>();
    for (let i = records.length - 1; i >= 0; i--) {
      const record = records[i]!;
      const key = products[record]! * channels.values.length + channels.codes[record]!;
      if (dates[record] !== 0 && !newest.has(key)) newest.set(key, record);
    }
    return [...newest.values()].sort((a, b) => ranks[dates[b]!]! - ranks[dates[a]!]!);
  }

  #matching(query: SearchQuery, without?: FacetName): RecordSet {
    const sets: RecordSet[] = [];
    const add = (name: string, make: () => RecordSet) =>
      sets.push(this.#sets.get(name, make, isLarge));
    for (const word of query.words) add(`word ${word}`, () => recordsWith(this.index, word));
    for (const name of FACET_NAMES) {
      const values = query.facets[name];
      if (name === without || values.length === 0) continue;
      const key = JSON.stringify([name, ...values]);
      add(key, () => recordsWithValues(this.index, FACETS[name], values));
    }
    const { from, to } = query;
    if (from !== undefined || to !== undefined) {
      add(`days ${from} ${to}`, () => recordsBetween(this.index, from, to));
    }
    const all = { bits: this.index.live };
    if (sets.length < 2) return intersection(all, sets);
    const key = JSON.stringify([...keyOf(query), without]);
    return this.#combined.get(key, () => intersection(all, sets), isLarge);
  }

  #facet(query: SearchQuery, name: FacetName, matching: Uint32Array): Facet {
    const chosen = query.facets[name];
    const { codes, values } = this.index.columns[FACETS[name]];
    // Where nothing is chosen in a facet, other queries count the same.
    const open = { ...query, facets: { ...query.facets, [name]: [] } };
    const counts = this.#counts.get(JSON.stringify([name, keyOf(open)]), () => {
      const records = chosen.length > 0 ? listOf(this.#matching(query, name)) : matching;
      const counts = new Uint32Array(values.length);
      for (let i = 0; i < records.length; i++) counts[codes[records[i]!]!]!++;
      return counts;
    });
    const { ranks } = this.index.grouped("target.version");
    const found = values.map((_, code) => code).filter((code) => code > 0 && counts[code]! > 0);
    found.sort(
      name === "version"
        ? (a, b) => ranks[b]! - ranks[a]!
        : (a, b) => counts[b]! - counts[a]! || (values[a]! < values[b]! ? -1 : 1),
    );
    const told = found.filter((code, i) => i < query.values || chosen.includes(values[code]!))
      .map((code) => ({ value: values[code]!, count: counts[code]! }));
    const missing = chosen.filter((value) => !told.some((one) => one.value === value));
    return {
      total: found.length,
      values: [...told, ...missing.map((value) => ({ value, count: 0 }))],
    };
  }

  #forgetIfChanged(): void {
    // What is derived must be there before a change can raise the version.
    const { live: _, version } = this.index;
    if (version === this.#version) return;
    this.#sets.clear();
    this.#combined.clear();
    this.#counts.clear();
    this.#found.clear();
    const dates = this.index.columns["download.date"].values;
    const known = this.#dayOf;
    this.#dayOf = new Int32Array(dates.length);
    this.#dayOf.set(known);
    for (let code = known.length; code < dates.length; code++) {
      this.#dayOf[code] = dayNumber(dates[code]!);
    }
    this.#version = version;
  }
}

/** What of a query decides on what is found, whatever the page. */
function keyOf({ words, facets, from, to }: SearchQuery): unknown[] {
  return [words, FACET_NAMES.map((name) => facets[name]), from, to];
}
