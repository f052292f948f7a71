import { isKintoId } from "../../settings/kinto_id.ts";
import { isObject, type JsonObject } from "../../net/json.ts";
import type { Call } from "../http/call.ts";
import { LIMITS } from "../http/limits.ts";
import { queryString } from "../http/query_string.ts";
import { denied } from "../http/refusal.ts";
import { NO_CACHE, notModified, type Reply, reply, timestampHeaders } from "../http/reply.ts";
import type { Handler } from "../http/router.ts";
import { valueAt } from "../store/json_value.ts";
import type { List } from "../store/lists.ts";
import type { Row } from "../store/pages.ts";
import type { Kind } from "../store/store.ts";
import type { Work } from "../store/work.ts";
import type { Answer } from "./answer.ts";
import { checkConditions } from "./conditions.ts";
import { integersOf, type ListQuery, listQueryOf } from "./list_query.ts";
import { invalidToken, type PageEnd, pageEndOf, tokenOf } from "./page_token.ts";
import { invalidId, Resource } from "./resource.ts";
import type { Services } from "./services.ts";
import { subset } from "./subset.ts";

/** A request on a list. */
interface Target {
  resource: Resource;
  list: List;
  query: ListQuery;
  /** Where the previous page ended. */
  after: PageEnd | undefined;
}

/** The handlers of all buckets, collections or records. */
export function listHandlers(services: Services, kind: Kind): Record<string, Handler<Answer>> {
  const on =
    (answer: (target: Target) => Work<Reply>, action: "read" | "write"): Handler<Answer> =>
    (call, params) => {
      const resource = new Resource(call, services, kind, params);
      resource.checkMediaTypes();
      const scope = resource.permissions.onList(action, resource.place, resource.uri);
      if (scope === "none") throw denied(call.user);
      const list = resource.list();
      const { conditions, more: integers } = resource.declared((mistakes) =>
        integersOf(call.query, mistakes)
      );
      const { timestamp } = list;
      if (action === "read" && conditions.ifNoneMatch === timestamp) return notModified(timestamp);
      checkConditions(conditions, { timestamp }, timestamp);
      const query = listQueryOf(call.query, integers, services.now());
      if (scope !== "all") query.filters.unshift({ field: "id", operator: "in", value: scope });
      const { token, sort } = query;
      const after = token === undefined ? undefined : pageEndOf(token, sort, services.now());
      return answer({ resource, list, query, after });
    };
  return {
    HEAD: on(count, "read"),
    GET: on(get, "read"),
    POST: (call, params) => post(new Resource(call, services, kind, params)),
    DELETE: on(remove, "write"),
  };
}

function headersOf(list: List): Record<string, string> {
  return { ...timestampHeaders(list.timestamp), ...NO_CACHE };
}

function* count({ resource, list, query }: Target): Work<Reply> {
  const total = String(yield* resource.services.store.count(list, query.filters));
  const headers = { ...headersOf(list), "total-objects": total, "total-records": total };
  return reply(200, '{"data":[]}', headers);
}

function* get(target: Target): Work<Reply> {
  const { list, query: { fields, filters } } = target;
  // Who asks for changes gets deletions, too.
  const includeDeleted = filters.some(({ field }) => field === "last_modified");
  const { rows, nextPage } = yield* page(target, includeDeleted);
  let body = '{"data":[';
  let comma = "";
  for (const [, data] of rows) {
    // Concatenating is faster than joining.
    body += comma +
      (fields ? JSON.stringify(subset(JSON.parse(data) as JsonObject, fields)) : data);
    comma = ",";
  }
  return reply(200, `${body}]}`, { ...headersOf(list), ...nextPage });
}

