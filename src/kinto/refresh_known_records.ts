import { UnreadableBody } from "../errors/unreadable_body.ts";
import type { Log } from "../reporting/log.ts";
import type { Kinto } from "./kinto.ts";
import type { KintoReply } from "./kinto_reply.ts";
import { type CollectionName, collectionPath, recordPath } from "./kinto_request.ts";
import type { KnownRecords, ListedRecord } from "./known_records.ts";

/** Records a page: so many that a request costs little, so few that a page takes little memory. */
const PAGE_SIZE = 2000;

/**
 * What is read again each time. A change gets its time when it's made, and is seen when its
 * transaction ends, so that changes don't appear in the order of their times.
 */
const OVERLAP_MS = 60_000;

/** How often to look again for a moment in which nobody writes. */
const COUNTING_ATTEMPTS = 3;

/**
 * Reads what has changed on the server since the last time: `_since` and pages, the oldest change
 * first, so that an interrupted reading goes on where it was.
 *
 * Notices a server that was flushed, restored or replaced, and then reads everything: when the
 * collection's own last_modified is another one, when the latest change that was read isn't there
 * any more, or when the server counts other than what is known.
 *
 * @returns how many records were read
 * @throws as {@linkcode Http} does, and {@linkcode HttpError} for a collection that can't be read
 */
export async function refreshKnownRecords(
  known: KnownRecords,
  kinto: Kinto,
  { bucket, collection, log }: CollectionName & { log: Log },
): Promise<number> {
  const name = { bucket, collection };
  const of = `what is known of ${bucket}/${collection}`;
  const epoch = await epochOf(kinto, name);
  let read = 0;
  if (known.position && known.position.epoch !== epoch) {
    log.info(`The collection was changed or made anew: ${of} is read again`);
    known.clear();
  } else if (known.position) {
    const changes = await readChanges(known, kinto, name, epoch);
    read += changes.read;
    const lost = !changes.anchored || !await countsAgree(known, kinto, name, epoch);
    if (!lost) return read;
    log.warning(`The server was flushed, restored or replaced: ${of} is read again`);
    known.clear();
  }
  return read + (await readChanges(known, kinto, name, epoch)).read;
}

/** Reads pages to the end. `anchored`: the latest change that was known has been seen again. */
async function readChanges(
  known: KnownRecords,
  kinto: Kinto,
  name: CollectionName,
  epoch: number,
): Promise<{ read: number; anchored: boolean }> {
  const start = known.position;
  let anchored = start === undefined;
  let position = start ?? { epoch, last_modified: 0, id: "" };
  let read = 0;
  const since = Math.max(0, position.last_modified - OVERLAP_MS);
  let page: Page | undefined = readPage(
    kinto,
    `${recordPath(name)}?_since=${since}&_sort=last_modified&_limit=${PAGE_SIZE}`,
  );
  while (page) {
    const hint: string | undefined = await page.nextHint;
    // The server works on the next page while this one arrives and is taken in.
    const prefetched: Page | undefined = hint
      ? readPage(kinto, recordPath(name) + hint)
      : undefined;
    const { records, nextQuery } = await page.content;
    const last = records.at(-1);
    anchored ||= records.some((record) => record.id === start?.id);
    if (last && last.last_modified >= position.last_modified) {
      position = { epoch, last_modified: last.last_modified, id: last.id };
    }
    if (last) known.update(records, position);
    read += records.length;
    if (nextQuery === hint) page = prefetched;
    else {
      await prefetched?.content.catch(() => {});
      page = nextQuery ? readPage(kinto, recordPath(name) + nextQuery) : undefined;
    }
  }
  return { read, anchored };
}

/** A page under way. */
interface Page {
  /** What seems to ask for the next one; known soon, and wrong when the answer turns out bad. */
  nextHint: Promise<string | undefined>;
  /** The records, and what asks for the next page; undefined for the last one. */
  content: Promise<{ records: ListedRecord[]; nextQuery?: string }>;
}

function readPage(kinto: Kinto, path: string): Page {
  const nextHint = Promise.withResolvers<string | undefined>();
  const content = accepted(kinto, "GET", path, (headers) => nextHint.resolve(nextQueryOf(headers)))
    .then(({ headers, body }) => {
      const { data } = (body ?? {}) as { data?: ListedRecord[] };
      if (!Array.isArray(data)) throw new UnreadableBody(`${kinto.url}${path}: no list of records`);
      return { records: data, nextQuery: nextQueryOf(headers) };
    });
  // Whoever awaits one of the two is told; the other may be left alone.
  content.catch(nextHint.reject);
  nextHint.promise.catch(() => {});
  return { nextHint: nextHint.promise, content };
}

function nextQueryOf(headers: Headers): string | undefined {
  const next = headers.get("next-page");
  return next === null ? undefined : new URL(next, "http://localhost").search;
}

/** Whether the server has as many records as are known, asked at a moment when nobody writes. */
async function countsAgree(
  known: KnownRecords,
  kinto: Kinto,
  name: CollectionName,
  epoch: number,
): Promise<boolean> {
  for (let attempt = 1;; attempt++) {
    const { headers } = await accepted(kinto, "HEAD", recordPath(name));
    const total = headers.get("total-objects") ?? headers.get("total-records");
    if (total === null || Number(total) === known.size) return true;
    if (attempt === COUNTING_ATTEMPTS) return false;
    await readChanges(known, kinto, name, epoch);
  }
}

async function epochOf(kinto: Kinto, name: CollectionName): Promise<number> {
  const { body } = await accepted(kinto, "GET", collectionPath(name));
  return Number((body as { data?: { last_modified?: unknown } }).data?.last_modified ?? 0);
}

async function accepted(
  kinto: Kinto,
  method: "GET" | "HEAD",
  path: string,
  onHeaders?: (headers: Headers) => void,
): Promise<KintoReply> {
  const reply = await kinto.request({ method, path }, onHeaders);
  if (reply.status !== 200) throw kinto.refusal({ method, path }, reply);
  return reply;
}
