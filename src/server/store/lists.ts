import { conditionsOf, objectBodyOf, throwIfAny } from "../http/body.ts";
import type { Call, Services } from "../http/call.ts";
import { isObject, type JsonObject, subset, valueAt } from "../http/json.ts";
import { invalidId } from "./objects.ts";
import { invalidToken, type PageEnd, pageEndOf, tokenOf } from "./page_token.ts";
import { denied } from "../access/permissions.ts";
import { type Query, queryOf, searchOf, typedParamsOf } from "../http/query.ts";
import {
  type InvalidPart,
  NO_CACHE,
  notModified,
  type Reply,
  reply,
  timestampHeaders,
} from "../http/reply.ts";
import { Resource } from "../http/resource.ts";
import { isValidId, type Kind, type Route } from "../http/route.ts";
import type { Filter } from "./sql.ts";
import type { List, Row } from "./store.ts";

/** The methods of a list. */
export const LIST_METHODS = ["HEAD", "GET", "POST", "DELETE"];

/** The most objects in a page, whatever is asked for. */
const MAX_PAGE = 10_000;

/** How long the token of a paginated deletion may be used. */
const NONCE_VALIDITY_MS = 10 * 60 * 1000;

/** Answers a request on all buckets, collections or records. @throws {Refusal} */
export function answerList(call: Call, services: Services, route: Route & { type: "list" }): Reply {
  const resource = new Resource(call, services, route, route.list);
  if (call.method === "POST") return post(resource);
  resource.checkForm(LIST_METHODS);
  const action = call.method === "DELETE" ? "write" : "read";
  const scope = resource.permissions.onList(action, route, route.list);
  if (scope === "none") throw denied(call.user);
  const list = resource.list();

  const errors: InvalidPart[] = [];
  const conditions = conditionsOf(call.header, errors);
  const typed = typedParamsOf(call.params, errors);
  throwIfAny(errors);
  const headers = { ...timestampHeaders(list.timestamp), ...NO_CACHE };
  const isRead = call.method !== "DELETE";
  if (isRead && conditions.ifNoneMatch === list.timestamp) return notModified(list.timestamp);
  resource.checkConditions(conditions, { timestamp: list.timestamp }, list);
  const query = queryOf(call.params, typed, services.now());
  if (scope !== "all") query.filters.unshift({ field: "id", operator: "in", value: scope });
  const { token, sort } = query;
  const after = token === undefined ? undefined : pageEndOf(token, sort, services.now());
  if (call.method === "HEAD") {
    const count = String(services.store.count(list, query.filters));
    return reply(200, '{"data":[]}', {
      ...headers,
      "total-objects": count,
      "total-records": count,
    });
  }
  return isRead ? get(resource, list, query, after, headers) : remove(resource, list, query, after);
}

function get(
  resource: Resource,
  list: List,
  query: Query,
  after: PageEnd | undefined,
  headers: Record<string, string>,
): Reply {
  const { rows, nextPage } = page(resource, list, query, after, isTimeFiltered(query.filters));
  const { fields } = query;
  let body = '{"data":[';
  let comma = "";
  for (const [, data] of rows) {
    // Adding up is faster than joining.
    body += comma +
      (fields ? JSON.stringify(subset(JSON.parse(data) as JsonObject, fields)) : data);
    comma = ",";
  }
  return reply(200, `${body}]}`, { ...headers, ...nextPage });
}

function remove(
  resource: Resource,
  list: List,
  query: Query,
  after: PageEnd | undefined,
): Reply {
  if (after) useNonce(resource.services, after.nonce);
  const { rows, nextPage } = page(resource, list, query, after, false);
  const deleted = rows.map(([, data]) =>
    resource.remove(list, (JSON.parse(data) as { id: string }).id)
  );
  // The clock may have run ahead of these; without any, it's the list's own time that is told.
  const timestamp = Math.max(...deleted.map(({ lastModified }) => lastModified));
  return reply(200, `{"data":[${deleted.map(({ data }) => data).join(",")}]}`, {
    ...timestampHeaders(deleted.length > 0 ? timestamp : list.timestamp),
    ...nextPage,
  });
}

