import { isKintoId } from "../../settings/kinto_id.ts";
import { isObject, type JsonObject } from "../../net/json.ts";
import { EVERYONE, principalsOf } from "../access/accounts.ts";
import { Permissions, type Place } from "../access/permissions.ts";
import type { Call } from "../http/call.ts";
import { ERRNO, invalidPart, methodNotAllowed, notFound } from "../http/refusal.ts";
import type { PathParams } from "../http/router.ts";
import { type Reply, reply, timestampHeaders } from "../http/reply.ts";
import type { List } from "../store/lists.ts";
import type { Acl, Kind } from "../store/store.ts";
import { invalidBody, jsonBodyOf, type ObjectBody, objectBodyOf } from "./bodies.ts";
import { type Conditions, conditionsOf } from "./conditions.ts";
import { checkAccept, checkContentType } from "./media_types.ts";
import type { Services } from "./services.ts";
import { Mistakes } from "./validator.ts";

/** The end of the year 9999, the latest HTTP date, in milliseconds since 1970. */
export const LATEST_MS = 253_402_300_799_999;

/** The fields of buckets and collections that hold JSON schemas. */
const SCHEMA_FIELDS: Record<Kind, readonly string[]> = {
  bucket: ["collection:schema", "group:schema", "record:schema"],
  collection: ["schema"],
  record: [],
};

/** Methods whose requests have a body. */
const WITH_BODY = ["POST", "PUT", "PATCH"];

/** What a request on a list or an object declares, validated. */
export interface Declared<T> extends ObjectBody {
  conditions: Conditions;
  more: T;
}

/** A request's target: what lists and objects have in common. */
export class Resource {
  readonly permissions: Permissions;
  readonly place: Place;
  /** The path of the list, such as `/buckets/b/collections`. */
  readonly uri: string;

  constructor(
    readonly call: Call,
    readonly services: Services,
    kind: Kind,
    { bucket = "", collection = "" }: PathParams,
  ) {
    this.place = { kind, bucket, collection };
    this.permissions = new Permissions(services.store, principalsOf(call.user));
    this.uri = kind === "bucket"
      ? "/buckets"
      : kind === "collection"
      ? `/buckets/${bucket}/collections`
      : `/buckets/${bucket}/collections/${collection}/records`;
  }

