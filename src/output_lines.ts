/** So much text is collected before it's written. */
const BUFFER_CHARACTERS = 64 * 1024;

/** Text is written this long after it came, if not before: a pipe's reader sees it soon. */
const FLUSH_MS = 50;

/** Lines → bytes on `output`, in large pieces. The sink closes `output` when it's closed itself. */
export function outputLines(output: WritableStream<Uint8Array>): WritableStream<string> {
  const writer = output.getWriter();
  const encoder = new TextEncoder();
  let buffered = "";
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = async () => {
    clearTimeout(timer);
    timer = undefined;
    const bytes = encoder.encode(buffered);
    buffered = "";
    await writer.ready;
    if (bytes.length > 0) await writer.write(bytes);
  };
  return new WritableStream({
    async write(line) {
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
      clearTimeout(timer);
      await writer.abort(reason);
    },
  });
}
