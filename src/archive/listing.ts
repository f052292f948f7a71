import { type ListedSize, listedSizeFrom } from "../builds/listed_size.ts";
import { wholeSeconds } from "../builds/whole_seconds.ts";
import { UnreadableBody } from "../errors/unreadable_body.ts";

/** What is in a folder of the archive. */
export interface Listing {
  /** Names of folders, each with a slash at the end: `build1/`. */
  prefixes: string[];
  files: ListedFile[];
}

/** A file in a listing. */
export interface ListedFile {
  name: string;
  size: ListedSize;
  /** UTC: `2017-06-02T12:20:10Z`. */
  last_modified: string;
}

/**
 * Reads a folder's JSON listing, of today's lister or of the one before it, which gave all sizes in
 * bytes. A folder that lists itself, as a file with an empty name or with its own, isn't in the
 * result.
 *
 * @param folder with its slash
 * @throws {UnreadableBody} when the document is no listing, has no entry at all, as servers in trouble
 * answer, or has one that can't be read: it doesn't tell what the folder holds then
 *
 * @example
 * ```ts
 * import { listingFrom } from "./listing.ts";
 * const file = { name: "a.zip", size: "68M", last_modified: "2026-07-01T09:27:14Z" };
 * const { files } = listingFrom({ prefixes: [], files: [{ ...file, name: "" }, file] }, "pub/a/");
 * if (files.length !== 1 || files[0]?.size !== "68M") throw new Error();
 * ```
 */
export function listingFrom(document: unknown, folder: string): Listing {
  const { prefixes, files } = Object(document) as { prefixes?: unknown; files?: unknown };
  if (!Array.isArray(prefixes) || !Array.isArray(files)) {
    throw new UnreadableBody("the answer is not a listing");
  }
  // A folder exists only as a part of the paths of files.
  if (prefixes.length + files.length === 0) {
    throw new UnreadableBody("the listing is empty, which says nothing about the folder");
  }
  const ownName = folder.split("/").at(-2);
  const own = ["", ownName, `${ownName}/`];
  return {
    prefixes: prefixes.map(prefixFrom),
    files: files.map(fileFrom).filter(({ name }) => !own.includes(name)),
  };
}

/** The highest number of a version's candidates: build11 is above build9. Undefined without one. */
export function highestBuild(candidates: Listing): number | undefined {
  const numbers = candidates.prefixes.flatMap((prefix) => {
    const number = /^build(\d+)\/$/.exec(prefix)?.[1];
    return number === undefined ? [] : Number(number);
  });
  return numbers.length === 0 ? undefined : Math.max(...numbers);
}

function prefixFrom(entry: unknown): string {
  if (typeof entry !== "string") throw unreadable(entry);
  return entry;
}

function fileFrom(entry: unknown): ListedFile {
  const { name, size, last_modified } = Object(entry) as Record<string, unknown>;
  const listedSize = listedSizeFrom(size);
  if (
    typeof name !== "string" || listedSize === undefined || typeof last_modified !== "string" ||
    wholeSeconds(last_modified) === undefined
  ) throw unreadable(entry);
  return { name, size: listedSize, last_modified };
}

function unreadable(entry: unknown): UnreadableBody {
  const text = JSON.stringify(entry).slice(0, 200);
  return new UnreadableBody(`an entry of the listing can't be read: ${text}`);
}
