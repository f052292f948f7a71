import type { Kinto } from "./kinto.ts";
import { reasonOfReply } from "./kinto_reply.ts";
import { type CollectionName, type KintoRecord, recordRequest } from "./kinto_request.ts";
import type { Outcome } from "./outcome.ts";

/** How {@linkcode publisher} writes. */
export interface PublisherOptions {
  to: CollectionName;
  /** Where each record is counted, and refusals are told. */
  outcome: Outcome;
  /** Leaves records alone that exist, whatever they hold. @default {false} */
  createOnly?: boolean;
}

/**
 * Writes batches of records to a collection, and accounts for each of them.
 *
 * One batch is under way at a time. Batches side by side make Kinto on PostgreSQL answer conflicts
 * and roll back what it has confirmed: measured, they store fewer records a second, not more.
 *
 * A record that is refused doesn't stop the others. What was written stays written, and writing it
 * again changes nothing, so that a job that was killed is simply run again.
 *
 * @throws {ConnectionError} and {@linkcode HttpError}, through the pipe, as soon as the server
 * doesn't take batches at all
 */
export function publisher<T extends KintoRecord>(
  kinto: Kinto,
  { to, outcome, createOnly = false }: PublisherOptions,
): WritableStream<readonly T[]> {
  return new WritableStream({
    async write(records) {
      const requests = records.map((record) => recordRequest(to, record, { createOnly }));
      const replies = await kinto.batch(requests);
      replies.forEach((reply, at) => {
        if (reply.status >= 200 && reply.status < 300) outcome.published++;
        else if (createOnly && reply.status === 412) outcome.existing++;
        else {
          const name = records[at]?.id ?? "(no id)";
          outcome.refuse(name, `server replied ${reply.status} ${reasonOfReply(reply)}`);
        }
      });
    },
  });
}
