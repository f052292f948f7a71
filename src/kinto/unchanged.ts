import type { KintoRecord } from "./kinto_request.ts";
import type { KnownRecords } from "./known_records.ts";
import type { Outcome } from "./outcome.ts";

/** Passes on records that are new or differ from the server's; counts the others. */
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
