import type { Schemas } from "../store/schemas.ts";
import type { Store } from "../store/store.ts";
import type { Params } from "./query.ts";

/** How the server is set up. */
export interface ServerSettings {
  /** The most objects in a page; undefined: 10,000. */
  paginateBy: number | undefined;
  /** The most requests in a batch. */
  batchMaxRequests: number;
  /** Whether `POST /__flush__` empties the database. */
  isFlushEnabled: boolean;
  /** Whether nothing may be written. */
  isReadonly: boolean;
}

/** One request, on its own or a part of a batch. */
export interface Call {
  method: string;
  /** The server's address as the client knows it, such as `http://localhost:8888`. */
  origin: string;
  /** Decoded, with the version, without the query. */
  path: string;
  params: Params;
  /** A header's value; names in any case. */
  header: (name: string) => string | undefined;
  /** The body as JSON: `{}` for none. @throws {SyntaxError} */
  body: () => unknown;
  /** The user id; undefined for anonymous. */
  user: string | undefined;
}

/** What answering takes. */
export interface Services {
  store: Store;
  settings: ServerSettings;
  /** There when something may be written. */
  schemas: Schemas | undefined;
  /** Tokens of paginated deletions that weren't used yet, and until when they may be. */
  nonces: Map<string, number>;
  now: () => number;
}
