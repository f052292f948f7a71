/** Text is buffered up to this length. */
const BUFFER_CHARACTERS = 64 * 1024;

/** Buffered text is written after this time, so that a pipe's reader sees it soon. */
const FLUSH_MS = 50;

/**
 * Writes lines to `output`, in large chunks. Closing it closes `output`.
 *
 * @param lineOf makes the line of an item; undefined for none. @default {strings are lines}
 */
export function outputLines<Item = string>(
  output: WritableStream<Uint8Array>,
  lineOf: (item: Item) => string | undefined = String,
): WritableStream<Item> {
  const writer = output.getWriter();
  const encoder = new TextEncoder();
  let buffered = "";
  let timer: ReturnType<typeof setTimeout> | undefined;
  let written = Promise.resolve();
  // One write at a time: text stays in the buffer until the output has room for it.
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
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
      // The next write or close reports a failure: the stream is errored then.
      else timer ??= setTimeout(() => flush().catch(() => {}), FLUSH_MS);
    },
    async close() {
      await flush();
      await writer.close();
    },
    async abort(reason) {
      // Writes the lines from before the failure.
      await flush().catch(() => {});
      await writer.abort(reason);
    },
  });
}
