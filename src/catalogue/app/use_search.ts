/// <reference lib="dom" />
import { useEffect, useState } from "preact/hooks";
import { SourceError } from "./server.ts";
import type { Overview, Results, Source } from "./source.ts";
import { searchOf, type State } from "./state.ts";

/** How long to wait for the next key before searching. */
const TYPING_PAUSE_MS = 60;

/** How long to wait before repeating a failed request. */
export const RETRY_MS = 2000;

/** What a search has found so far; the last results stay until the next ones arrive. */
export interface Searched {
  results?: Results;
  overview?: Overview;
  error?: SourceError;
  isSearching: boolean;
}

/** A search, and how often it was repeated: after failures, or when the page became visible. */
export interface RepeatedSearch extends Searched {
  attempt: number;
}

/** Searches whenever the state changes, and repeats a search that failed. */
export function useSearch(source: Source, state: State, allValues: boolean): RepeatedSearch {
  const [searched, setSearched] = useState<Searched>({ isSearching: true });
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    const stopped = new AbortController();
    setSearched((before) => ({ ...before, isSearching: true }));
    const timer = setTimeout(async () => {
      try {
        const { results, overview } = await source.search(state, allValues, stopped.signal);
        // An overview that is there already is drawn with the results.
        const known = overview instanceof Promise ? undefined : overview;
        setSearched((before) => ({
          results,
          overview: known ?? before.overview,
          isSearching: false,
        }));
        if (known !== undefined) return;
        const later = await overview;
        if (!stopped.signal.aborted) setSearched((before) => ({ ...before, overview: later }));
      } catch (error) {
        if (stopped.signal.aborted) return;
        setSearched((before) => ({ ...before, error: asSourceError(error), isSearching: false }));
      }
    }, searched.results ? TYPING_PAUSE_MS : 0);
    return () => {
      clearTimeout(timer);
      stopped.abort();
    };
  }, [source, searchOf(state), allValues, attempt]);

  useEffect(() => {
    if (searched.error === undefined || !isTransient(searched.error)) return;
    const timer = setTimeout(() => setAttempt((before) => before + 1), RETRY_MS);
    return () => clearTimeout(timer);
  }, [searched.error]);

  // Returning to the tab shows what is new.
  useEffect(() => {
    const refresh = () => document.visibilityState === "visible" && setAttempt((n) => n + 1);
    document.addEventListener("visibilitychange", refresh);
    return () => document.removeEventListener("visibilitychange", refresh);
  }, []);
  return { ...searched, attempt };
}

/** Whether the same request may succeed later. */
export function isTransient({ status }: SourceError): boolean {
  return status === undefined || status >= 500 || status === 429;
}

/** A thrown value as a {@linkcode SourceError}. */
export function asSourceError(error: unknown): SourceError {
  return error instanceof SourceError ? error : new SourceError(String(error));
}
