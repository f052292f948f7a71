import { EVERYONE, principalsOf } from "../access/accounts.ts";
import type { Conditions } from "./body.ts";
import type { Call, Services } from "./call.ts";
import { isObject, type JsonObject } from "./json.ts";
import { Permissions, type Place } from "../access/permissions.ts";
import {
  ERRNO,
  invalid,
  invalidBody,
  methodNotAllowed,
  notFound,
  Refusal,
  type Reply,
  reply,
  timestampHeaders,
} from "./reply.ts";
import { isValidId } from "./route.ts";
import type { Acl, List } from "../store/store.ts";

/** The year 9999 ends here: no HTTP date is later. */
const LATEST_MS = 253_402_300_799_999;

/** The fields of buckets and collections that hold JSON schemas. */
const SCHEMA_FIELDS = {
  bucket: ["collection:schema", "group:schema", "record:schema"],
  collection: ["schema"],
  record: [],
} as const;

/** A request's target, with what is needed to answer: what lists and objects have in common. */
export class Resource {
  readonly permissions: Permissions;
  /** Who is noted as owner of what is created. */
  readonly principal: string;

  constructor(
    readonly call: Call,
    readonly services: Services,
    readonly place: Place,
    readonly listUri: string,
  ) {
    this.permissions = new Permissions(services.store, principalsOf(call.user));
    this.principal = call.user ?? EVERYONE;
  }

  /** The list that the path names. @throws {Refusal} 404 when what holds it doesn't exist */
  list(): List {
    const { kind, bucket, collection } = this.place;
    if (kind !== "bucket" && !isValidId(bucket)) {
      throw notFound("bucket", bucket, ERRNO.MISSING_RESOURCE);
    }
    const list = this.services.store.list(this.listUri);
    if (kind === "record" && (!isValidId(collection) || list === undefined)) {
      throw notFound("collection", collection, ERRNO.MISSING_RESOURCE);
    }
    // Nobody has permissions on what isn't there: whoever gets here without one is refused later.
    return list ?? { key: -1, uri: this.listUri, timestamp: 0, count: 0 };
  }

  /** 405, 406 or 415 when the method, what is accepted or what is sent doesn't suit. */
  checkForm(methods: readonly string[]): void {
    const { method, header } = this.call;
    if (!methods.includes(method)) throw methodNotAllowed(methods);
    checkAccept(header("Accept"));
    if (["POST", "PUT", "PATCH"].includes(method)) checkContentType(header("Content-Type"));
  }

  /** The body. @throws {Refusal} 400 when it's no JSON, or neither an object nor an array */
  body(): unknown {
    return jsonBodyOf(this.call);
  }

  /** 412 when the object (undefined: there is none) isn't as the client knows it. */
  checkConditions(
    { ifMatch, ifNoneMatch }: Conditions,
    current: { timestamp: number; data?: string } | undefined,
    list: List,
  ): void {
    const timestamp = current?.timestamp ?? list.timestamp;
    const isWrong = ifNoneMatch === "*" && current !== undefined ||
      ifMatch !== undefined &&
        (current === undefined || (ifMatch !== "*" && ifMatch !== timestamp));
    if (!isWrong) return;
    const existing = current?.data === undefined ? undefined : JSON.parse(current.data);
    throw new Refusal(412, ERRNO.MODIFIED_MEANWHILE, {
      message: "Resource was modified meanwhile",
      details: existing && { existing },
    }, timestampHeaders(timestamp));
  }

  /** Checks the schemas that a bucket or a collection brings. @throws {Refusal} 400 */
  checkAttributes(data: JsonObject, prefix = ""): void {
    for (const field of SCHEMA_FIELDS[this.place.kind]) {
      if (Object.hasOwn(data, field)) this.services.schemas?.check(prefix + field, data[field]);
    }
    const { cache_expires: expires } = data;
    if (this.place.kind === "collection" && expires !== undefined && !Number.isInteger(expires)) {
      throw invalidBody(`${prefix}cache_expires`, `"${expires}" is not a number`);
    }
  }

