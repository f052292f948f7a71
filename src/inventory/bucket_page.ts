import type { ListedFile } from "../archive/listing.ts";
import { Classifier } from "../builds/classify.ts";
import { classifyFolder } from "../builds/classify_folder.ts";
import { folderOf } from "../builds/file_path.ts";
import { wholeSeconds } from "../builds/whole_seconds.ts";
import type { ListedPage } from "./object_store.ts";

/** Folders next to each other that may hold builds, listed with all that is in them. */
export interface BucketRange {
  /** The folder that they're in. */
  parent: string;
  /** The first and the last of them in the order of keys, as whole paths with their slashes. */
  first: string;
  last: string;
}

/** What is kept of one answer of a listing. */
export interface BucketPage {
  /** The installers, and files that look like installers and that no rule knows; `name` is the path. */
  files: ListedFile[];
  /** How many of its objects are in the range. */
  objectCount: number;
  /** How many of those are in folders that can't hold builds. */
  prunedCount: number;
  /** The names of the folders that may hold builds, where the answer has folders. */
  folders: string[];
  /** How many other folders it has. */
  prunedFolderCount: number;
  /** What follows comes after this key; undefined at the end of the range. */
  next?: string;
}

/** A character that follows every other one: with it, a folder's path follows all that is in it. */
const LAST_CHARACTER = "\u{10FFFF}";

/** The key after which a range begins: not the folder itself, which may be an object, too. */
export function startOf({ first }: BucketRange): string {
  // "." precedes the slash.
  return `${first.slice(0, -1)}.${LAST_CHARACTER}`;
}

/**
 * Reduces an answer with objects of all depths to what is kept of it. Where it ends inside a folder
 * that can't hold builds, `next` is the end of that folder: the rest of it isn't listed.
 */
export function rangePage(answer: ListedPage, { parent, last }: BucketRange): BucketPage {
  const { Contents: objects = [], isTruncated } = answer;
  const pruned = prunedFolders(parent);
  const inRange: ListedFile[] = [];
  let prunedCount = 0;
  let isAtEnd = !isTruncated;
  for (const object of objects) {
    const file = fileOf(object);
    if (!file.name.startsWith(last) && compareKeys(file.name, last) > 0) {
      isAtEnd = true;
      break;
    }
    // Files between the folders were listed with the folders.
    if (file.name.indexOf("/", parent.length) < 0) continue;
    inRange.push(file);
  }
  const files = inRange.filter(({ name }) => {
    if (pruned(name) === undefined) return true;
    prunedCount++;
    return false;
  });
  const lastKey = objects.at(-1)?.Key ?? "";
  const folder = pruned(lastKey);
  const next = folder === undefined ? lastKey : folder + LAST_CHARACTER;
  return {
    ...{ files: listed(files), objectCount: inRange.length, prunedCount },
    ...{ folders: [], prunedFolderCount: 0 },
    ...isAtEnd ? {} : { next },
  };
}

/** Reduces an answer with the files and folders that are right in a folder. */
export function folderPage(answer: ListedPage): BucketPage {
  const { Contents: objects = [], CommonPrefixes: prefixes = [] } = answer;
  const folders = prefixes.map(({ Prefix = "" }) => Prefix);
  const open = folders.filter((folder) => classifyFolder(folder).kind === "open");
  return {
    ...{ files: listed(objects.map(fileOf)), objectCount: objects.length, prunedCount: 0 },
    ...{ folders: open, prunedFolderCount: folders.length - open.length },
  };
}

/** Compares two keys as buckets order them: by their bytes. */
export function compareKeys(a: string, b: string): number {
  const encoder = new TextEncoder();
  const [bytesA, bytesB] = [encoder.encode(a), encoder.encode(b)];
  for (let i = 0; i < bytesA.length && i < bytesB.length; i++) {
    const difference = bytesA[i]! - bytesB[i]!;
    if (difference !== 0) return difference;
  }
  return bytesA.length - bytesB.length;
}

function listed(files: readonly ListedFile[]): ListedFile[] {
  const classifier = new Classifier();
  return files.filter(({ name }) => classifier.isListed(name));
}

/** Finds the topmost folder of a path, below `parent`, that can't hold builds. */
function prunedFolders(parent: string): (path: string) => string | undefined {
  const verdicts = new Map<string, string | undefined>([[parent, undefined]]);
  const prunedOf = (folder: string): string | undefined => {
    if (!verdicts.has(folder)) {
      const above = prunedOf(folderOf(folder.slice(0, -1)));
      const isOpen = above !== undefined || classifyFolder(folder).kind === "open";
      verdicts.set(folder, isOpen ? above : folder);
    }
    return verdicts.get(folder);
  };
  return (path) => path.startsWith(parent) ? prunedOf(folderOf(path)) : undefined;
}

type ListedObject = NonNullable<ListedPage["Contents"]>[number];

function fileOf({ Key = "", Size = 0, LastModified }: ListedObject): ListedFile {
  const date = LastModified?.toISOString() ?? "";
  return { name: Key, size: Size, last_modified: wholeSeconds(date) ?? date };
}
