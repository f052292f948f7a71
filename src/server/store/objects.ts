import { conditionsOf, objectBodyOf, throwIfAny } from "../http/body.ts";
import type { Call, Services } from "../http/call.ts";
import { type JsonObject, sameJson, subset } from "../http/json.ts";
import { denied } from "../access/permissions.ts";
import { fieldsOf } from "../http/query.ts";
import {
  ERRNO,
  invalid,
  invalidBody,
  type InvalidPart,
  NO_CACHE,
  notFound,
  notModified,
  type Reply,
  reply,
  timestampHeaders,
} from "../http/reply.ts";
import { Resource } from "../http/resource.ts";
import { isValidId, type Route } from "../http/route.ts";
import type { List, Stored } from "./store.ts";

/** The methods of a single object. */
export const OBJECT_METHODS = ["GET", "HEAD", "PUT", "PATCH", "DELETE"];

/** Answers a request on one bucket, collection or record. @throws {Refusal} */
export function answerObject(
  call: Call,
  services: Services,
  route: Route & { type: "object" },
): Reply {
  const resource = new Resource(call, services, route, route.list);
  const { id } = route;
  const isRead = !["PUT", "PATCH", "DELETE"].includes(call.method);
  const found = isRead ? undefined : find(resource, id);
  resource.checkForm(OBJECT_METHODS);
  if (!isPermitted(resource, id, found?.row)) throw denied(call.user);
  const { list, row } = found ?? find(resource, id);

  switch (call.method) {
    case "PUT":
      return put(resource, id, list, row);
    case "PATCH":
      return patch(resource, id, list, row);
    case "DELETE":
      return remove(resource, id, list, row);
    default:
      return get(resource, id, list, row);
  }
}

function find(resource: Resource, id: string): { list: List; row: Stored | undefined } {
  const list = resource.list();
  return { list, row: resource.services.store.get(list, id) };
}

/** A `PUT` creates or writes; who may read the list learns that what they change isn't there. */
function isPermitted(resource: Resource, id: string, row: Stored | undefined): boolean {
  const { call: { method, header }, permissions, place, listUri } = resource;
  if (method === "GET" || method === "HEAD") return permissions.onObject("read", place, id);
  if (method === "PUT" && (row === undefined || header("If-None-Match") === "*")) {
    return permissions.onCreate(place);
  }
  if (row !== undefined) return permissions.onObject("write", place, id);
  return place.kind !== "bucket" && permissions.onList("read", place, listUri) === "all";
}

function get(resource: Resource, id: string, list: List, row: Stored | undefined): Reply {
  const errors: InvalidPart[] = [];
  const conditions = conditionsOf(resource.call.header, errors);
  throwIfAny(errors);
  const stored = existing(resource, id, row);
  const headers = { ...timestampHeaders(stored.last_modified), ...NO_CACHE };
  if (conditions.ifNoneMatch === stored.last_modified) return notModified(stored.last_modified);
  resource.checkConditions(conditions, current(stored), list);
  const fields = fieldsOf(resource.call.params);
  if (fields === undefined) {
    const { data, last_modified: timestamp } = stored;
    return resource.reply(200, data, timestamp, resource.aclOf(stored), NO_CACHE);
  }
  const part = subset(JSON.parse(stored.data) as JsonObject, fields);
  return reply(200, JSON.stringify({ data: part }), headers);
}

function put(resource: Resource, id: string, list: List, row: Stored | undefined): Reply {
  const errors: InvalidPart[] = [];
  const conditions = conditionsOf(resource.call.header, errors);
  const { data, permissions } = objectBodyOf(resource.body(), resource.place.kind, errors);
  throwIfAny(errors);
  if (data !== undefined) resource.checkAttributes(data, "data.");
  checkId(id);
  resource.checkConditions(conditions, row && current(row), list);
  const given = data ?? (row ? JSON.parse(row.data) as JsonObject : {});
  checkSameId(given, id);
  const prepared = resource.prepared({ ...given, id }, row);
  const { stored, acl } = resource.store(list, prepared, row, permissions);
  const status = row === undefined ? 201 : 200;
  return resource.reply(status, JSON.stringify(stored), Number(stored.last_modified), acl);
}

