import type { KintoRecord } from "./kinto_request.ts";
import type { KnownRecords } from "./known_records.ts";
import type { Outcome } from "./outcome.ts";

/** Passes on the records that the server doesn't have, or has otherwise; counts the rest. */
export function unchanged<T extends KintoRecord>(
  known: KnownRecords,
  outcome: Outcome,
): TransformStream<T, T> {
  return new TransformStream({
    transform(record, controller) {
      if (known.has(record)) outcome.unchanged++;
      else controller.enqueue(record);
    },
  });
}
