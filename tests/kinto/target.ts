import { initialization } from "../../src/kinto/initialization.ts";
import { Kinto, type KintoOptions } from "../../src/kinto/kinto.ts";
import { type CollectionName, recordPath } from "../../src/kinto/kinto_request.ts";
import { load } from "../../src/kinto/load.ts";
import { Log } from "../../src/reporting/log.ts";

/** A Kinto whose pauses are short. */
export function kintoAt(url: string, options: Partial<KintoOptions> = {}): Kinto {
  return new Kinto({ url, auth: "user:pass", backoffMs: 5, retries: 10, ...options });
}

let collections = 0;

/** A new, empty collection of releases. */
export async function newCollection(kinto: Kinto): Promise<CollectionName> {
  const to = { bucket: "build-hub", collection: `releases-${++collections}` };
  await load(kinto, await initialization(to));
  return to;
}

/** All records of a collection by id, as the server has them. */
export async function recordsOf(
  kinto: Kinto,
  name: CollectionName,
): Promise<Map<string, Record<string, unknown>>> {
  const { body } = await kinto.request({ method: "GET", path: recordPath(name) });
  const { data } = body as { data: { id: string }[] };
  return new Map(data.map((record) => [record.id, record]));
}

/** A valid record, told by its number. */
export function record(number: number, size = number) {
  return {
    id: `firefox_${number}-0_linux-x86_64_fr`,
    source: { product: "firefox" },
    target: {
      platform: "linux-x86_64",
      os: "linux",
      locale: "fr",
      version: `${number}.0`,
      channel: "release",
    },
    download: {
      url: `https://archive.mozilla.org/pub/firefox/releases/${number}.0/Firefox Setup.exe`,
      mimetype: "application/msdos-windows",
      size,
      date: "2017-06-02T12:20:10Z",
    },
    build: { id: "20170602100000", date: "2017-06-02T10:00:00Z" },
  };
}

/** The first `count` records. */
export function records(count: number) {
  return Array.from({ length: count }, (_, number) => record(number));
}

/** A log that keeps its lines. */
export function logTo(lines: string[]): Log {
  return new Log({ level: "debug", write: (line) => lines.push(line.trimEnd()) });
}
