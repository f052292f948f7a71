/// <reference lib="dom" />
import { useEffect, useState } from "preact/hooks";
import type { SourceError } from "./server.ts";
import { asSourceError, isTransient, RETRY_MS } from "./use_search.ts";

/** What was loaded last, and why the last request failed. */
export interface Loaded<T> {
  value?: T;
  error?: SourceError;
}

/** Loads a value when `inputs` change, and again while the failure may be temporary. */
export function useLoaded<T>(
  load: (signal: AbortSignal) => Promise<T>,
  inputs: unknown[],
): Loaded<T> {
  const [loaded, setLoaded] = useState<Loaded<T>>({});
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    const stopped = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    load(stopped.signal).then((value) => {
      if (!stopped.signal.aborted) setLoaded({ value });
    }, (thrown) => {
      if (stopped.signal.aborted) return;
      const error = asSourceError(thrown);
      setLoaded(({ value }) => ({ value, error }));
      if (isTransient(error)) timer = setTimeout(() => setAttempt((n) => n + 1), RETRY_MS);
    });
    return () => {
      clearTimeout(timer);
      stopped.abort();
    };
  }, [...inputs, attempt]);
  return loaded;
}
