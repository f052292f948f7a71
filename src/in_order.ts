/** The two ends of a stage, as `pipeThrough` wants them. */
export interface Stage<In, Out> {
  writable: WritableStream<In>;
  readable: ReadableStream<Out>;
}

/** How far {@linkcode inOrder} works ahead. */
export interface InOrderOptions {
  /** Results held at most, finished or not. */
  windowSize: number;
  /** Asked before each further item is begun. */
  mayBegin: () => boolean;
}

/**
 * Items → results of `work`, in the order of the items, with several under way at once. New work is
 * begun only while somebody waits for a result, so a slow reader slows everything before it; a
 * failure of the source comes after the results of all that it gave.
 */
export function inOrder<In, Out>(
  work: (item: In) => Promise<Out>,
  options: InOrderOptions,
): Stage<In, Out> {
  const { readable, writable } = new TransformStream<In, In>();
  return { writable, readable: ReadableStream.from(results(readable, work, options)) };
}

interface Slot<Out> {
  outcome?: { value: Out } | { error: unknown };
}

async function* results<In, Out>(
  source: ReadableStream<In>,
  work: (item: In) => Promise<Out>,
  { windowSize, mayBegin }: InOrderOptions,
): AsyncGenerator<Out> {
  const reader = source.getReader();
  const window: Slot<Out>[] = [];
  let isReading = false;
  let end: { error?: unknown } | undefined;
  let wake = () => {};

  const hasRoom = () => window.length === 0 || (window.length < windowSize && mayBegin());
  const begin = (item: In) => {
    const slot: Slot<Out> = {};
    window.push(slot);
    work(item).then((value) => ({ value }), (error) => ({ error })).then((outcome) => {
      slot.outcome = outcome;
      wake();
    });
  };
  const read = () => {
    isReading = true;
    reader.read().then(({ done, value }) => {
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
    for (;;) {
      if (!end && !isReading && hasRoom()) read();
      const outcome = window[0]?.outcome;
      if (outcome) {
        window.shift();
        if ("error" in outcome) throw outcome.error;
        yield outcome.value;
      } else if (end && window.length === 0) {
        if ("error" in end) throw end.error;
        return;
      } else {
        await new Promise<void>((resolve) => wake = resolve);
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}