function patch(resource: Resource, id: string, list: List, row: Stored | undefined): Reply {
  const errors: InvalidPart[] = [];
  const conditions = conditionsOf(resource.call.header, errors);
  const behavior = resource.call.header("Response-Behavior") ?? "full";
  if (!["full", "light", "diff"].includes(behavior)) {
    const description = `"${behavior}" is not one of full, light, diff`;
    errors.push({ location: "header", name: "Response-Behavior", description });
  }
  const body = resource.body();
  const { data: changes = {}, permissions } = objectBodyOf(body, resource.place.kind, errors);
  throwIfAny(errors);
  checkId(id);
  const old = existing(resource, id, row);
  resource.checkConditions(conditions, current(old), list);
  if (Object.keys(body as JsonObject).length === 0) {
    throw invalidBody("data", "Provide at least one of data or permissions");
  }
  const before = JSON.parse(old.data) as JsonObject;
  const updated = { ...before, ...changes };
  resource.checkAttributes(updated);
  checkSameId(updated, id);
  const { stored, acl } = resource.store(list, resource.prepared(updated, old), old, permissions);
  const timestamp = Number(stored.last_modified);
  if (behavior === "full") {
    return resource.reply(200, JSON.stringify(stored), timestamp, acl);
  }
  const isNew = (key: string) => !sameJson(before[key] ?? null, stored[key] ?? null);
  const changed = Object.keys(changes).filter(isNew);
  const shown = behavior === "light"
    ? changed
    : changed.filter((key) => !sameJson(changes[key], stored[key]));
  const data = Object.fromEntries(shown.map((key) => [key, stored[key]]));
  return reply(200, JSON.stringify({ data }), timestampHeaders(timestamp));
}

function remove(resource: Resource, id: string, list: List, row: Stored | undefined): Reply {
  const errors: InvalidPart[] = [];
  const conditions = conditionsOf(resource.call.header, errors);
  throwIfAny(errors);
  checkId(id);
  const old = existing(resource, id, row);
  resource.checkConditions(conditions, current(old), list);
  const { lastModified, data } = resource.remove(list, id, requestedDeletion(resource, old));
  return reply(200, `{"data":${data}}`, timestampHeaders(lastModified));
}

/** `?last_modified=`, when it's newer than the object. @throws {Refusal} 400 */
function requestedDeletion(resource: Resource, old: Stored): number | undefined {
  const name = "last_modified";
  const text = [resource.call.params.get(name) ?? ""].flat().at(-1) ?? "";
  if (text === "") return undefined;
  const requested = Number(text.replace(/^"(.*)"$/, "$1"));
  if (!Number.isInteger(requested) || requested > 253_402_300_799_999) {
    const description = `Invalid value for ${name}`;
    throw invalid([{ location: "querystring", name, description }]);
  }
  return requested > old.last_modified ? requested : undefined;
}

function checkId(id: string): void {
  if (!isValidId(id)) throw invalidId();
}

/** 400 for an id that can't be one. */
export function invalidId(): Error {
  return invalid([{ location: "path", name: null, description: "Invalid object id" }]);
}

function checkSameId(data: JsonObject, id: string): void {
  if (Object.hasOwn(data, "id") && data.id !== id) {
    throw invalidBody("id", "Object id does not match existing object");
  }
}

function existing(resource: Resource, id: string, row: Stored | undefined): Stored {
  if (!isValidId(id)) throw invalidId();
  if (row === undefined) throw notFound(resource.place.kind, id, ERRNO.INVALID_RESOURCE_ID);
  return row;
}

function current({ last_modified: timestamp, data }: Stored): { timestamp: number; data: string } {
  return { timestamp, data };
}
