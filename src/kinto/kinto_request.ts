/**
 * Requests to Kinto as plain data, for `POST /batch` or to send one by one. Paths are without the
 * `/v1` of the server's URL, as in a batch.
 *
 * Source: https://docs.kinto-storage.org/en/stable/api/1.x/
 *
 * @module
 */

/** One request. */
export interface KintoRequest {
  method: "GET" | "HEAD" | "PUT" | "POST" | "PATCH" | "DELETE";
  path: string;
  headers?: Record<string, string>;
  body?: KintoObject;
}

/** The body that describes an object: a bucket, group, collection or record. */
export interface KintoObject {
  data?: object;
  /** Principals by permission: `{ read: ["system.Everyone"] }`. */
  permissions?: Permissions;
}

/** Principals by permission. */
export type Permissions = Record<string, string[]>;

/** A record to publish; without an id, one is generated. */
export interface KintoRecord {
  id?: string;
}

/** Where records are published. */
export interface CollectionName {
  bucket: string;
  collection: string;
}

/** Makes a PUT or POST fail with 412 when the object exists already. */
export const IF_ABSENT = { "If-None-Match": "*" } as const;

/** @returns `/buckets/build-hub` */
export function bucketPath(bucket: string): string {
  return `/buckets/${encodeURIComponent(bucket)}`;
}

/** @returns `/buckets/build-hub/groups/editors` */
export function groupPath(bucket: string, group: string): string {
  return `${bucketPath(bucket)}/groups/${encodeURIComponent(group)}`;
}

/** @returns `/buckets/build-hub/collections/releases` */
export function collectionPath({ bucket, collection }: CollectionName): string {
  return `${bucketPath(bucket)}/collections/${encodeURIComponent(collection)}`;
}

/** @returns `/buckets/build-hub/collections/releases/records`, or one record's path */
export function recordPath(name: CollectionName, id?: string): string {
  const records = `${collectionPath(name)}/records`;
  return id === undefined ? records : `${records}/${encodeURIComponent(id)}`;
}

/**
 * The request that writes a record: a PUT, or a POST for one without id.
 *
 * The POST carries an id that is generated here: if it's retried, Kinto answers with the existing
 * record instead of creating a second one.
 *
 * @example
 * ```ts
 * import { recordRequest } from "./kinto_request.ts";
 * const name = { bucket: "build-hub", collection: "releases" };
 * const { method, path } = recordRequest(name, { id: "a" });
 * if (`${method} ${path}` !== "PUT /buckets/build-hub/collections/releases/records/a") throw path;
 * ```
 */
export function recordRequest(
  name: CollectionName,
  record: KintoRecord,
  { createOnly = false, newId = () => crypto.randomUUID() as string } = {},
): KintoRequest {
  const headers = createOnly ? { headers: IF_ABSENT } : {};
  if (record.id === undefined) {
    const data = { ...record, id: newId() };
    return { method: "POST", path: recordPath(name), ...headers, body: { data } };
  }
  return { method: "PUT", path: recordPath(name, record.id), ...headers, body: { data: record } };
}
