import { UnreadableBody } from "../errors/unreadable_body.ts";
import type { Log } from "../reporting/log.ts";
import type { Kinto } from "./kinto.ts";
import type { KintoReply } from "./kinto_reply.ts";
import { type CollectionName, collectionPath, recordPath } from "./kinto_request.ts";
import type { KnownRecords, ListedRecord } from "./known_records.ts";

/** Records per page: requests stay few, and a page takes little memory. */
const PAGE_SIZE = 2000;

/**
 * Changes of this time are read again. A change gets its timestamp when it's made, but appears when
 * its transaction ends, so changes don't appear in the order of their timestamps.
 */
const OVERLAP_MS = 60_000;

/** How often to count again when others are writing. */
const COUNTING_ATTEMPTS = 3;

/**
 * Reads what has changed on the server since the last time, with `_since` and pages, the oldest
 * change first, so that an interrupted refresh is resumed.
 *
 * Detects a server that was flushed, restored or replaced, and then reads everything: when the
 * collection's own last_modified differs, when the latest change that was read is no longer there, or
 * when the server has another number of records.
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
    log.info(`The collection was changed or recreated: ${of} is read again`);
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

/** Reads all pages. `anchored`: the latest known change was among them. */
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
    // The server prepares the next page while this one is received and stored.
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

/** A page that is being fetched. */
interface Page {
  /** The query of the next page, from the headers; it may change when the request is repeated. */
  nextHint: Promise<string | undefined>;
  /** The records, and the query of the next page; undefined for the last one. */
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
  // One of the two may never be awaited; the other reports the error.
  content.catch(nextHint.reject);
  nextHint.promise.catch(() => {});
  return { nextHint: nextHint.promise, content };
}

function nextQueryOf(headers: Headers): string | undefined {
  const next = headers.get("next-page");
  return next === null ? undefined : new URL(next, "http://localhost").search;
}

/** Whether the server has as many records as are known, once nobody else writes. */
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
