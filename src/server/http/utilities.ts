import denoJson from "../../../deno.json" with { type: "json" };
import { principalsOf } from "../access/accounts.ts";
import type { Call, Services } from "./call.ts";
import { denied, Permissions } from "../access/permissions.ts";
import {
  ERRNO,
  methodNotAllowed,
  NO_CACHE,
  noSuchPath,
  notFound,
  type Reply,
  reply,
  timestampHeaders,
} from "./reply.ts";
import type { Route, Utility } from "./route.ts";

/** The version of Kinto's HTTP API that is spoken. */
const HTTP_API_VERSION = "1.23";

const KINTO_DOCS = "https://kinto.readthedocs.io/";

/** The methods of each utility. */
export const UTILITY_METHODS: Record<Utility, readonly string[]> = {
  "/": ["GET", "HEAD"],
  "/batch": ["POST"],
  "/__heartbeat__": ["GET", "HEAD"],
  "/__lbheartbeat__": ["GET", "HEAD"],
  "/__version__": ["GET", "HEAD"],
  "/__flush__": ["POST"],
};

/** Answers a utility other than the batch. @throws {Refusal} */
export function answerUtility(call: Call, services: Services, name: Utility): Reply {
  if (name === "/__flush__" && !services.settings.isFlushEnabled) throw noSuchPath();
  if (!UTILITY_METHODS[name].includes(call.method)) throw methodNotAllowed(UTILITY_METHODS[name]);
  switch (name) {
    case "/__flush__":
      services.store.flush();
      return reply(202, "{}");
    case "/__heartbeat__": {
      const isAlive = services.store.list("/buckets") !== undefined;
      const body = JSON.stringify({ storage: isAlive, permission: isAlive, cache: true });
      return reply(isAlive ? 200 : 503, body);
    }
    case "/__version__":
      return reply(200, JSON.stringify({ name: "buildhub", version: denoJson.version }));
    case "/":
      return reply(200, JSON.stringify(root(call, services)));
    default:
      return reply(200, "{}");
  }
}

function root({ origin, user }: Call, { settings }: Services): unknown {
  const flush = {
    description: "The __flush__ endpoint removes all data.",
    url: `${KINTO_DOCS}en/latest/api/1.x/flush.html`,
  };
  return {
    project_name: "buildhub",
    project_version: denoJson.version,
    http_api_version: HTTP_API_VERSION,
    project_docs: KINTO_DOCS,
    url: `${origin}/v1/`,
    config: null,
    settings: {
      readonly: settings.isReadonly,
      explicit_permissions: true,
      batch_max_requests: settings.batchMaxRequests,
    },
    ...user === undefined ? {} : { user: { id: user, principals: principalsOf(user) } },
    capabilities: {
      basicauth: {
        description: "Accounts come from the server's settings.",
        url: `${KINTO_DOCS}en/stable/api/1.x/authentication.html`,
      },
      schema: {
        description: "Validates collection records with JSON schemas.",
        url: `${KINTO_DOCS}en/latest/api/1.x/collections.html#collection-json-schema`,
      },
      search: {
        description: "Searches the builds of a collection, with counts; see its api.",
        url: `${origin}/docs`,
        api: `${origin}/v1/__api__`,
        version: "1",
      },
      ...settings.isFlushEnabled ? { flush_endpoint: flush } : {},
    },
  };
}

/** Groups aren't kept; clients that look for some find none. @throws {Refusal} */
export function answerGroups(
  call: Call,
  { store }: Services,
  { bucket, id }: Route & { type: "groups" },
): Reply {
  if (call.method !== "GET" && call.method !== "HEAD") throw methodNotAllowed(["GET", "HEAD"]);
  const permissions = new Permissions(store, principalsOf(call.user));
  const place = { kind: "bucket", bucket, collection: "" } as const;
  if (!permissions.onObject("read", place, bucket)) throw denied(call.user);
  if (id !== undefined) throw notFound("group", id, ERRNO.INVALID_RESOURCE_ID);
  const list = store.list(`/buckets/${bucket}/collections`);
  const total: Record<string, string> = call.method === "HEAD"
    ? { "total-objects": "0", "total-records": "0" }
    : {};
  const headers = { ...timestampHeaders(list?.timestamp ?? 0), ...NO_CACHE, ...total };
  return reply(200, '{"data":[]}', headers);
}