  /**
   * What will be stored: without a `last_modified` that isn't newer than the old one, checked
   * against the schemas of the bucket and the collection, and stamped with the latter's version.
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
    let object = isUsable ? data : rest;
    const { kind, bucket, collection } = this.place;
    if (kind === "record") {
      const parent = this.services.store.parent(`/buckets/${bucket}/collections`, collection)?.data;
      if (parent !== undefined && isObject(parent.schema)) {
        const version = Number(parent.last_modified);
        this.services.schemas?.validate(object, parent.schema, this.listUri, version);
        object = { ...object, schema: version };
      }
    }
    const general = kind === "bucket"
      ? undefined
      : this.services.store.parent("/buckets", bucket)?.data;
    const schema = general?.[`${kind}:schema`];
    if (general !== undefined && isObject(schema)) {
      const name = `/buckets/${bucket} ${kind}`;
      this.services.schemas?.validate(object, schema, name, Number(general.last_modified));
    }
    return object;
  }

  /** Stores an object, and begins the list of what it will hold. */
  store(
    list: List,
    data: JsonObject,
    old: { acl: Acl } | undefined,
    requested: Acl | undefined,
  ): { stored: JsonObject; acl: Acl } {
    const { store } = this.services;
    const acl = this.#newAcl(old?.acl ?? {}, requested ?? {});
    const isRecord = this.place.kind === "record";
    const stored = store.put(list, data, isRecord ? null : acl, old !== undefined);
    if (!isRecord && old === undefined) {
      const child = this.place.kind === "bucket" ? "collections" : "records";
      store.createList(`${this.listUri}/${stored.id}/${child}`);
    }
    return { stored, acl };
  }

  /** Deletes an object, and all that it holds. */
  remove(list: List, id: string, requested?: number): { lastModified: number; data: string } {
    if (this.place.kind !== "record") this.services.store.dropListsBelow(`${this.listUri}/${id}`);
    return this.services.store.delete(list, id, requested);
  }

  /** Whoever writes is noted as writer. Empty lists are no permissions. */
  #newAcl(old: Acl, requested: Acl): Acl {
    const changes = Object.keys(requested).length > 0;
    const base = changes && this.call.method === "PUT" ? requested : { ...old, ...requested };
    const { write = [], ...others } = base;
    if (this.place.kind === "record") this.#refuseRecordPermissions(others, write);
    return {
      ...Object.fromEntries(Object.entries(others).filter(([, list]) => list.length > 0)),
      write: [...new Set([...write, this.principal])],
    };
  }

  #refuseRecordPermissions(others: Acl, write: string[]): void {
    const isOwn = write.every((principal) => principal === this.principal) &&
      Object.values(others).every((principals) => principals.length === 0);
    if (isOwn) return;
    throw new Refusal(405, ERRNO.METHOD_NOT_ALLOWED, {
      message: "Method not allowed on this endpoint.",
      details: "Records have no permissions of their own here: those of the collection apply.",
    });
  }

  /** An object's reply. Its permissions are shown to who may write it. */
  reply(status: number, data: string, timestamp: number, acl: Acl, headers = {}): Reply {
    const shown = acl.write?.some((principal) => this.permissions.principals.includes(principal));
    return reply(
      status,
      `{"permissions":${JSON.stringify(shown ? acl : {})},"data":${data}}`,
      { ...timestampHeaders(timestamp), ...headers },
    );
  }

  /** The permissions of a stored object. Those of a record say whether who asks may write it. */
  aclOf(row: { id: string; acl: Acl }): Acl {
    if (this.place.kind !== "record") return row.acl;
    return this.permissions.onObject("write", this.place, row.id)
      ? { write: [this.principal] }
      : {};
  }
}

/** The JSON body. @throws {Refusal} 400 in Kinto's words */
export function jsonBodyOf(call: Call): unknown {
  const required = { location: "body", name: "", description: "Required" } as const;
  const refuse = (description: string) =>
    invalid([{ location: "body", name: "", description }, required]);
  let body: unknown;
  try {
    body = call.body();
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw refuse(`Invalid JSON: ${error.message}`);
  }
  if (typeof body !== "object" || body === null) {
    throw refuse("Should be a JSON object or an array");
  }
  return body;
}

/** 415 unless JSON is sent. A missing type passes for JSON. */
export function checkContentType(value: string | undefined): void {
  const type = (value ?? "").split(";")[0]?.trim().toLowerCase();
  if (type === "" || type === "application/json") return;
  throw unsuitable("Content-Type", 415);
}

/** 406 unless JSON may be answered. */
function checkAccept(value: string | undefined): void {
  if (value === undefined || value.trim() === "") return;
  const accepts = value.split(",").some((range) => {
    const [type = "", ...parameters] = range.toLowerCase().split(";").map((part) => part.trim());
    return /^(\*\/\*|application\/(\*|json))$/.test(type) &&
      !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
  });
  if (!accepts) throw unsuitable("Accept", 406);
}

function unsuitable(name: string, status: number): Refusal {
  const description = `${name} header should be one of ['application/json']`;
  return invalid([{ location: "header", name, description }], status);
}
