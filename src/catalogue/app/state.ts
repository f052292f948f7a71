import { FACET_NAMES, type FacetName } from "../../builds/facets.ts";

/** What the page shows; all of it is in the address, so that an address can be shared. */
export interface State {
  /** The words in the search box. */
  q: string;
  /** The chosen values. */
  facets: Record<FacetName, string[]>;
  /** Days of publication, `2017-06-02`; `""` for any. */
  from: string;
  to: string;
  /** `published`, `built` or `version`, with a minus in front for descending. */
  sort: string;
  page: number;
  /** The record that is looked at; `""` for the list. */
  id: string;
}

/** The order in which results come when nobody asks for another. */
export const DEFAULT_SORT = "-published";

/** Reads the query string of the address. What makes no sense is as if it weren't there. */
export function stateOf(search: string): State {
  const params = new URLSearchParams(search);
  const day = (name: string) => /^\d{4}-\d\d-\d\d$/.exec(params.get(name) ?? "")?.[0] ?? "";
  const page = Number(params.get("page"));
  const sort = params.get("sort") ?? "";
  return {
    q: params.get("q") ?? "",
    facets: Object.fromEntries(
      FACET_NAMES.map((name) => [name, [...new Set(params.getAll(name))].filter(Boolean)]),
    ) as Record<FacetName, string[]>,
    from: day("from"),
    to: day("to"),
    sort: /^-?(published|built|version)$/.test(sort) ? sort : DEFAULT_SORT,
    page: Number.isInteger(page) && page > 0 ? page : 1,
    id: params.get("id") ?? "",
  };
}

/** The query string of a state: what is as usual is left out. */
export function searchOf({ q, facets, from, to, sort, page, id }: State): string {
  const params = new URLSearchParams();
  if (q.trim() !== "") params.set("q", q.trim());
  for (const name of FACET_NAMES) {
    for (const value of facets[name]) params.append(name, value);
  }
  if (from !== "") params.set("from", from);
  if (to !== "") params.set("to", to);
  if (sort !== DEFAULT_SORT) params.set("sort", sort);
  if (page > 1) params.set("page", String(page));
  if (id !== "") params.set("id", id);
  return params.toString();
}

/** The address of a state, from the catalogue's root. */
export function hrefOf(state: State): string {
  const search = searchOf(state);
  return search === "" ? "/" : `/?${search}`;
}

/** The state in which everything is shown. */
export const EVERYTHING: State = stateOf("");

/** The state with another choice in it; the page begins anew. */
export function withChoice(state: State, name: FacetName, value: string, isChosen: boolean): State {
  const others = state.facets[name].filter((one) => one !== value);
  const facets = { ...state.facets, [name]: isChosen ? [...others, value] : others };
  return { ...state, facets, page: 1, id: "" };
}
