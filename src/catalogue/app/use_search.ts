/// <reference lib="dom" />
import { useEffect, useState } from "preact/hooks";
import { type Overview, type Results, type Source, SourceError } from "./source.ts";
import { searchOf, type State } from "./state.ts";

/** How long typing rests before it is searched for. */
const REST_MS = 60;

/** How long to wait before a server that didn't answer is asked again. */
const RETRY_MS = 2000;

/** What a search has brought so far; the last results stay while there are no new ones. */
export interface Searched {
  results?: Results;
  overview?: Overview;
  error?: SourceError;
  isUnderWay: boolean;
}

/** A search, and how often all was asked for anew: by who comes back, or after a failure. */
export interface RepeatedSearch extends Searched {
  attempt: number;
}

/** Searches as the state changes, and again until a server that is away is back. */
export function useSearch(source: Source, state: State, allValues: boolean): RepeatedSearch {
  const [searched, setSearched] = useState<Searched>({ isUnderWay: true });
  const [attempt, setAttempt] = useState(0);
  const { id: _, ...list } = state;
  const key = searchOf({ ...list, id: "" });

  useEffect(() => {
    // Who looks at one build sees no results.
    if (state.id !== "") return;
    const stopped = new AbortController();
    setSearched((before) => ({ ...before, isUnderWay: true }));
    const timer = setTimeout(async () => {
      try {
        const { results, overview } = await source.search(state, allValues, stopped.signal);
        // What is known already is drawn with the results; other servers take their time.
        const known = overview instanceof Promise ? undefined : overview;
        setSearched((before) => ({
          results,
          overview: known ?? before.overview,
          isUnderWay: false,
        }));
        if (known !== undefined) return;
        const later = await overview;
        if (!stopped.signal.aborted) setSearched((before) => ({ ...before, overview: later }));
      } catch (error) {
        if (stopped.signal.aborted) return;
        setSearched((before) => ({ ...before, error: asSourceError(error), isUnderWay: false }));
      }
    }, searched.results ? REST_MS : 0);
    return () => {
      clearTimeout(timer);
      stopped.abort();
    };
  }, [source, key, allValues, attempt, state.id === ""]);

  useEffect(() => {
    if (searched.error === undefined || !isPassing(searched.error)) return;
    const timer = setTimeout(() => setAttempt((before) => before + 1), RETRY_MS);
    return () => clearTimeout(timer);
  }, [searched.error]);

  // Who comes back to the page sees what is new.
  useEffect(() => {
    const refresh = () => document.visibilityState === "visible" && setAttempt((n) => n + 1);
    document.addEventListener("visibilitychange", refresh);
    return () => document.removeEventListener("visibilitychange", refresh);
  }, []);
  return { ...searched, attempt };
}

/** Whether asking again may help. */
export function isPassing({ status }: SourceError): boolean {
  return status === undefined || status >= 500 || status === 429;
}

/** What was thrown, as an error of the source. */
export function asSourceError(error: unknown): SourceError {
  return error instanceof SourceError ? error : new SourceError(String(error));
}
