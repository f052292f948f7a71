import { refusalOf } from "./advice.ts";
import type { Kinto } from "./kinto.ts";
import { type CollectionName, type KintoRecord, recordRequest } from "./kinto_request.ts";
import type { Outcome } from "./outcome.ts";
import { whyUnstorable } from "./storable.ts";

/** How {@linkcode publisher} writes. */
export interface PublisherOptions {
  to: CollectionName;
  /** Counts each record and reports refusals. */
  outcome: Outcome;
  /** Leaves existing records unchanged. @default {false} */
  createOnly?: boolean;
}

/**
 * Writes batches of records to a collection, and counts each record in the outcome.
 *
 * One batch is in flight at a time. Concurrent batches make Kinto on PostgreSQL answer conflicts and
 * roll back what it has confirmed: they store fewer records per second, not more.
 *
 * A refused record doesn't stop the others; what Kinto can't store isn't sent. Writing a record again changes nothing, so a killed job
 * can simply be run again.
 *
 * @throws like {@linkcode Kinto.batch}, through the pipe, when the server takes no batches
 */
export function publisher<T extends KintoRecord>(
  kinto: Kinto,
  { to, outcome, createOnly = false }: PublisherOptions,
): WritableStream<readonly T[]> {
  return new WritableStream({
    async write(batch) {
      const records = batch.filter((record) => {
        const reason = whyUnstorable(record);
        if (reason !== undefined) outcome.refuse(nameOf(record), reason);
        return reason === undefined;
      });
      const requests = records.map((record) => recordRequest(to, record, { createOnly }));
      const replies = await kinto.batch(requests);
      replies.forEach((reply, at) => {
        if (reply.status >= 200 && reply.status < 300) outcome.published++;
        else if (createOnly && reply.status === 412) outcome.existing++;
        else {
          outcome.refuse(
            nameOf(records[at]),
            `server replied ${reply.status} ${refusalOf(reply)}`,
          );
        }
      });
    },
  });
}

function nameOf(record: KintoRecord | undefined): string {
  return record?.id ?? "(no id)";
}
