import type { Call } from "../http/call.ts";
import { methodNotAllowed, Refusal } from "../http/refusal.ts";
import { type Reply, reply } from "../http/reply.ts";
import { type Handler, type Route, Router } from "../http/router.ts";
import type { Kind } from "../store/store.ts";
import { answerBatch, type BatchOptions } from "./batch.ts";
import { listHandlers } from "./lists.ts";
import { objectHandlers } from "./objects.ts";
import { redirected } from "./redirected.ts";
import type { Services } from "./services.ts";
import { groups, heartbeat, hello, version } from "./utilities.ts";

/** Methods that don't write. */
const READ_METHODS = ["GET", "HEAD"];

/** The lists of objects, by kind. */
const LISTS: Record<Kind, string> = {
  bucket: "/v1/buckets",
  collection: "/v1/buckets/:bucket/collections",
  record: "/v1/buckets/:bucket/collections/:collection/records",
};

/**
 * The routes of Kinto's HTTP API that release collections need.
 *
 * A request that writes is one transaction, and is answered after its commit; nothing waits within
 * it, so that requests don't see each other half done. A batch is one request.
 */
export function kintoRoutes(
  services: Services,
  userOf: BatchOptions["userOf"],
): Route<Reply | Promise<Reply>>[] {
  const { store, schemas, settings } = services;
  const inTransaction =
    (handler: Handler<Reply>): Handler<Promise<Reply>> => async (call, params) => {
      if (settings.isReadonly) throw methodNotAllowed();
      await call.receive();
      await schemas.load();
      return store.transaction(() => handler(call, params));
    };
  const routes = routesOf(services);
  const parts = new Router(routes);
  const answer = (part: Call): Reply => {
    try {
      return parts.answer(part, redirected);
    } catch (error) {
      // Any other error rolls the whole batch back.
      if (error instanceof Refusal) return error.reply;
      throw error;
    }
  };
  const maxRequests = settings.batchMaxRequests;
  const batch: Handler<Reply> = (call) => answerBatch(call, { maxRequests, answer, userOf });
  return [...routes, { path: "/v1/batch", handlers: { POST: batch } }].map((
    { path, handlers },
  ) => ({
    path,
    handlers: Object.fromEntries(
      Object.entries(handlers).map(([method, handler]) => [
        method,
        READ_METHODS.includes(method) ? handler : inTransaction(handler),
      ]),
    ),
  }));
}

/** What a batch may have as parts. */
function routesOf(services: Services): Route<Reply>[] {
  const { store, settings } = services;
  const get = (path: string, handler: Handler<Reply>): Route<Reply> => ({
    path,
    handlers: { GET: handler, HEAD: handler },
  });
  const flush = () => {
    store.flush();
    return reply(202, "{}");
  };
  return [
    get("/v1/", (call) => hello(call, services)),
    get("/v1/__heartbeat__", () => heartbeat(services)),
    get("/v1/__lbheartbeat__", () => reply(200, "{}")),
    get("/v1/__version__", version),
    ...settings.isFlushEnabled ? [{ path: "/v1/__flush__", handlers: { POST: flush } }] : [],
    get("/v1/buckets/:bucket/groups", groups(services)),
    get("/v1/buckets/:bucket/groups/:id", groups(services)),
    ...(["bucket", "collection", "record"] as const).flatMap((kind) => [
      { path: LISTS[kind], handlers: listHandlers(services, kind) },
      { path: `${LISTS[kind]}/:id`, handlers: objectHandlers(services, kind) },
    ]),
  ];
}
