import type { FacetName } from "../../builds/facets.ts";
import type { ReleaseRecord } from "../../builds/record.ts";
import type { State } from "./state.ts";

/** A record as the server has it: complete, but who knows. */
export type Build = ReleaseRecord;

/** What there is of a facet. */
export interface Facet {
  total: number;
  /** The count is missing where the server can't tell it. */
  values: { value: string; count?: number }[];
}

/** Numbers of builds over time, by channel. */
export interface Histogram {
  unit: "day" | "week" | "month";
  starts: string[];
  channels: Record<string, number[]>;
  /** How many of the newest builds it was made of, when not of all. */
  sample?: number;
}

/** One page of results. */
export interface Results {
  count: number;
  pages: number;
  data: Build[];
}

/** What is known beside the results. */
export interface Overview {
  facets: Record<FacetName, Facet>;
  histogram: Histogram;
}

/** Where builds are looked for. Everything may throw {@linkcode SourceError}. */
export interface Source {
  /** Where the collection's records are. */
  recordsUrl: string;
  /** What results can be sorted by. */
  sorts: readonly string[];
  /**
   * Looks for builds. The overview may come later than the results.
   *
   * @param allValues whether all values of facets are wanted
   */
  search(
    state: State,
    allValues: boolean,
    signal: AbortSignal,
  ): Promise<{ results: Results; overview: Overview | Promise<Overview> }>;
  /** The newest build of each product and channel. */
  newest(): Promise<Build[]>;
  /** One build; undefined when it isn't there. */
  build(id: string, signal: AbortSignal): Promise<Build | undefined>;
  /** The builds with this build id, by platform and locale: only some fields of them. */
  siblings(build: Build, signal: AbortSignal): Promise<Build[]>;
}

/** The most builds that are shown beside one. */
export const MOST_SIBLINGS = 2000;

/** An answer that isn't the one hoped for. */
export class SourceError extends Error {
  override name = "SourceError";
  /** @param status undefined when there was no answer at all */
  constructor(message: string, readonly status?: number) {
    super(message);
  }
}

/** Fetches JSON. @throws {SourceError} saying what to do */
export async function getJson<T>(url: string, signal?: AbortSignal): Promise<T> {
  const response = await get(url, "GET", signal);
  try {
    return await response.json() as T;
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new SourceError(`What ${url} answers isn’t JSON.`, response.status);
  }
}

/** Asks. @throws {SourceError} unless the answer is fine */
export async function get(url: string, method: string, signal?: AbortSignal): Promise<Response> {
  let response: Response;
  try {
    // Without credentials a refusal is an answer; with them, the browser would ask for a password.
    response = await fetch(url, { method, signal, credentials: "omit" });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new SourceError("The server can’t be reached.");
  }
  if (response.ok) return response;
  const { message = "" } = await response.json().catch(() => ({})) as { message?: string };
  throw new SourceError(message, response.status);
}
