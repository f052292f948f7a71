import { FACET_NAMES } from "../../builds/facets.ts";
import { recordsOf } from "./records.ts";
import { type Build, getJson, type Overview, type Results, type Source } from "./source.ts";
import type { State } from "./state.ts";

/** The search endpoint of `buildhub serve`: one request returns results and overview. */
export function searchSource(server: string, bucket: string, collection: string): Source {
  const search = `${server}/__search__/${bucket}/${collection}`;
  return {
    ...recordsOf(`${server}/buckets/${bucket}/collections/${collection}/records`),
    sorts: ["published", "built", "version"],
    async search(state, allValues, signal) {
      const params = paramsOf(state);
      if (allValues) params.set("values", "10000");
      const { count, pages, data, facets, histogram } = await getJson<Results & Overview>(
        `${search}?${params}`,
        signal,
      );
      return {
        results: { count, pages, data },
        overview: { facets, histogram },
      };
    },
    async newest() {
      const { data } = await getJson<{ data: Build[] }>(`${search}/newest`);
      return data;
    },
  };
}

function paramsOf({ q, facets, from, to, sort, page }: State): URLSearchParams {
  const params = new URLSearchParams({ q, sort, page: String(page) });
  for (const name of FACET_NAMES) {
    for (const value of facets[name]) params.append(name, value);
  }
  if (from !== "") params.set("from", from);
  if (to !== "") params.set("to", to);
  return params;
}
