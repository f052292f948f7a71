/** So much text is collected before it's written. */
const BUFFER_CHARACTERS = 64 * 1024;

/** Text is written this long after it came, if not before: a pipe's reader sees it soon. */
const FLUSH_MS = 50;

/**
 * Lines → bytes on `output`, in large pieces. `output` is closed with it.
 *
 * @param lineOf makes a line of an item, or undefined for none. @default {strings are lines}
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
  // One at a time: text isn't taken from the buffer before the output has room for it.
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
      // A failure is seen by the next write or by close: the stream is errored then.
      else timer ??= setTimeout(() => flush().catch(() => {}), FLUSH_MS);
    },
    async close() {
      await flush();
      await writer.close();
    },
    async abort(reason) {
      // What was complete before the failure isn't lost with it.
      await flush().catch(() => {});
      await writer.abort(reason);
    },
  });
}
