import type { Turns } from "../http/turns.ts";
import type { Store } from "../store/store.ts";
import type { Schemas } from "./schemas.ts";

/** How the server is set up. */
export interface ServerSettings {
  /** The most objects in a page; undefined: the limit of all pages. */
  paginateBy: number | undefined;
  /** The most requests in a batch. */
  batchMaxRequests: number;
  /** Whether `POST /__flush__` empties the database. */
  isFlushEnabled: boolean;
  /** Whether writes are refused. */
  isReadonly: boolean;
  /** How long a read may take, in milliseconds. @default {10_000} */
  maxScanMs?: number;
}

/** What handlers need. */
export interface Services {
  store: Store;
  settings: ServerSettings;
  /** Shares the time between reads that take long. */
  turns: Turns;
  /** Loaded before anything is written. */
  schemas: Schemas;
  /** Unused tokens of paginated deletions, with the time when they expire. */
  nonces: Map<string, number>;
  /** Milliseconds since 1970. */
  now: () => number;
}
