import { AUTHENTICATED } from "./accounts.ts";
import type { Acl, Kind, Store } from "../store/store.ts";

/** The permissions that can be stored on an object of each kind. Records have none of their own. */
export const PERMISSIONS: Record<Kind, readonly string[]> = {
  bucket: ["read", "write", "collection:create", "group:create"],
  collection: ["read", "write", "record:create"],
  record: ["read", "write"],
};

/** What a request does with a list or an object. */
export type Action = "read" | "write" | "create";

/** Permissions on a bucket, and on a collection in it, each of which is enough. */
interface Granters {
  bucket: readonly string[];
  collection?: readonly string[];
}

const [WRITE, READ] = [["write"], ["write", "read"]];
const WRITE_BOTH: Granters = { bucket: WRITE, collection: WRITE };
const READ_BOTH: Granters = { bucket: READ, collection: READ };
const NO_ONE: Granters = { bucket: [] };

/** Permissions that allow an action on an object. Who may create within it may read it. */
const ON_OBJECT: Record<Kind, Record<"read" | "write", Granters>> = {
  bucket: {
    read: { bucket: [...READ, "collection:create", "group:create"] },
    write: { bucket: WRITE },
  },
  collection: {
    read: { bucket: READ, collection: [...READ, "record:create"] },
    write: WRITE_BOTH,
  },
  record: { read: READ_BOTH, write: WRITE_BOTH },
};

/** Permissions that allow an action on a whole list; none does for all buckets. */
const ON_LIST: Record<Kind, Record<Action, Granters>> = {
  bucket: { read: NO_ONE, write: NO_ONE, create: NO_ONE },
  collection: {
    read: { bucket: READ },
    write: { bucket: WRITE },
    create: { bucket: [...WRITE, "collection:create"] },
  },
  record: {
    read: READ_BOTH,
    write: WRITE_BOTH,
    create: { bucket: WRITE, collection: [...WRITE, "record:create"] },
  },
};

/** Where a list or an object is: its bucket and its collection, "" where there is none. */
export interface Place {
  kind: Kind;
  bucket: string;
  collection: string;
}

/** Decides what some principals may do, by the permissions of buckets and collections. */
export class Permissions {
  constructor(readonly store: Store, readonly principals: readonly string[]) {}

  /** Whether these principals may read or write the object with this id. */
  onObject(action: "read" | "write", place: Place, id: string): boolean {
    return this.#holds(ON_OBJECT[place.kind][action], {
      ...place,
      ...place.kind === "record" ? {} : { [place.kind]: id },
    });
  }

  /** Whether these principals may create here. Every account may create buckets. */
  onCreate(place: Place): boolean {
    return place.kind === "bucket"
      ? this.principals.includes(AUTHENTICATED)
      : this.#holds(ON_LIST[place.kind].create, place);
  }

  /**
   * What of a list may be read or written: `all` of it, or the objects shared with these
   * principals, by id. Who may create here gets the shared ones, even if there are none.
   */
  onList(action: "read" | "write", place: Place, list: string): "all" | string[] | "none" {
    if (this.#holds(ON_LIST[place.kind][action], place)) return "all";
    const own = place.kind === "record" ? [] : ON_OBJECT[place.kind][action][place.kind] ?? [];
    const stored = own.length > 0 ? this.store.list(list) : undefined;
    const shared = stored ? this.store.idsWhere(stored, (acl) => this.#isGranted(acl, own)) : [];
    return shared.length > 0 || this.onCreate(place) ? shared : "none";
  }

  #holds(granters: Granters, { bucket, collection }: Omit<Place, "kind">): boolean {
    return this.#isGranted(this.#acl("/buckets", bucket), granters.bucket) ||
      (granters.collection !== undefined &&
        this.#isGranted(
          this.#acl(`/buckets/${bucket}/collections`, collection),
          granters.collection,
        ));
  }

  #isGranted(acl: Acl, permissions: readonly string[]): boolean {
    return permissions.some((permission) =>
      acl[permission]?.some((principal) => this.principals.includes(principal))
    );
  }

  #acl(uri: string, id: string): Acl {
    return this.store.parent(uri, id)?.acl ?? {};
  }
}
