import { FACET_NAMES, type FacetName, FACETS } from "../../builds/facets.ts";
import { PRODUCTS } from "../../builds/products.ts";
import { compareVersions } from "../../builds/version_order.ts";
import { recordsOf } from "./records.ts";
import { type Build, type Facet, get, getJson, type Histogram, type Source } from "./source.ts";
import type { State } from "./state.ts";

const PAGE_SIZE = 30;

/** How many of the newest builds give the versions, the locales and the chart. */
const SAMPLE = 3000;

/** Values that are counted with a request each: Kinto has no facets. */
const COUNTED = {
  product: PRODUCTS.filter(({ isDefault }) => isDefault).map(({ name }) => name),
  channel: ["nightly", "aurora", "beta", "release", "esr"],
  platform: [
    ...["win32", "win64", "win64-aarch64", "macosx", "linux-i686", "linux-x86_64"],
    ...["android-api-15", "android-arm"],
  ],
} as const satisfies Partial<Record<FacetName, readonly string[]>>;

const SORT_FIELDS: Record<string, string> = { published: "download.date", built: "build.id" };

/** Any Kinto, by its filters: some counts take a request each, others are missing. */
export function kintoSource(server: string, bucket: string, collection: string): Source {
  const records = `${server}/buckets/${bucket}/collections/${collection}/records`;
  const countOf = async (filters: URLSearchParams, signal?: AbortSignal) => {
    const { headers } = await get(`${records}?${filters}`, "HEAD", signal);
    return Number(headers.get("total-objects") ?? headers.get("total-records"));
  };

  async function facetsOf(state: State, sample: Build[], signal: AbortSignal) {
    const facets = {} as Record<FacetName, Facet>;
    for (const name of FACET_NAMES) {
      const known: readonly string[] | undefined = (COUNTED as Partial<
        Record<FacetName, readonly string[]>
      >)[name];
      const counts = await Promise.all((known ?? []).map(async (value) => ({
        value,
        count: await countOf(
          filtersOf({ ...state, facets: { ...state.facets, [name]: [value] } }),
          signal,
        ),
      })));
      const seen = new Set(sample.map((build) => valueOf(build, name)));
      const all: Facet["values"] = [
        ...counts.filter(({ value, count }) => count > 0 || state.facets[name].includes(value)),
        ...[...seen, ...state.facets[name]]
          .filter((value, i, values) => values.indexOf(value) === i && !known?.includes(value))
          .sort(name === "version" ? (a, b) => compareVersions(b, a) : undefined)
          .map((value) => ({ value })),
      ];
      facets[name] = { total: all.length, values: all };
    }
    return facets;
  }

  return {
    ...recordsOf(records),
    sorts: ["published", "built"],
    async search(state, _allValues, signal) {
      const filters = filtersOf(state);
      const [, minus = "", by = ""] = /^(-?)(\w+)$/.exec(state.sort) ?? [];
      const list = new URLSearchParams(filters);
      list.set("_sort", `${minus}${SORT_FIELDS[by] ?? "download.date"}`);
      list.set("_limit", String(state.page * PAGE_SIZE));
      const [count, { data }] = await Promise.all([
        countOf(filters, signal),
        getJson<{ data: Build[] }>(`${records}?${list}`, signal),
      ]);
      const overview = async () => {
        const newest = new URLSearchParams(filters);
        newest.set("_sort", "-download.date");
        newest.set("_limit", String(SAMPLE));
        newest.set("_fields", "target,source.product,download.date");
        const { data: sample } = await getJson<{ data: Build[] }>(`${records}?${newest}`, signal);
        const histogram = histogramOf(sample);
        return {
          facets: await facetsOf(state, sample, signal),
          histogram: sample.length < count ? { ...histogram, sample: sample.length } : histogram,
        };
      };
      return {
        results: {
          count,
          pages: Math.ceil(count / PAGE_SIZE),
          data: data.slice((state.page - 1) * PAGE_SIZE),
        },
        overview: overview(),
      };
    },
    async newest() {
      const pairs = COUNTED.product.flatMap((product) =>
        COUNTED.channel.map((channel) => ({ product: [product], channel: [channel] }))
      );
      const found = await Promise.all(pairs.map(async (facets) => {
        const params = filtersOf({ q: "", facets, from: "", to: "" });
        params.set("_sort", "-download.date");
        params.set("_limit", "1");
        const { data } = await getJson<{ data: Build[] }>(`${records}?${params}`);
        return data;
      }));
      return found.flat();
    },
  };
}

/** A search as Kinto's filters. Values are in quotes, or `57.0` would be a number. */
export function filtersOf(
  { q, facets, from, to }: Pick<State, "q" | "from" | "to"> & {
    facets: Partial<Record<FacetName, string[]>>;
  },
): URLSearchParams {
  const params = new URLSearchParams();
  for (const word of q.trim().split(/\s+/).filter((word) => word !== "")) {
    params.set(...filterOf(word));
  }
  for (const name of FACET_NAMES) {
    const values = facets[name] ?? [];
    if (values.length > 0) {
      params.append(`in_${FACETS[name]}`, values.map((value) => JSON.stringify(value)).join(","));
    }
  }
  if (from !== "") params.append("min_download.date", JSON.stringify(from));
  if (to !== "") params.append("max_download.date", JSON.stringify(`${to}T23:59:59Z`));
  return params;
}

/** The filter for a word, whose form tells the field. */
function filterOf(word: string): [name: string, value: string] {
  const lower = word.toLowerCase();
  const begins = JSON.stringify(`${word}*`);
  if (/^\d{10,14}$/.test(word)) return [`like_build.id`, begins];
  if (/^(?=.*\d)[0-9a-f]{12,40}$/.test(lower)) {
    return ["like_source.revision", JSON.stringify(`${lower.slice(0, 12)}*`)];
  }
  if (/^\d/.test(word)) return ["like_target.version", begins];
  for (const name of ["product", "channel"] as const) {
    if (COUNTED[name].some((value) => value.startsWith(lower))) {
      return [`like_${FACETS[name]}`, JSON.stringify(`${lower}*`)];
    }
  }
  if (/^(win|mac|linux|android|maemo|eabi)/.test(lower)) return ["like_target.platform", begins];
  return ["like_target.locale", begins];
}

/** Counts builds by day and channel. */
function histogramOf(builds: Build[]): Histogram {
  const dayOf = ({ download }: Build) => (download.date ?? "").slice(0, 10);
  const days = builds.map(dayOf).filter((day) => day !== "").sort();
  const channels = [...new Set(builds.map(({ target }) => target.channel))].sort();
  const starts: string[] = [];
  const last = Date.parse(days.at(-1) ?? "");
  const isLong = last - Date.parse(days[0] ?? "") > 200 * 24 * 3600_000;
  const unitOf = (day: string) => isLong ? `${day.slice(0, 7)}-01` : day;
  for (let at = Date.parse(days[0] ?? ""); at <= last; at += 24 * 3600_000) {
    const start = unitOf(new Date(at).toISOString().slice(0, 10));
    if (start !== starts.at(-1)) starts.push(start);
  }
  const places = new Map(starts.map((start, i) => [start, i]));
  const counts = Object.fromEntries(channels.map((channel) => [channel, starts.map(() => 0)]));
  for (const build of builds) {
    const place = places.get(unitOf(dayOf(build)));
    const own = counts[build.target.channel];
    if (place !== undefined && own) own[place]!++;
  }
  return { unit: isLong ? "month" : "day", starts, channels: counts };
}

function valueOf({ source, target }: Build, name: FacetName): string {
  return name === "product" ? source.product : target[name];
}
