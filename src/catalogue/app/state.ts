import { isMoment } from "../../builds/calendar.ts";
import { FACET_NAMES, type FacetName } from "../../builds/facets.ts";
import { wordsIn } from "./search_text.ts";

/** What the page shows. All of it is in the address, so that any view can be shared. */
export interface State {
  /** The text of the search box: words, or an expression in Lucene's syntax. */
  q: string;
  /** The selected values of each facet. */
  facets: Record<FacetName, string[]>;
  /** Days of publication, `2017-06-02`; `""` for any. */
  from: string;
  to: string;
  /** `published`, `built` or `version`, with a minus in front for descending. */
  sort: string;
  /** From 1. */
  page: number;
  /** The build id whose matrix is shown; `""` for none. */
  build: string;
  /** The record that is shown; `""` for none. Takes precedence over `build`. */
  id: string;
}

/** The order of results unless the address names another. */
export const DEFAULT_SORT = "-published";

/** Whether a text has the form of a build id: 10, 12 or 14 digits. */
export function isBuildId(text: string): boolean {
  return /^(\d\d){5,7}$/.test(text);
}

/** Whether a text is a day such as `2017-06-02`. */
export function isDay(text: string): boolean {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? [];
  return day !== undefined && isMoment(year!, month!, day, "00", "00", "00");
}

/**
 * Reads the query string of an address. Invalid values are ignored. A facet's values may be named as
 * in the addresses of the first Buildhub: `versions[0]=57.0`, `channel[0]=nightly`.
 */
export function stateOf(search: string): State {
  const params = new URLSearchParams(search);
  const valuesOf = (name: string) => {
    const names = new RegExp(`^${name}(s?\\[\\d*\\]|s)?$`);
    const values = [...params].filter(([key]) => names.test(key)).map(([, value]) => value);
    return [...new Set(values)].filter(Boolean);
  };
  const day = (name: string) => isDay(params.get(name) ?? "") ? params.get(name)! : "";
  const page = Number(params.get("page"));
  const sort = params.get("sort") ?? "";
  const build = params.get("build") ?? "";
  return {
    q: params.get("q") ?? "",
    facets: Object.fromEntries(
      FACET_NAMES.map((name) => [name, valuesOf(name)]),
    ) as Record<FacetName, string[]>,
    from: day("from"),
    to: day("to"),
    sort: /^-?(published|built|version)$/.test(sort) ? sort : DEFAULT_SORT,
    page: Number.isInteger(page) && page > 0 ? page : 1,
    build: isBuildId(build) ? build : "",
    id: params.get("id") ?? "",
  };
}

/** The query string of a state, without what has its default value. */
export function searchOf({ q, facets, from, to, sort, page, build, id }: State): string {
  const params = new URLSearchParams();
  if (q.trim() !== "") params.set("q", q.trim());
  for (const name of FACET_NAMES) {
    for (const value of facets[name]) params.append(name, value);
  }
  if (from !== "") params.set("from", from);
  if (to !== "") params.set("to", to);
  if (sort !== DEFAULT_SORT) params.set("sort", sort);
  if (page > 1) params.set("page", String(page));
  if (build !== "") params.set("build", build);
  if (id !== "") params.set("id", id);
  return params.toString();
}

/** The address of a state, from the catalogue's root. */
export function hrefOf(state: State): string {
  const search = searchOf(state);
  return search === "" ? "/" : `/?${search}`;
}

/** The state without any filter. */
export const EVERYTHING: State = stateOf("");

/** Another list of results: the state with these changes, from the first page. */
export function listWith(state: State, changes: Partial<State>): State {
  return { ...state, page: 1, build: "", id: "", ...changes };
}

/** The list of results with a value of a facet selected, or not. */
export function withChoice(
  state: State,
  name: FacetName,
  value: string,
  isSelected: boolean,
): State {
  const others = state.facets[name].filter((one) => one !== value);
  const facets = { ...state.facets, [name]: isSelected ? [...others, value] : others };
  return listWith(state, { facets });
}

/** The words of the search box; none when it has an expression. */
export function wordsOf({ q }: State): string[] {
  return wordsIn(q);
}
