import { FACET_NAMES, type FacetName } from "../../builds/facets.ts";
import type { Query } from "../http/query_string.ts";
import { invalidPart } from "../http/refusal.ts";

/** What the results may be sorted by. */
export const SORTS = {
  published: "download.date",
  built: "build.id",
  version: "target.version",
} as const;

/** Results on a page. */
export const PAGE_SIZE = 30;

/** What is searched for. */
export interface SearchQuery {
  /** In lower case; all must be found. */
  words: string[];
  /** Values by facet; any of them will do. None: all will. */
  facets: Record<FacetName, string[]>;
  /** The first and the last day of publication, `2017-06-02`. */
  from: string | undefined;
  to: string | undefined;
  sort: keyof typeof SORTS;
  direction: 1 | -1;
  /** From 1. */
  page: number;
  /** The most values told of a facet. */
  values: number;
}

/** The most words that are heeded. */
const MAX_WORDS = 12;

const MAX_LENGTH = 400;

/** Reads the parameters of a search. @throws {Refusal} 400 naming the wrong one */
export function searchQueryOf(params: Query): SearchQuery {
  const known = ["q", "from", "to", "sort", "page", "values", ...FACET_NAMES];
  for (const name of params.keys()) {
    if (!known.includes(name)) throw wrong(name, `unknown; known are ${known.join(", ")}`);
  }
  const all = (name: string) => [params.get(name) ?? []].flat().filter((value) => value !== "");
  const one = (name: string): string | undefined => {
    const values = all(name);
    if (values.length > 1) throw wrong(name, "given twice");
    if ((values[0]?.length ?? 0) > MAX_LENGTH) throw wrong(name, "too long");
    return values[0];
  };
  const number = (name: string, fallback: number, most: number) => {
    const value = one(name) ?? String(fallback);
    if (!/^\d{1,9}$/.test(value) || Number(value) < 1 || Number(value) > most) {
      throw wrong(name, `not a number from 1 to ${most}`);
    }
    return Number(value);
  };
  const day = (name: string) => {
    const value = one(name);
    if (value === undefined || isDay(value)) return value;
    throw wrong(name, "not a day such as 2017-06-02");
  };
  const sort = one("sort") ?? "-published";
  const [, sign, by = ""] = /^(-?)(\w+)$/.exec(sort) ?? [];
  if (!Object.hasOwn(SORTS, by)) {
    throw wrong("sort", `none of ${Object.keys(SORTS).join(", ")}, with a minus in front or not`);
  }
  return {
    words: [...new Set((one("q") ?? "").toLowerCase().split(/\s+/).filter((word) => word !== ""))]
      .slice(0, MAX_WORDS),
    facets: Object.fromEntries(
      FACET_NAMES.map((name) => [name, [...new Set(all(name))].sort()]),
    ) as Record<FacetName, string[]>,
    from: day("from"),
    to: day("to"),
    sort: by as keyof typeof SORTS,
    direction: sign === "-" ? -1 : 1,
    page: number("page", 1, 1_000_000),
    values: number("values", 30, 10_000),
  };
}

function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));
}

function wrong(name: string, description: string) {
  return invalidPart("querystring", name, description);
}
