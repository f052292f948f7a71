/** Text is written in pieces of at least this length while lines arrive quickly. */
const BUFFER_CHARACTERS = 64 * 1024;

/** A line waits at most this long for others: the reader of a pipe sees it soon. */
const FLUSH_MS = 50;

/** How {@linkcode outputLines} makes lines, and when it writes them. */
export interface OutputLinesOptions<Item> {
  /** The line of an item, without its line break; undefined for none. @default {String} */
  lineOf?: (item: Item) => string | undefined;
  /** Calls a function later, and returns what cancels that. @default {setTimeout} */
  schedule?: (callback: () => void, delayMs: number) => () => void;
}

/**
 * Lines → bytes on `output`, in large pieces. Closing or aborting the stream closes or aborts
 * `output`; in both cases, the lines so far are written first.
 */
export function outputLines<Item = string>(
  output: WritableStream<Uint8Array>,
  { lineOf = String, schedule = scheduleTimeout }: OutputLinesOptions<Item> = {},
): WritableStream<Item> {
  const writer = output.getWriter();
  const encoder = new TextEncoder();
  let buffered = "";
  let cancelFlush: (() => void) | undefined;
  let written = Promise.resolve();
  // One write at a time: text stays in the buffer until the output has room for it.
  const flush = () => {
    cancelFlush?.();
    cancelFlush = undefined;
    return written = written.then(async () => {
      const bytes = encoder.encode(buffered);
      buffered = "";
      if (bytes.length > 0) await writer.write(bytes);
    });
  };
  return new WritableStream({
    async write(item) {
      const line = lineOf(item);
      if (line === undefined) return;
      buffered += `${line}\n`;
      if (buffered.length >= BUFFER_CHARACTERS) await flush();
      // A failure surfaces in the next write or in close: the stream is errored then.
      else cancelFlush ??= schedule(() => flush().catch(() => {}), FLUSH_MS);
    },
    async close() {
      await flush();
      await writer.close();
    },
    async abort(reason) {
      await flush().catch(() => {});
      await writer.abort(reason);
    },
  });
}

function scheduleTimeout(callback: () => void, delayMs: number): () => void {
  const timer = setTimeout(callback, delayMs);
  return () => clearTimeout(timer);
}