function* remove(target: Target): Work<Reply> {
  const { resource, list, after } = target;
  if (after) useNonce(resource.services, after.nonce);
  const { rows, nextPage } = yield* page(target, false);
  const deleted = rows.map(([, data]) =>
    resource.remove(list, (JSON.parse(data) as { id: string }).id)
  );
  // The list's clock may be ahead of the deletions.
  const timestamp = Math.max(...deleted.map(({ lastModified }) => lastModified));
  return reply(200, `{"data":[${deleted.map(({ data }) => data).join(",")}]}`, {
    ...timestampHeaders(deleted.length > 0 ? timestamp : list.timestamp),
    ...nextPage,
  });
}

/** One page of a list, and the address of the next one. */
function* page(
  { resource, list, query, after }: Target,
  includeDeleted: boolean,
): Work<{ rows: Row[]; nextPage: { "next-page"?: string } }> {
  const { call, services: { store, settings, nonces, now } } = resource;
  const { filters, sort } = query;
  const { paginateBy = LIMITS.pageObjects } = settings;
  const limit = query.limit === 0
    ? LIMITS.pageObjects
    : Math.min(query.limit ?? paginateBy, paginateBy);

  const { rows, hasNext } = yield* store.page(list, {
    filters,
    sort,
    after,
    limit,
    includeDeleted,
  });
  const last = rows.at(-1);
  if (!hasNext || last === undefined) return { rows, nextPage: {} };
  const [seq, data] = last;
  const object = JSON.parse(data) as JsonObject;
  // Fields that are missing aren't written.
  const values = Object.fromEntries(sort.map(({ field }) => [field, valueAt(object, field)]));
  const nonce = `pagination-token-${crypto.randomUUID()}`;
  if (call.method === "DELETE") nonces.set(nonce, now() + LIMITS.deletionTokenMs);
  const offset = (after?.offset ?? 0) + limit;
  const next = tokenOf({ values, seq, offset, nonce });
  return { rows, nextPage: { "next-page": pageUrl(call, limit, next) } };
}

/** Tokens of deletions work once: a repeated one would delete what came in the meantime. */
function useNonce({ nonces, now }: Services, nonce: string): void {
  for (const [known, expires] of nonces) {
    if (expires < now()) nonces.delete(known);
  }
  if (!nonces.delete(nonce)) throw invalidToken("_token was already used or has expired.");
}

function pageUrl({ origin, path, query }: Call, limit: number, token: string): string {
  const once = [...query].map(([name, value]) => [name, [value].flat().at(-1) ?? ""] as const);
  const next = new Map([...once, ["_limit", String(limit)], ["_token", token]]);
  return `${origin}${encodeURI(path)}?${queryString(next)}`;
}

/** Creates an object; an existing one is left as it is, and returned. */
function post(resource: Resource): Reply {
  const { call, permissions, place, services: { store } } = resource;
  const list = resource.list();
  const requestedId = requestedIdOf(call);
  if (requestedId !== undefined && !isId(requestedId)) throw invalidId();
  const existing = requestedId === undefined ? undefined : store.get(list, requestedId);
  resource.checkMediaTypes();
  const isPermitted = existing
    ? permissions.onObject("read", place, existing.id)
    : permissions.onCreate(place);
  if (!isPermitted) throw denied(call.user);

  const { conditions, data = {}, permissions: requested } = resource.declared(() => {});
  resource.checkAttributes(data, "data.");
  const current = existing && { timestamp: existing.last_modified, data: existing.data };
  checkConditions(conditions, current, list.timestamp);
  if (existing) return resource.show(existing);
  const id = requestedId ?? newId(place.kind);
  const prepared = resource.prepared({ ...data, id }, undefined);
  return resource.write(201, list, prepared, undefined, requested).reply;
}

/** The id in the body, if it has one; other mistakes in the body are reported later. */
function requestedIdOf(call: Call): unknown {
  try {
    const body = call.body();
    return isObject(body) && isObject(body.data) ? body.data.id : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isId(id: unknown): id is string {
  return isKintoId(id);
}

/** A UUID for records, eight characters for what people type. */
function newId(kind: Kind): string {
  const uuid = crypto.randomUUID();
  return kind === "record" ? uuid : uuid.slice(0, 8);
}
