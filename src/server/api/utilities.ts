import denoJson from "../../../deno.json" with { type: "json" };
import { principalsOf } from "../access/accounts.ts";
import { Permissions } from "../access/permissions.ts";
import type { Call } from "../http/call.ts";
import { LIMITS } from "../http/limits.ts";
import { denied, ERRNO, notFound } from "../http/refusal.ts";
import { NO_CACHE, type Reply, reply, timestampHeaders } from "../http/reply.ts";
import type { Handler } from "../http/router.ts";
import type { Services } from "./services.ts";

/** The implemented version of Kinto's HTTP API. */
const HTTP_API_VERSION = "1.23";

const KINTO_DOCS = "https://kinto.readthedocs.io/";

/** `/v1/`: the server's settings and capabilities, and the client's user. */
export function hello({ origin, user }: Call, { settings }: Services): Reply {
  const capability = (description: string, page: string) => ({
    description,
    url: `${KINTO_DOCS}en/${page}`,
  });
  return json(200, {
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
      limits: {
        url_bytes: LIMITS.targetLength,
        body_bytes: LIMITS.bodyBytes,
        parameters: LIMITS.parameters,
        filters: LIMITS.filters,
        sort_fields: LIMITS.sortFields,
        fields: LIMITS.fields,
        page_objects: settings.paginateBy ?? LIMITS.pageObjects,
      },
    },
    ...user !== undefined && { user: { id: user, principals: principalsOf(user) } },
    capabilities: {
      basicauth: capability(
        "Accounts come from the server's settings.",
        "stable/api/1.x/authentication.html",
      ),
      schema: capability(
        "Validates collection records with JSON schemas.",
        "latest/api/1.x/collections.html#collection-json-schema",
      ),
      // As the plugin kinto-elasticsearch announces it.
      elasticsearch: {
        description: "Index and search records using ElasticSearch.",
        url: "https://github.com/Kinto/kinto-elasticsearch",
        version: "0.3.1",
      },
      ...settings.isFlushEnabled && {
        flush_endpoint: capability(
          "The __flush__ endpoint removes all data.",
          "latest/api/1.x/flush.html",
        ),
      },
    },
  });
}

/** `/v1/__heartbeat__`: whether the database answers. */
export function heartbeat({ store }: Services): Reply {
  const isAlive = store.list("/buckets") !== undefined;
  return json(isAlive ? 200 : 503, { storage: isAlive, permission: isAlive, cache: true });
}

/** `/v1/__version__`. */
export function version(): Reply {
  return json(200, { name: "buildhub", version: denoJson.version });
}

/** Groups aren't supported: their list is always empty. @throws {Refusal} 404 for a single one */
export function groups({ store }: Services): Handler<Reply> {
  return ({ method, user }, { bucket = "", id }) => {
    const permissions = new Permissions(store, principalsOf(user));
    const place = { kind: "bucket", bucket, collection: "" } as const;
    if (!permissions.onObject("read", place, bucket)) throw denied(user);
    if (id !== undefined) throw notFound("group", id, ERRNO.INVALID_RESOURCE_ID);
    const list = store.list(`/buckets/${bucket}/collections`);
    const total: Record<string, string> = method === "HEAD"
      ? { "total-objects": "0", "total-records": "0" }
      : {};
    const headers = { ...timestampHeaders(list?.timestamp ?? 0), ...NO_CACHE, ...total };
    return reply(200, '{"data":[]}', headers);
  };
}

function json(status: number, value: unknown): Reply {
  return reply(status, JSON.stringify(value));
}
