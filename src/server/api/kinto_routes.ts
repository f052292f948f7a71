import type { Call } from "../http/call.ts";
import { LIMITS } from "../http/limits.ts";
import { methodNotAllowed } from "../http/refusal.ts";
import { type Reply, reply } from "../http/reply.ts";
import { type Handler, type Route, Router } from "../http/router.ts";
import type { Kind } from "../store/store.ts";
import type { Work } from "../store/work.ts";
import { type Answer, isWork } from "./answer.ts";
import { answerBatch, batchOf, type BatchOptions } from "./batch.ts";
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
 * it, so that requests don't see each other half done. A batch that writes is one request. Reads that
 * take long, and batches of reads, work in turns.
 */
export function kintoRoutes(
  services: Services,
  userOf: BatchOptions["userOf"],
): Route<Reply | Promise<Reply>>[] {
  const { store, schemas, settings, turns } = services;
  const { maxScanMs: maxMs = 10_000, batchMaxRequests: maxRequests } = settings;
  const inTurns = (call: Call, work: Work<Reply>) =>
    turns.run(work, { maxMs, isGone: () => call.signal.aborted });
  const inTransaction = async (answer: () => Answer) => {
    await schemas.load();
    return store.transaction(() => {
      const answered = answer();
      return isWork(answered) ? turns.finish(answered) : answered;
    });
  };

  const read = (handler: Handler<Answer>): Handler<Reply | Promise<Reply>> => (call, params) => {
    const answered = handler(call, params);
    return isWork(answered) ? inTurns(call, answered) : answered;
  };
  const write = (handler: Handler<Answer>): Handler<Promise<Reply>> => async (call, params) => {
    if (settings.isReadonly) throw methodNotAllowed();
    await call.receive();
    return await inTransaction(() => handler(call, params));
  };
  const routes = routesOf(services);
  const parts = new Router(routes);
  const batch: Handler<Promise<Reply>> = async (call) => {
    if (settings.isReadonly) throw methodNotAllowed();
    await call.receive();
    const calls = batchOf(call, { maxRequests, userOf });
    const answer = (part: Call) => parts.answer(part, redirected);
    return calls.every(({ method }) => READ_METHODS.includes(method))
      ? await inTurns(call, answerBatch(calls, answer, LIMITS.batchAnswerLength))
      : await inTransaction(() => answerBatch(calls, answer, LIMITS.transactionAnswerLength));
  };
  return [
    ...routes.map(({ path, handlers }) => ({
      path,
      handlers: Object.fromEntries(
        Object.entries(handlers).map(([method, handler]) => [
          method,
          READ_METHODS.includes(method) ? read(handler) : write(handler),
        ]),
      ),
    })),
    { path: "/v1/batch", handlers: { POST: batch } },
  ];
}

/** What a batch may have as parts. */
function routesOf(services: Services): Route<Answer>[] {
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
