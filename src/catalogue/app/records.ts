import { type Build, get, getJson, MOST_BUILDS, type Source, SourceError } from "./source.ts";

/** The part of a source that every Kinto answers with its own filters. */
export function recordsOf(
  recordsUrl: string,
): Pick<Source, "recordsUrl" | "build" | "buildsOf" | "previous"> {
  const list = async (filters: Record<string, string>, signal: AbortSignal, most: number) => {
    const builds: Build[] = [];
    const query = new URLSearchParams({ ...filters, _limit: String(most) });
    let url: string | null = `${recordsUrl}?${query}`;
    // A Kinto may have a lower limit of its own.
    while (url !== null && builds.length < most) {
      const response = await get(url, "GET", signal);
      builds.push(...(await response.json() as { data: Build[] }).data);
      url = response.headers.get("next-page");
    }
    return builds;
  };
  return {
    recordsUrl,
    async build(id, signal) {
      try {
        const url = `${recordsUrl}/${encodeURIComponent(id)}`;
        const { data } = await getJson<{ data: Build }>(url, signal);
        return data;
      } catch (error) {
        // 400: not a valid id.
        if (error instanceof SourceError && /^(400|404)$/.test(String(error.status))) return;
        throw error;
      }
    },
    buildsOf: (buildId, signal) =>
      list(
        {
          // In quotes: Kinto reads bare digits as a number, which no build id equals.
          "build.id": JSON.stringify(buildId),
          _fields: "source,target,download.url,download.date,build.id,build.date,build.number",
          _sort: "target.platform,target.locale",
        },
        signal,
        MOST_BUILDS,
      ),
    async previous({ source, target, build }, signal) {
      if (build === undefined) return undefined;
      const [previous] = await list(
        {
          "lt_build.id": JSON.stringify(build.id),
          "source.product": JSON.stringify(source.product),
          "target.channel": JSON.stringify(target.channel),
          "target.platform": JSON.stringify(target.platform),
          _fields: "source,target,build.id",
          _sort: "-build.id",
        },
        signal,
        1,
      );
      return previous;
    },
  };
}