  /** The owner of created objects. */
  get #principal(): string {
    return this.call.user ?? EVERYONE;
  }

  /** The list that the path names. @throws {Refusal} 404 when its parent doesn't exist */
  list(): List {
    const { kind, bucket, collection } = this.place;
    if (kind !== "bucket" && !isKintoId(bucket)) {
      throw notFound("bucket", bucket, ERRNO.MISSING_RESOURCE);
    }
    const list = this.services.store.list(this.uri);
    if (kind === "record" && (!isKintoId(collection) || list === undefined)) {
      throw notFound("collection", collection, ERRNO.MISSING_RESOURCE);
    }
    // There are no permissions on what doesn't exist: such requests are refused later.
    return list ?? { key: -1, uri: this.uri, timestamp: 0, count: 0 };
  }

  /** Checks the media types that the client accepts and sends. @throws {Refusal} 406, 415 */
  checkMediaTypes(): void {
    checkAccept(this.call);
    if (WITH_BODY.includes(this.call.method)) checkContentType(this.call);
  }

  /**
   * Reads conditions and body, and what else `readMore` reads; all mistakes are reported at once.
   *
   * @throws {Refusal} 400
   */
  declared<T>(readMore: (mistakes: Mistakes) => T): Declared<T> {
    const { call, place } = this;
    const mistakes = new Mistakes();
    const conditions = conditionsOf(call, mistakes);
    const more = readMore(mistakes);
    const body = WITH_BODY.includes(call.method)
      ? objectBodyOf(jsonBodyOf(call), place.kind, mistakes)
      : {};
    mistakes.throwIfAny();
    return { conditions, more, ...body };
  }

  /** Checks the schemas in a bucket or a collection. @throws {Refusal} 400 */
  checkAttributes(data: JsonObject, prefix = ""): void {
    for (const field of SCHEMA_FIELDS[this.place.kind]) {
      if (Object.hasOwn(data, field)) this.services.schemas.check(prefix + field, data[field]);
    }
    const { cache_expires: expires } = data;
    if (this.place.kind === "collection" && expires !== undefined && !Number.isInteger(expires)) {
      throw invalidBody(`${prefix}cache_expires`, `"${expires}" is not a number`);
    }
  }

  /**
   * The object to store: without a `last_modified` that isn't newer than the old one, validated
   * by the schemas of the bucket and the collection, and stamped with the latter's version.
   *
   * @throws {Refusal} 400
   */
  prepared(data: JsonObject, old: { last_modified: number } | undefined): JsonObject {
    const { last_modified: requested, ...rest } = data;
    const isUsable = Number.isInteger(requested) &&
      (old === undefined || Number(requested) > old.last_modified);
    if (isUsable && Number(requested) > LATEST_MS) {
      throw invalidBody("last_modified", `${requested} is after the year 9999`);
    }
    const { kind, bucket, collection } = this.place;
    let object = isUsable ? data : rest;
    const validate = (uri: string, id: string, field: string) => {
      const parent = this.services.store.parent(uri, id)?.data;
      const schema = parent?.[field];
      if (!isObject(schema)) return undefined;
      const version = Number(parent?.last_modified);
      this.services.schemas.validate(object, schema, `${uri}/${id} ${field}`, version);
      return version;
    };
    if (kind === "record") {
      const schema = validate(`/buckets/${bucket}/collections`, collection, "schema");
      if (schema !== undefined) object = { ...object, schema };
    }
    if (kind !== "bucket") validate("/buckets", bucket, `${kind}:schema`);
    return object;
  }

  /** Stores an object, and creates the list of its children. @returns the reply */
  write(
    status: number,
    list: List,
    data: JsonObject,
    old: { acl: Acl } | undefined,
    requested: Acl = {},
  ): { stored: JsonObject; reply: Reply } {
    const { store } = this.services;
    const { kind } = this.place;
    const acl = this.#newAcl(old?.acl ?? {}, requested);
    const stored = store.put(list, data, kind === "record" ? null : acl, old !== undefined);
    if (kind !== "record" && old === undefined) {
      store.createList(`${this.uri}/${stored.id}/${kind === "bucket" ? "collections" : "records"}`);
    }
    const reply = this.#reply(status, JSON.stringify(stored), Number(stored.last_modified), acl);
    return { stored, reply };
  }

  /** Deletes an object, and its children. */
  remove(list: List, id: string, requested?: number): { lastModified: number; data: string } {
    if (this.place.kind !== "record") this.services.store.dropListsBelow(`${this.uri}/${id}`);
    return this.services.store.delete(list, id, requested);
  }

  /** The reply with a stored object. */
  show(
    row: { id: string; last_modified: number; data: string; acl: Acl },
    headers: Record<string, string> = {},
  ): Reply {
    return this.#reply(200, row.data, row.last_modified, this.#aclOf(row), headers);
  }

  /** Permissions are shown to those who may write the object. */
  #reply(status: number, data: string, timestamp: number, acl: Acl, headers = {}): Reply {
    const shown = acl.write?.some((principal) => this.permissions.principals.includes(principal));
    return reply(
      status,
      `{"permissions":${JSON.stringify(shown ? acl : {})},"data":${data}}`,
      { ...timestampHeaders(timestamp), ...headers },
    );
  }

  /** The permissions of a stored object; for a record, whether the client may write it. */
  #aclOf(row: { id: string; acl: Acl }): Acl {
    if (this.place.kind !== "record") return row.acl;
    return this.permissions.onObject("write", this.place, row.id)
      ? { write: [this.#principal] }
      : {};
  }

  /** The writer may write from now on. Empty lists are no permissions. */
  #newAcl(old: Acl, requested: Acl): Acl {
    const changes = Object.keys(requested).length > 0;
    const base = changes && this.call.method === "PUT" ? requested : { ...old, ...requested };
    const { write = [], ...others } = base;
    if (this.place.kind === "record") this.#refuseRecordPermissions(others, write);
    return {
      ...Object.fromEntries(Object.entries(others).filter(([, list]) => list.length > 0)),
      write: [...new Set([...write, this.#principal])],
    };
  }

  #refuseRecordPermissions(others: Acl, write: string[]): void {
    const isOwn = write.every((principal) => principal === this.#principal) &&
      Object.values(others).every((principals) => principals.length === 0);
    if (isOwn) return;
    throw methodNotAllowed(
      [],
      "Records have no permissions of their own here: those of the collection apply.",
    );
  }
}

/** 400 for an id that isn't one. */
export function invalidId(): Error {
  return invalidPart("path", null, "Invalid object id");
}
