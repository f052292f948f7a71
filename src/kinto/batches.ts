/**
 * Groups items into lists of `limit`; the last one may be shorter.
 *
 * @example
 * ```ts
 * import { batches } from "./batches.ts";
 * const lists = await Array.fromAsync(ReadableStream.from([1, 2, 3]).pipeThrough(batches(2)));
 * if (JSON.stringify(lists) !== "[[1,2],[3]]") throw new Error();
 * ```
 */
export function batches<T>(limit: number): TransformStream<T, T[]> {
  let batch: T[] = [];
  return new TransformStream<T, T[]>({
    transform(item, controller) {
      batch.push(item);
      if (batch.length < limit) return;
      controller.enqueue(batch);
      batch = [];
    },
    flush(controller) {
      if (batch.length > 0) controller.enqueue(batch);
    },
  });
}
