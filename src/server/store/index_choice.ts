import { LruCache } from "../../storage/lru_cache.ts";
import { sortKey } from "./sort_key.ts";
import { type Filter, isIndexed, type Sort } from "./sql.ts";
import { BY_CHANGE, NEWEST_OF } from "./tables.ts";

/** Filters with at least this many matches aren't worth an index of their own. */
const MANY = 300;

/** Counts the objects of a list with this sort key in a field, up to a limit. */
export type CountUpTo = (list: number, field: string, key: string, limit: number) => number;

/**
 * Chooses the index to walk. SQLite can't know that most records are of a few channels: the index of
 * a filter that few objects match is best, otherwise that of the requested order, so that reading
 * stops at the end of the page.
 */
export class IndexChoice {
  readonly #countUpTo: CountUpTo;
  /** Counts of frequent values. They may be out of date: they affect speed only. */
  readonly #frequent = new LruCache<number>(1000);

  constructor(countUpTo: CountUpTo) {
    this.#countUpTo = countUpTo;
  }

  /** The name of the index for a list, by its key. */
  of(list: number, filters: readonly Filter[], sort: readonly Sort[]): string {
    if (filters.some(({ field, operator }) => field === "id" && /^(=|in)$/.test(operator))) {
      return "by id";
    }
    const first = sort[0]?.field ?? "last_modified";
    const equal = filters.filter(({ operator }) => operator === "=");
    const candidates = equal.filter(({ field }) => isIndexed(field));
    const [only] = candidates;
    // Each of these indexes has its objects in the order of their changes.
    if (only && candidates.length === 1 && !isIndexed(first)) return `by ${only.field}`;
    const [fewest] = candidates
      .map(({ field, value }) => ({ field, count: this.#count(list, field, sortKey(value)) }))
      .sort((a, b) => a.count - b.count);
    if (fewest && (fewest.count < MANY || !isIndexed(first))) return `by ${fewest.field}`;
    const isFixed = (name: string) => equal.some(({ field }) => field === name);
    if (first === "download.date" && isFixed("source.product") && isFixed("target.channel")) {
      return NEWEST_OF;
    }
    return isIndexed(first) || first === "id" ? `by ${first}` : BY_CHANGE;
  }

  /** Drops cached counts. */
  clear(): void {
    this.#frequent.clear();
  }

  #count(list: number, field: string, key: string): number {
    return this.#frequent.get(
      `${list} ${field} ${key}`,
      () => this.#countUpTo(list, field, key, MANY),
      (count) => count === MANY,
    );
  }
}
