import { isKintoId } from "../../settings/kinto_id.ts";
import type { JsonObject } from "../../net/json.ts";
import type { Call } from "../http/call.ts";
import { denied, ERRNO, invalidPart, notFound } from "../http/refusal.ts";
import { NO_CACHE, notModified, type Reply, reply, timestampHeaders } from "../http/reply.ts";
import type { Handler } from "../http/router.ts";
import type { List } from "../store/lists.ts";
import { sameJson } from "../store/json_value.ts";
import type { Kind, Stored } from "../store/store.ts";
import { invalidBody } from "./bodies.ts";
import { checkConditions } from "./conditions.ts";
import { fieldsOf } from "./list_query.ts";
import { type Declared, invalidId, LATEST_MS, Resource } from "./resource.ts";
import type { Services } from "./services.ts";
import { subset } from "./subset.ts";
import type { Mistakes } from "./validator.ts";

/** A request on one object. */
interface Target {
  resource: Resource;
  id: string;
  list: List;
  /** undefined: it doesn't exist. */
  row: Stored | undefined;
  declared: Declared<Behavior>;
}

/** What of the object a `PATCH` shows: all of it, what changed, or what differs from the request. */
type Behavior = typeof BEHAVIORS[number];

const BEHAVIORS = ["full", "light", "diff"] as const;

/** The handlers of one bucket, collection or record. */
export function objectHandlers(services: Services, kind: Kind): Record<string, Handler<Reply>> {
  /** What is the same for all methods, in Kinto's order. */
  const on =
    (answer: (target: Target) => Reply, isWrite: boolean): Handler<Reply> => (call, params) => {
      const { id = "" } = params;
      const resource = new Resource(call, services, kind, params);
      const find = () => {
        const list = resource.list();
        return { list, row: services.store.get(list, id) };
      };
      // Who writes below something that doesn't exist learns that first, who reads is denied first.
      const found = isWrite ? find() : undefined;
      resource.checkMediaTypes();
      if (!isPermitted(resource, id, found?.row)) throw denied(call.user);
      const { list, row } = found ?? find();
      const declared = resource.declared((mistakes) => behaviorOf(call, mistakes));
      return answer({ resource, id, list, row, declared });
    };
  const head = on(get, false);
  return {
    GET: head,
    HEAD: head,
    PUT: on(put, true),
    PATCH: on(patch, true),
    DELETE: on(remove, true),
  };
}

/** A `PUT` creates or replaces; who may read the list learns that an object doesn't exist. */
function isPermitted(resource: Resource, id: string, row: Stored | undefined): boolean {
  const { call: { method, header }, permissions, place, uri } = resource;
  if (method === "GET" || method === "HEAD") return permissions.onObject("read", place, id);
  if (method === "PUT" && (row === undefined || header("If-None-Match") === "*")) {
    return permissions.onCreate(place);
  }
  if (row !== undefined) return permissions.onObject("write", place, id);
  return place.kind !== "bucket" && permissions.onList("read", place, uri) === "all";
}

function get(target: Target): Reply {
  const { resource, declared: { conditions } } = target;
  const stored = existing(target);
  if (conditions.ifNoneMatch === stored.last_modified) return notModified(stored.last_modified);
  check(target, stored);
  const fields = fieldsOf(resource.call.query);
  if (fields === undefined) return resource.show(stored, NO_CACHE);
  const data = subset(JSON.parse(stored.data) as JsonObject, fields);
  const headers = { ...timestampHeaders(stored.last_modified), ...NO_CACHE };
  return reply(200, JSON.stringify({ data }), headers);
}

function put(target: Target): Reply {
  const { resource, id, list, row, declared: { data, permissions } } = target;
  if (data !== undefined) resource.checkAttributes(data, "data.");
  checkId(id);
  check(target, row);
  const given = data ?? (row ? JSON.parse(row.data) as JsonObject : {});
  checkSameId(given, id);
  const prepared = resource.prepared({ ...given, id }, row);
  return resource.write(row === undefined ? 201 : 200, list, prepared, row, permissions).reply;
}

function patch(target: Target): Reply {
  const { resource, id, list, declared: { data, permissions, more: behavior } } = target;
  const old = existing(target);
  check(target, old);
  if (data === undefined && permissions === undefined) {
    throw invalidBody("data", "Provide at least one of data or permissions");
  }
  const changes = data ?? {};
  const before = JSON.parse(old.data) as JsonObject;
  const updated = { ...before, ...changes };
  resource.checkAttributes(updated);
  checkSameId(updated, id);
  const prepared = resource.prepared(updated, old);
  const { stored, reply: full } = resource.write(200, list, prepared, old, permissions);
  if (behavior === "full") return full;
  const changed = Object.keys(changes)
    .filter((key) => !sameJson(before[key] ?? null, stored[key] ?? null));
  const shown = behavior === "light"
    ? changed
    : changed.filter((key) => !sameJson(changes[key], stored[key]));
  const answered = { data: Object.fromEntries(shown.map((key) => [key, stored[key]])) };
  return reply(200, JSON.stringify(answered), timestampHeaders(Number(stored.last_modified)));
}

function remove(target: Target): Reply {
  const { resource, id, list } = target;
  const old = existing(target);
  check(target, old);
  const { lastModified, data } = resource.remove(list, id, requestedDeletion(resource, old));
  return reply(200, `{"data":${data}}`, timestampHeaders(lastModified));
}

/** `?last_modified=`, when it's newer than the object. @throws {Refusal} 400 */
function requestedDeletion({ call }: Resource, old: Stored): number | undefined {
  const name = "last_modified";
  const text = [call.query.get(name) ?? ""].flat().at(-1) ?? "";
  if (text === "") return undefined;
  const requested = Number(text.replace(/^"(.*)"$/, "$1"));
  if (!Number.isInteger(requested) || requested > LATEST_MS) {
    throw invalidPart("querystring", name, `Invalid value for ${name}`);
  }
  return requested > old.last_modified ? requested : undefined;
}

function behaviorOf({ method, header }: Call, mistakes: Mistakes): Behavior {
  const text = method === "PATCH" ? header("Response-Behavior") : undefined;
  const behavior = text === undefined ? "full" : BEHAVIORS.find((known) => known === text);
  if (behavior === undefined) {
    const description = `"${text}" is not one of ${BEHAVIORS.join(", ")}`;
    mistakes.add("header", "Response-Behavior", description);
  }
  return behavior ?? "full";
}

/** @throws {Refusal} 412 */
function check({ declared, list }: Target, row: Stored | undefined): void {
  const current = row && { timestamp: row.last_modified, data: row.data };
  checkConditions(declared.conditions, current, list.timestamp);
}

function checkId(id: string): void {
  if (!isKintoId(id)) throw invalidId();
}

function checkSameId(data: JsonObject, id: string): void {
  if (Object.hasOwn(data, "id") && data.id !== id) {
    throw invalidBody("id", "Object id does not match existing object");
  }
}

/** @throws {Refusal} 400 for an invalid id, 404 */
function existing({ resource, id, row }: Target): Stored {
  checkId(id);
  if (row === undefined) throw notFound(resource.place.kind, id, ERRNO.INVALID_RESOURCE_ID);
  return row;
}
