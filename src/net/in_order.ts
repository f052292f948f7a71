/** The two ends of a stage, for `pipeThrough`. */
export interface Stage<In, Out> {
  writable: WritableStream<In>;
  readable: ReadableStream<Out>;
}

/** How far {@linkcode inOrder} works ahead. */
export interface InOrderOptions<Out> {
  /** The most items in work or waiting for their turn. */
  windowSize: number;
  /** Called before each further item is begun; false postpones it. */
  mayBegin: () => boolean;
  /** Called with each result when its turn comes. */
  onResult?: (result: Out) => void;
}

/**
 * Items → results of `work`, in the order of the items, with several in work at once. New work is
 * begun only while the reader waits for a result, so a slow reader slows the source. A failure of the
 * source comes after the results of all its items.
 */
export function inOrder<In, Out>(
  work: (item: In) => Promise<Out>,
  options: InOrderOptions<Out>,
): Stage<In, Out> {
  const { readable, writable } = new TransformStream<In, In>();
  const source = readable.getReader();
  const cancelled = new AbortController();
  const iterator = results(source, work, options, cancelled.signal);
  // ReadableStream.from would be cancelled only after the next result.
  const ordered = new ReadableStream<Out>({
    async pull(controller) {
      const { done, value } = await iterator.next();
      if (cancelled.signal.aborted) return;
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel(reason) {
      cancelled.abort();
      await source.cancel(reason);
    },
  }, { highWaterMark: 0 });
  return { writable, readable: ordered };
}

interface Slot<Out> {
  outcome?: { value: Out } | { error: unknown };
}

async function* results<In, Out>(
  source: ReadableStreamDefaultReader<In>,
  work: (item: In) => Promise<Out>,
  { windowSize, mayBegin, onResult }: InOrderOptions<Out>,
  cancelled: AbortSignal,
): AsyncGenerator<Out, undefined> {
  const window: Slot<Out>[] = [];
  let isReading = false;
  let end: { error?: unknown } | undefined;
  let wake = () => {};
  cancelled.addEventListener("abort", () => wake());

  const hasRoom = () => window.length === 0 || (window.length < windowSize && mayBegin());
  const begin = (item: In) => {
    const slot: Slot<Out> = {};
    window.push(slot);
    Promise.try(work, item).then((value) => ({ value }), (error) => ({ error })).then((outcome) => {
      slot.outcome = outcome;
      wake();
    });
  };
  const read = () => {
    isReading = true;
    source.read().then(({ done, value }) => {
      if (done) end = {};
      else begin(value);
    }, (error) => {
      end = { error };
    }).then(() => {
      isReading = false;
      wake();
    });
  };

  try {
    while (!cancelled.aborted) {
      if (!end && !isReading && hasRoom()) read();
      const outcome = window[0]?.outcome;
      if (outcome) {
        window.shift();
        if ("error" in outcome) throw outcome.error;
        onResult?.(outcome.value);
        yield outcome.value;
      } else if (end && window.length === 0) {
        if ("error" in end) throw end.error;
        return;
      } else {
        await new Promise<void>((resolve) => wake = resolve);
      }
    }
  } finally {
    source.cancel().catch(() => {});
  }
}
