import type { FacetName } from "../../builds/facets.ts";
import type { PublishedRecord } from "../../builds/record.ts";
import type { State } from "./state.ts";

/** A record as a server returns it. */
export type Build = PublishedRecord;

/** The values of a facet. */
export interface Facet {
  /** How many values there are; `values` may have only the first. */
  total: number;
  /** Without a count if the server doesn't count it. */
  values: { value: string; count?: number }[];
}

/** Numbers of builds over time, by channel. */
export interface Histogram {
  unit: "day" | "week" | "month";
  /** The first day of each unit, without gaps: `2017-06-02`. */
  starts: string[];
  /** Numbers of builds, one for each start. */
  channels: Record<string, number[]>;
  /** How many of the newest builds it counts, if not all. */
  sample?: number;
}

/** One page of results. */
export interface Results {
  /** How many builds match, on all pages. */
  count: number;
  pages: number;
  data: Build[];
}

/** What is shown beside the results. */
export interface Overview {
  facets: Record<FacetName, Facet>;
  histogram: Histogram;
}

/** Where the page gets its builds from. All methods may throw {@linkcode SourceError}. */
export interface Source {
  /** The URL of the collection's records. */
  recordsUrl: string;
  /** What results can be sorted by: `published`, `built`, `version`. */
  sorts: readonly string[];
  /**
   * Searches builds. The overview may arrive later than the results.
   *
   * @param allValues whether to return all values of facets, or the first of each
   */
  search(
    state: State,
    allValues: boolean,
    signal: AbortSignal,
  ): Promise<{ results: Results; overview: Overview | Promise<Overview> }>;
  /** The newest build of each product and channel. */
  newest(): Promise<Build[]>;
  /** One build; undefined if there is none with this id. */
  build(id: string, signal: AbortSignal): Promise<Build | undefined>;
  /**
   * The builds with this build id, sorted by platform and locale, {@linkcode MOST_BUILDS} at most.
   * Their downloads have only a URL and a date, their builds an id, a date and a number.
   */
  buildsOf(buildId: string, signal: AbortSignal): Promise<Build[]>;
  /**
   * A build of the same product, channel and platform with the next lower build id: its source,
   * target and build id. Undefined if there is none.
   */
  previous(build: Build, signal: AbortSignal): Promise<Build | undefined>;
}

/** The most builds that are shown of one build id. */
export const MOST_BUILDS = 5000;

/** A request that failed. */
export class SourceError extends Error {
  override name = "SourceError";
  /** @param status the HTTP status; undefined if the server didn't answer */
  constructor(message: string, readonly status?: number) {
    super(message);
  }
}

/** Fetches JSON. @throws {SourceError} unless the status is 2xx and the body is JSON */
export async function getJson<T>(url: string, signal?: AbortSignal): Promise<T> {
  const response = await get(url, "GET", signal);
  try {
    return await response.json() as T;
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new SourceError(`${url} didn’t answer with JSON.`, response.status);
  }
}

/** Sends a request. @throws {SourceError} unless the status is 2xx */
export async function get(url: string, method: string, signal?: AbortSignal): Promise<Response> {
  let response: Response;
  try {
    // With credentials, the browser would show its login dialog after a 401.
    response = await fetch(url, { method, signal, credentials: "omit" });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new SourceError("The server doesn’t answer.");
  }
  if (response.ok) return response;
  const { message = "" } = await response.json().catch(() => ({})) as { message?: string };
  throw new SourceError(message, response.status);
}
