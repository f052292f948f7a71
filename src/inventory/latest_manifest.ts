import { reasonOf } from "../errors/reason_of.ts";
import { UnreadableBody } from "../errors/unreadable_body.ts";
import { inventoryPrefix, PUBLIC_PREFIX } from "./inventories.ts";
import { ManifestError, type Piece, piecesOf } from "./manifest.ts";
import type { ObjectStore } from "./object_store.ts";
import { retrying } from "./retrying.ts";
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

/** `2017-07-01T03-09Z/`; others, such as `hive/` and `data/`, hold no manifest. */
const DATED_FOLDER = /^\d{4}-\d{2}-\d{2}T\d{2}-\d{2}Z\/$/;

/** How many dated folders, the newest first, are looked into. */
const MOST_FOLDERS = 30;

/**
 * The newest manifest of an inventory. A folder appears before its manifest does, so one without is
 * passed over; one whose manifest is damaged too, with a warning.
 *
 * @throws {S3Error} when there is no such inventory, no manifest, or no way to read them
 * @throws {ManifestError} when all that there are are damaged
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
  for (const folder of folders.sort().reverse().slice(0, MOST_FOLDERS)) {
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
      if (!(error instanceof ManifestError || error instanceof UnreadableBody)) throw error;
      log?.warning(`${url} is no manifest; trying the one before: ${reasonOf(error)}`);
      damaged ??= new ManifestError(`${url} is no manifest: ${reasonOf(error)}`, { cause: error });
    }
  }
  throw damaged ?? new S3Error(
    store.urlOf(prefix),
    `none of the newest ${Math.min(folders.length, MOST_FOLDERS)} dated folders has a manifest`,
  );
}

/** Undefined when there is none. @throws {UnreadableBody} when it isn't JSON, however often asked */
function readManifest(key: string, store: ObjectStore): Promise<unknown> {
  return retrying(async () => {
    const text = await store.text(key);
    try {
      return text === undefined ? undefined : JSON.parse(text);
    } catch (cause) {
      const start = JSON.stringify(text?.slice(0, 60));
      throw new UnreadableBody(`expected JSON, got ${start}`, { cause });
    }
  }, store.options);
}
