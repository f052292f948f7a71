import { kintoRoutes } from "./api/kinto_routes.ts";
import { redirected } from "./api/redirected.ts";
import { Schemas } from "./api/schemas.ts";
import type { ServerSettings } from "./api/services.ts";
import type { Accounts } from "./access/accounts.ts";
import { callOf } from "./http/call.ts";
import { cors } from "./http/cors.ts";
import { errors } from "./http/errors.ts";
import { type Middleware, type RequestHandler, serverOf } from "./http/middleware.ts";
import type { Reply } from "./http/reply.ts";
import { type Route, Router } from "./http/router.ts";
import { Turns } from "./http/turns.ts";
import { buildhub2Routes } from "./search/buildhub2_routes.ts";
import { kintoSearchRoutes } from "./search/kinto_search_routes.ts";
import { type BackgroundSearches, Searches } from "./search/searches.ts";
import type { Store } from "./store/store.ts";

/** What a server is made of. */
export interface ServerOptions {
  store: Store;
  accounts: Accounts;
  settings: ServerSettings;
  /** Called with unexpected errors: of the disk, and bugs. */
  onError: (error: unknown) => void;
  /** Around the server's own, outermost first. */
  middleware?: readonly Middleware[];
  /** The collection of `/api/search`, whose index is made at the start; undefined for none. */
  searched?: Omit<BackgroundSearches, "onError">;
  /** Beside Kinto's API and the search. */
  routes?: readonly Route<Reply | Promise<Reply>>[];
  /** @default {Date.now} */
  now?: () => number;
}

/** The embedded server: Kinto's HTTP API on SQLite, and the search. */
export function buildhubServer(options: ServerOptions): RequestHandler {
  const { store, accounts, settings, onError, middleware = [], routes = [] } = options;
  const { searched, now = Date.now } = options;
  const searches = new Searches(store, now, searched && { ...searched, onError });
  const services = {
    store,
    settings,
    turns: new Turns(),
    schemas: new Schemas(),
    nonces: new Map(),
    now,
  };
  const userOf = (authorization: string | undefined) => accounts.userOf(authorization);
  const router = new Router<Reply | Promise<Reply>>([
    ...kintoRoutes(services, userOf),
    ...kintoSearchRoutes(searches, settings.paginateBy),
    ...searched ? buildhub2Routes(searches, searched) : [],
    ...routes,
  ]);
  return serverOf([...middleware, cors, errors(onError)], async (request, head) => {
    const call = callOf(request, head, userOf(head.header("authorization")));
    return await router.answer(call, redirected);
  });
}
