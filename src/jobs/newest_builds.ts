import { UnreadableBody } from "../errors/unreadable_body.ts";
import type { Kinto } from "../kinto/kinto.ts";
import { type CollectionName, type KintoRequest, recordPath } from "../kinto/kinto_request.ts";

/** The newest build of a product, channel and platform. */
export interface NewestBuild {
  id: string;
  product: string;
  channel: string;
  platform: string;
  version: string;
  /** When the archive got it: `2017-06-02T12:20:10Z`. */
  date: string;
  /** When the catalogue got it, or its last change; in milliseconds since 1970. */
  publishedMs: number;
}

/** What is asked of each record. */
interface Listed {
  id: string;
  last_modified: number;
  source: { product: string };
  target: { channel: string; platform: string; version: string };
  download: { date?: string };
}

/** What tells builds apart, each within the one before. */
const LEVELS = ["source.product", "target.channel", "target.platform"] as const;

/** Records a page: most pages name all values of a level at once. */
const PAGE_SIZE = 200;

/**
 * The newest build of each product, channel and platform, without reading the collection.
 *
 * Kinto can't group. So the newest records are asked for, then the newest of those whose value isn't
 * known yet, until there are none: level by level, and all of a level in one batch.
 *
 * @throws {HttpError} when the server refuses
 */
export async function newestBuilds(
  kinto: Kinto,
  name: CollectionName,
  batchSize: number,
): Promise<NewestBuild[]> {
  let groups: Group[] = [{ filters: [], newest: undefined }];
  for (const level of LEVELS) groups = await split(groups, level);
  return groups.flatMap(({ newest }) => newest ? [newest] : [])
    .sort((a, b) => keyOf(a) < keyOf(b) ? -1 : 1);

  /** Each group by the values of this level, the newest record of each. */
  async function split(groups: readonly Group[], level: typeof LEVELS[number]): Promise<Group[]> {
    const found = groups.map(() => new Map<string, NewestBuild>());
    let open = [...groups.keys()];
    while (open.length > 0) {
      const requests = open.map((at) =>
        request(groups[at]!.filters, [level, [...found[at]!.keys()]])
      );
      const pages = await ask(requests);
      open = open.filter((at, index) => {
        const page = pages[index]!;
        for (const record of page) {
          const value = valueOf(record, level);
          if (!found[at]!.has(value)) found[at]!.set(value, newestFrom(record));
        }
        return page.length === PAGE_SIZE;
      });
    }
    return groups.flatMap(({ filters }, at) =>
      [...found[at]!].map(([value, newest]) => ({
        filters: [...filters, `${level}=${quoted(value)}`],
        newest,
      }))
    );
  }

  function request(
    filters: readonly string[],
    [level, known]: [string, readonly string[]],
  ): KintoRequest {
    const query = [
      ...filters,
      ...known.length > 0 ? [`exclude_${level}=${known.map(quoted).join(",")}`] : [],
      "_sort=-download.date",
      `_limit=${PAGE_SIZE}`,
      `_fields=${[...LEVELS, "target.version", "download.date"].join(",")}`,
    ];
    return { method: "GET", path: `${recordPath(name)}?${query.join("&")}` };
  }

  async function ask(requests: readonly KintoRequest[]): Promise<Listed[][]> {
    const pages: Listed[][] = [];
    for (let at = 0; at < requests.length; at += batchSize) {
      const some = requests.slice(at, at + batchSize);
      const replies = await kinto.batch(some);
      replies.forEach((reply, index) => {
        if (reply.status !== 200) throw kinto.refusal(some[index]!, reply);
        const { data } = (reply.body ?? {}) as { data?: Listed[] };
        if (!Array.isArray(data)) throw new UnreadableBody(`${kinto.url}: no list of records`);
        pages.push(data);
      });
    }
    return pages;
  }
}

interface Group {
  filters: string[];
  newest: NewestBuild | undefined;
}

function valueOf({ source, target }: Listed, level: typeof LEVELS[number]): string {
  if (level === "source.product") return source.product;
  return level === "target.channel" ? target.channel : target.platform;
}

function newestFrom({ id, last_modified, source, target, download }: Listed): NewestBuild {
  const { channel, platform, version } = target;
  const { date = "" } = download;
  const { product } = source;
  return { id, product, channel, platform, version, date, publishedMs: last_modified };
}

/** A value as a filter wants it: as JSON, so that none passes for a number. */
function quoted(value: string): string {
  return encodeURIComponent(JSON.stringify(value));
}

function keyOf({ product, channel, platform }: NewestBuild): string {
  return [product, channel, platform].join("\t");
}
