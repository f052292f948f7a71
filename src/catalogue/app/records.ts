import { type Build, getJson, MOST_SIBLINGS, type Source, SourceError } from "./source.ts";

/** What of a source is the same for every Kinto. */
export function recordsOf(
  recordsUrl: string,
): Pick<Source, "recordsUrl" | "build" | "siblings"> {
  return {
    recordsUrl,
    async build(id, signal) {
      try {
        const url = `${recordsUrl}/${encodeURIComponent(id)}`;
        const { data } = await getJson<{ data: Build }>(url, signal);
        return data;
      } catch (error) {
        // 400: no id at all.
        if (error instanceof SourceError && /^(400|404)$/.test(String(error.status))) return;
        throw error;
      }
    },
    async siblings(build, signal) {
      if (build.build === undefined) return [];
      const params = new URLSearchParams({
        "build.id": JSON.stringify(build.build.id),
        "source.product": JSON.stringify(build.source.product),
        _fields: "target,source.product",
        _sort: "target.platform,target.locale",
        _limit: String(MOST_SIBLINGS),
      });
      const { data } = await getJson<{ data: Build[] }>(`${recordsUrl}?${params}`, signal);
      return data;
    },
  };
}
