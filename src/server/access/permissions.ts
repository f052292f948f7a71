import { AUTHENTICATED } from "./accounts.ts";
import { ERRNO, Refusal } from "../http/reply.ts";
import type { Kind } from "../http/route.ts";
import type { Acl, Store } from "../store/store.ts";

/** The permissions that can be stored on an object of each kind. Records have none of their own. */
export const PERMISSIONS: Record<Kind, readonly string[]> = {
  bucket: ["read", "write", "collection:create", "group:create"],
  collection: ["read", "write", "record:create"],
  record: ["read", "write"],
};

/** What one may want to do with a list or an object. */
export type Action = "read" | "write" | "create";

/** Permissions of a bucket, and of a collection in it, any of which is enough. */
interface Granters {
  bucket: readonly string[];
  collection?: readonly string[];
}

const WRITE: Granters = { bucket: ["write"], collection: ["write"] };
const READ: Granters = { bucket: ["write", "read"], collection: ["write", "read"] };

/** Who may do what with an object. Who may create within it sees its attributes, too. */
const ON_OBJECT: Record<Kind, Record<"read" | "write", Granters>> = {
  bucket: {
    read: { bucket: ["write", "read", "collection:create", "group:create"] },
    write: { bucket: ["write"] },
  },
  collection: {
    read: { bucket: READ.bucket, collection: ["write", "read", "record:create"] },
    write: WRITE,
  },
  record: { read: READ, write: WRITE },
};

/** Who may do what with the whole list of a kind. Nobody with that of buckets, as a whole. */
const ON_LIST: Record<Kind, Record<Action, Granters>> = {
  bucket: { read: { bucket: [] }, write: { bucket: [] }, create: { bucket: [] } },
  collection: {
    read: { bucket: READ.bucket },
    write: { bucket: WRITE.bucket },
    create: { bucket: ["write", "collection:create"] },
  },
  record: {
    read: READ,
    write: WRITE,
    create: { bucket: ["write"], collection: ["write", "record:create"] },
  },
};

/** An object's place: which bucket and collection it is, or is in. */
export interface Place {
  kind: Kind;
  bucket: string;
  collection: string;
}

/** Decides who may do what, by what is stored on buckets and collections. */
export class Permissions {
  constructor(readonly store: Store, readonly principals: readonly string[]) {}

  /** Whether these principals may read or write the object with this id. */
  onObject(action: "read" | "write", place: Place, id: string): boolean {
    return this.#holds(ON_OBJECT[place.kind][action], {
      ...place,
      ...place.kind === "record" ? {} : { [place.kind]: id },
    });
  }

  /** Whether these principals may create here. Who has an account may create buckets. */
  onCreate(place: Place): boolean {
    return place.kind === "bucket"
      ? this.principals.includes(AUTHENTICATED)
      : this.#holds(ON_LIST[place.kind].create, place);
  }

  /**
   * What of a list may be read or written: `all` of it, or the objects shared with these
   * principals, by id. Who may create here may ask, and gets what is shared, be it nothing.
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

/** 401 for who didn't say who they are, 403 for who did. */
export function denied(user: string | undefined): Refusal {
  if (user !== undefined) {
    return new Refusal(403, ERRNO.FORBIDDEN, {
      message: "This user cannot access this resource.",
    });
  }
  return new Refusal(401, ERRNO.MISSING_AUTH_TOKEN, {
    message: "Please authenticate yourself to use this endpoint.",
  }, { "www-authenticate": 'Basic realm="Realm"' });
}
