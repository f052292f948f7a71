import { UnreadableBody } from "../errors.ts";
import type { Log } from "../log.ts";
import { type Kinto, type KintoReply } from "./kinto.ts";
import { type CollectionName, collectionPath, recordPath } from "./kinto_request.ts";
import type { KnownRecords, ListedRecord } from "./known_records.ts";

/** Records a page: enough that a request costs little, few enough that a page takes little memory. */
const PAGE_SIZE = 5000;

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
  let since = Math.max(0, position.last_modified - OVERLAP_MS);
  let read = 0;
  let next: Promise<Page> | undefined = readPage(kinto, name, since);
  while (next) {
    const { records, isLast }: Page = await next;
    const last = records.at(-1);
    since = last?.last_modified ?? since;
    // The server works on the next page while this one is taken in.
    next = isLast || !last ? undefined : readPage(kinto, name, since);
    next?.catch(() => {}); // it's awaited above, unless this page fails
    anchored ||= records.some((record) => record.id === start?.id);
    if (last && last.last_modified >= position.last_modified) {
      position = { epoch, last_modified: last.last_modified, id: last.id };
    }
    if (last) known.update(records, position);
    read += records.length;
  }
  return { read, anchored };
}

interface Page {
  records: ListedRecord[];
  isLast: boolean;
}

async function readPage(kinto: Kinto, name: CollectionName, since: number): Promise<Page> {
  const query = `?_since=${since}&_sort=last_modified&_limit=${PAGE_SIZE}`;
  const reply = await accepted(kinto, "GET", recordPath(name) + query);
  const { data } = reply.body as { data?: ListedRecord[] };
  if (!Array.isArray(data)) throw new UnreadableBody(`${recordPath(name)}: no list of records`);
  return { records: data, isLast: !reply.headers.has("next-page") };
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

async function accepted(kinto: Kinto, method: "GET" | "HEAD", path: string): Promise<KintoReply> {
  const reply = await kinto.request({ method, path });
  if (reply.status !== 200) throw kinto.refusal({ method, path }, reply);
  return reply;
}
