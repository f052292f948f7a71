import { reasonOf } from "../errors/reason_of.ts";
import { isUnreadableBody } from "../errors/unreadable_body.ts";
import { parseJson } from "../net/read_body.ts";
import { inventoryPrefix, PUBLIC_PREFIX } from "./inventories.ts";
import { isManifestError, ManifestError, type Piece, piecesOf } from "./manifest.ts";
import type { ObjectStore } from "./object_store.ts";
import { S3Error } from "./s3_error.ts";

/** An inventory of one day. */
export interface Manifest {
  /** `firefox` or `archive`. */
  inventory: string;
  /** The dated folder's name, such as `2017-07-01T03-09Z`. */
  date: string;
  /** As `s3://bucket/key`. */
  url: string;
  pieces: Piece[];
}

/** `2017-07-01T03-09Z/`; other folders, such as `hive/` and `data/`, have no manifest. */
const DATED_FOLDER = /^\d{4}-\d{2}-\d{2}T\d{2}-\d{2}Z\/$/;

/** The limit for a manifest: one of 60,000 pieces. The largest known has a few hundred. */
const MAX_MANIFEST_BYTES = 10 * 2 ** 20;

/** How many of the newest dated folders are searched for a manifest. */
const MAX_FOLDERS = 30;

/**
 * The newest manifest of an inventory. A folder appears before its manifest does, so a folder without
 * one is skipped; so is a damaged manifest, with a warning.
 *
 * @throws {S3Error} when there is no such inventory, no manifest, or they can't be read
 * @throws {ManifestError} when all manifests are damaged
 */
export async function latestManifest(inventory: string, store: ObjectStore): Promise<Manifest> {
  const { log } = store.options;
  const prefix = inventoryPrefix(inventory);
  const folders: string[] = [];
  for await (const folder of store.folders(prefix)) {
    if (DATED_FOLDER.test(folder)) folders.push(folder);
  }
  if (folders.length === 0) {
    throw new S3Error(
      store.urlOf(prefix),
      `no inventory ${JSON.stringify(inventory)}: there is no dated folder`,
    );
  }
  let damaged: ManifestError | undefined;
  for (const folder of folders.sort().reverse().slice(0, MAX_FOLDERS)) {
    const key = `${prefix}${folder}manifest.json`;
    const url = store.urlOf(key);
    try {
      const manifest = await readManifest(key, store);
      if (manifest !== undefined) {
        const pieces = piecesOf(manifest, PUBLIC_PREFIX);
        return { inventory, date: folder.slice(0, -1), url, pieces };
      }
      log?.info(`No manifest yet in ${store.urlOf(prefix + folder)}; trying the one before`);
    } catch (error) {
      if (!isManifestError(error) && !isUnreadableBody(error)) throw error;
      log?.warning(`${url} is no manifest; trying the one before: ${reasonOf(error)}`);
      damaged ??= new ManifestError(`${url} is no manifest: ${reasonOf(error)}`, { cause: error });
    }
  }
  throw damaged ?? new S3Error(
    store.urlOf(prefix),
    `none of the newest ${Math.min(folders.length, MAX_FOLDERS)} dated folders has a manifest`,
  );
}

/** Undefined when there is none. @throws {UnreadableBody} when it's too large, or never JSON */
function readManifest(key: string, store: ObjectStore): Promise<unknown> {
  return store.retrying(async () => {
    const text = await store.text(key, MAX_MANIFEST_BYTES);
    return text === undefined ? undefined : parseJson(text);
  }, store.urlOf(key));
}