/** One page of a list, and where the next one is. */
function page(
  resource: Resource,
  list: List,
  query: Query,
  after: PageEnd | undefined,
  includeDeleted: boolean,
): { rows: Row[]; nextPage: { "next-page"?: string } } {
  const { store, settings, now } = resource.services;
  const { paginateBy = MAX_PAGE } = settings;
  const limit = query.limit === 0 ? MAX_PAGE : Math.min(query.limit ?? paginateBy, paginateBy);
  const { filters, sort } = query;

  const { rows, hasNext } = store.page(list, { filters, sort, after, limit, includeDeleted });
  const last = rows.at(-1);
  if (!hasNext || last === undefined) return { rows, nextPage: {} };
  const [seq, data] = last;
  const object = JSON.parse(data) as JsonObject;
  const values: JsonObject = {};
  for (const { field } of sort) {
    const value = valueAt(object, field);
    if (value !== undefined) values[field] = value;
  }
  const nonce = `pagination-token-${crypto.randomUUID()}`;
  if (resource.call.method === "DELETE") {
    resource.services.nonces.set(nonce, now() + NONCE_VALIDITY_MS);
  }
  const offset = (after?.offset ?? 0) + limit;
  const next = tokenOf({ values, seq, offset, nonce });
  return { rows, nextPage: { "next-page": pageUrl(resource.call, limit, next) } };
}

/** Tokens of deletions work once: sent again, they'd delete what came in the meantime. */
function useNonce({ nonces, now }: Services, nonce: string): void {
  for (const [known, until] of nonces) {
    if (until < now()) nonces.delete(known);
  }
  if (!nonces.delete(nonce)) throw invalidToken("_token was already used or has expired.");
}

function pageUrl({ origin, path, params }: Call, limit: number, token: string): string {
  const once = [...params].map(([name, value]) => [name, [value].flat().at(-1) ?? ""] as const);
  const query = new Map([...once, ["_limit", String(limit)], ["_token", token]]);
  return `${origin}${encodeURI(path)}?${searchOf(query)}`;
}

/** Who asks what changed wants to know of deletions, too. */
function isTimeFiltered(filters: readonly Filter[]): boolean {
  return filters.some(({ field }) => field === "last_modified");
}

/** Creates an object; one that is there already is left as it is, and returned. */
function post(resource: Resource): Reply {
  const { call, permissions, place, services: { store } } = resource;
  const list = resource.list();
  const requestedId = requestedIdOf(call);
  if (requestedId !== undefined && !isValidId(requestedId)) throw invalidId();
  const existing = requestedId === undefined ? undefined : store.get(list, requestedId);
  resource.checkForm(LIST_METHODS);
  const isPermitted = existing
    ? permissions.onObject("read", place, existing.id)
    : permissions.onCreate(place);
  if (!isPermitted) throw denied(call.user);

  const errors: InvalidPart[] = [];
  const conditions = conditionsOf(call.header, errors);
  const body = objectBodyOf(resource.body(), place.kind, errors);
  throwIfAny(errors);
  const data = body.data ?? {};
  resource.checkAttributes(data, "data.");
  const current = existing && { timestamp: existing.last_modified, data: existing.data };
  resource.checkConditions(conditions, current, list);
  if (existing) {
    const { data, last_modified: timestamp } = existing;
    return resource.reply(200, data, timestamp, resource.aclOf(existing));
  }
  const id = requestedId ?? newId(place.kind);
  const prepared = resource.prepared({ ...data, id }, undefined);
  const { stored, acl } = resource.store(list, prepared, undefined, body.permissions);
  return resource.reply(201, JSON.stringify(stored), Number(stored.last_modified), acl);
}

/** The id in the body, if it has one; what else is wrong with the body is told later. */
function requestedIdOf(call: Call): unknown {
  try {
    const body = call.body();
    return isObject(body) && isObject(body.data) ? body.data.id : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** A UUID for records, eight characters for what people type. */
function newId(kind: Kind): string {
  const uuid = crypto.randomUUID();
  return kind === "record" ? uuid : uuid.slice(0, 8);
}
