import { BodyTooLarge } from "../errors/body_too_large.ts";
import type { Permissions } from "./kinto_request.ts";
import { MAX_DEPTH, whyUnstorable } from "./storable.ts";
import { bucketPath, collectionPath, groupPath, recordPath } from "./kinto_request.ts";

/** An object that a server shall have. */
export interface DescribedObject {
  /** `bucket build-hub`, `record build-hub/releases/a`: for people. */
  name: string;
  path: string;
  /** The members that count; the server may have others. */
  data: Record<string, unknown>;
  permissions: Permissions;
}

/** Which part of a description to take. */
export interface DescriptionFilter {
  bucket?: string;
  collection?: string;
}

/** The limit for a description: a thousand times what initialization.yml has. */
export const MAX_DESCRIPTION_BYTES = 4 * 2 ** 20;

/** The most that a description may grow when its aliases are replaced by what they stand for. */
const MAX_EXPANDED = 4 * MAX_DESCRIPTION_BYTES;

/**
 * The objects that a YAML file describes, parents before children: buckets with their groups,
 * collections and records, under a root `buckets:` or, as older files have it, without.
 *
 * @param text YAML in the format of kinto-wizard
 * @throws {BodyTooLarge} for more than {@linkcode MAX_DESCRIPTION_BYTES}
 * @throws {Error} saying what is wrong and where
 *
 * @example
 * ```ts
 * import { parseDescription } from "./description.ts";
 * const yaml = "buckets: {build-hub: {collections: {releases: {permissions: {read: [a]}}}}}";
 * const objects = await parseDescription(yaml);
 * if (objects.map(({ name }) => name).join() !== "bucket build-hub,collection build-hub/releases") {
 *   throw new Error();
 * }
 * ```
 */
export async function parseDescription(
  text: string,
  filter: DescriptionFilter = {},
): Promise<DescribedObject[]> {
  if (text.length > MAX_DESCRIPTION_BYTES) throw new BodyTooLarge(MAX_DESCRIPTION_BYTES);
  const root = await plainYaml(text);
  if (root === null) throw new Error("the file is empty");
  const file = members(root, "the file");
  const buckets = members(file.buckets ?? file, "buckets");
  const objects = Object.entries(buckets).flatMap(([bucket, described]) => {
    const { groups, collections, ...rest } = members(described, `bucket ${bucket}`);
    const wanted = Object.entries(members(collections, `collections of ${bucket}`))
      .filter(([name]) => filter.collection === undefined || name === filter.collection);
    if (filter.bucket !== undefined && bucket !== filter.bucket) return [];
    if (filter.collection !== undefined && wanted.length === 0) return [];
    return [
      object(`bucket ${bucket}`, bucketPath(bucket), rest),
      ...Object.entries(members(groups, `groups of ${bucket}`)).map(([group, described]) =>
        object(`group ${bucket}/${group}`, groupPath(bucket, group), described)
      ),
      ...wanted.flatMap(([name, described]) => collection(bucket, name, described)),
    ];
  });
  if (objects.length === 0) throw new Error(`the file describes no ${wantedName(filter)}`);
  return objects;
}

/** YAML as JSON has it: a date becomes a string, an alias what it stands for. */
async function plainYaml(text: string): Promise<unknown> {
  const { parse } = await import("@std/yaml/parse");
  let value: unknown;
  try {
    value = parse(text) ?? null;
  } catch (error) {
    // The parser calls itself for each level.
    if (error instanceof RangeError) throw new Error("nested too deeply", { cause: error });
    throw error;
  }
  throwIfBomb(value);
  return JSON.parse(JSON.stringify(value));
}

/** Aliases of aliases take a few bytes, and stand for any number of them; or for themselves. */
function throwIfBomb(root: unknown): void {
  let left = MAX_EXPANDED;
  const count = (value: unknown, depth: number) => {
    left -= typeof value === "string" ? value.length + 1 : 1;
    if (left < 0) throw new Error(`its aliases stand for more than ${MAX_EXPANDED} characters`);
    if (typeof value !== "object" || value === null) return;
    if (depth === 0) throw new Error(`nested deeper than ${MAX_DEPTH} levels`);
    for (const [name, member] of Object.entries(value)) {
      left -= name.length;
      count(member, depth - 1);
    }
  };
  count(root, MAX_DEPTH);
}

function collection(bucket: string, name: string, described: unknown): DescribedObject[] {
  const target = { bucket, collection: name };
  const label = `collection ${bucket}/${name}`;
  const { records, ...rest } = members(described, label);
  return [
    object(label, collectionPath(target), rest),
    ...Object.entries(members(records, `records of ${label}`)).map(([id, record]) =>
      object(`record ${bucket}/${name}/${id}`, recordPath(target, id), record)
    ),
  ];
}

function object(name: string, path: string, described: unknown): DescribedObject {
  const { data, permissions, ...others } = members(described, name);
  const unknown = Object.keys(others)[0];
  if (unknown !== undefined) throw new Error(`${name} has a member ${JSON.stringify(unknown)}`);
  const problem = whyUnstorable(described);
  if (problem !== undefined) throw new Error(`${name}: ${problem}`);
  const principals = members(permissions, `permissions of ${name}`);
  for (const [permission, list] of Object.entries(principals)) {
    if (!Array.isArray(list) || list.some((principal) => typeof principal !== "string")) {
      throw new Error(`permission ${permission} of ${name} isn't a list of principals`);
    }
  }
  return {
    name,
    path,
    data: members(data, `data of ${name}`),
    permissions: principals as Permissions,
  };
}

/** Nothing counts as an empty mapping, such as `build-hub:` alone on its line. */
function members(value: unknown, what: string): Record<string, unknown> {
  if (value === null || value === undefined) return {};
  if (typeof value !== "object" || Array.isArray(value)) throw new Error(`${what}: not a mapping`);
  return value as Record<string, unknown>;
}

function wantedName({ bucket, collection }: DescriptionFilter): string {
  const parts = [bucket && `bucket ${bucket}`, collection && `collection ${collection}`];
  return parts.filter(Boolean).join(" with ") || "bucket";
}
