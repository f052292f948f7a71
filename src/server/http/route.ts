/** The kinds of things that are stored. */
export type Kind = "bucket" | "collection" | "record";

/** Where a path leads. */
export type Route =
  | { type: "list"; kind: Kind; bucket: string; collection: string; list: string }
  | { type: "object"; kind: Kind; bucket: string; collection: string; list: string; id: string }
  /** Groups aren't kept: their list is always empty. */
  | { type: "groups"; bucket: string; id?: string }
  | { type: "utility"; name: Utility };

/** What else the server answers, by the path after `/v1`. */
export type Utility = typeof UTILITIES[number];

const UTILITIES = [
  "/",
  "/batch",
  "/__heartbeat__",
  "/__lbheartbeat__",
  "/__version__",
  "/__flush__",
] as const;

/**
 * Finds the route of a decoded path.
 *
 * @param path after the version prefix, such as `/buckets/b/collections`
 *
 * @example
 * ```ts
 * import { routeOf } from "./route.ts";
 * const route = routeOf("/buckets/b/collections/c");
 * if (route?.type !== "object" || route.kind !== "collection" || route.id !== "c") throw new Error();
 * ```
 */
export function routeOf(path: string): Route | undefined {
  const utility = UTILITIES.find((known) => known === path);
  if (utility !== undefined) return { type: "utility", name: utility };
  const parts = path.split("/").slice(1);
  const [buckets, bucket = "", children, child = "", records, record] = parts;
  if (buckets !== "buckets" || parts.includes("") || parts.length > 6) return undefined;
  if (parts.length <= 2) return node("bucket", "", "", "/buckets", parts[1]);
  if (children === "groups" && parts.length <= 4) {
    return { type: "groups", bucket, ...parts.length === 4 ? { id: child } : {} };
  }
  if (children !== "collections") return undefined;
  const collections = `/buckets/${bucket}/collections`;
  if (parts.length <= 4) return node("collection", bucket, "", collections, parts[3]);
  if (records !== "records") return undefined;
  return node("record", bucket, child, `${collections}/${child}/records`, record);
}

function node(
  kind: Kind,
  bucket: string,
  collection: string,
  list: string,
  id: string | undefined,
): Route {
  const common = { kind, bucket, collection, list };
  return id === undefined ? { type: "list", ...common } : { type: "object", ...common, id };
}

/** The form of an id: what may stand in a path. */
export function isValidId(id: unknown): id is string {
  return typeof id === "string" && /^[a-zA-Z0-9][a-zA-Z0-9_-]*$/.test(id);
}
