/**
 * The same bytes; calls `onFirstRead` when something reads them first. Nothing is read ahead.
 *
 * @example
 * ```ts
 * import { noticedInput } from "./noticed_input.ts";
 * const reads: string[] = [];
 * const input = noticedInput(ReadableStream.from([new Uint8Array(1)]), () => reads.push("first"));
 * if (reads.length > 0) throw new Error();
 * for await (const _ of input) if (reads.join() !== "first") throw new Error();
 * ```
 */
export function noticedInput(
  input: ReadableStream<Uint8Array<ArrayBuffer>>,
  onFirstRead: () => void,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  let reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>> | undefined;
  return new ReadableStream({
    async pull(controller) {
      if (!reader) {
        onFirstRead();
        reader = input.getReader();
      }
      const { done, value } = await reader.read();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => reader ? reader.cancel(reason) : input.cancel(reason),
  }, { highWaterMark: 0 });
}
