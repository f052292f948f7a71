/** The JSON listing of a folder of the archive. */
export interface Listing {
  /** Names of folders, each with a slash at the end: `build1/`. */
  prefixes: string[];
  files: ListedFile[];
}

/** A file in a listing. */
export interface ListedFile {
  name: string;
  /** Bytes. */
  size: number;
  /** `2017-06-02T12:20:10Z`. */
  last_modified: string;
}

/**
 * Reads a folder's JSON listing. Entries of another shape are left out; count them with
 * {@linkcode unreadableEntries}.
 *
 * @returns undefined when the document isn't a listing
 */
export function listingFrom(document: unknown): Listing | undefined {
  if (typeof document !== "object" || document === null) return undefined;
  const { prefixes, files } = document as Record<string, unknown>;
  if (!Array.isArray(prefixes) || !Array.isArray(files)) return undefined;
  return {
    prefixes: prefixes.filter((prefix) => typeof prefix === "string"),
    files: files.filter(isFile),
  };
}

/** How many entries of a listing have another shape. */
export function unreadableEntries(document: unknown, { prefixes, files }: Listing): number {
  const all = document as { prefixes: unknown[]; files: unknown[] };
  return all.prefixes.length - prefixes.length + all.files.length - files.length;
}

/** The highest number of a version's candidates: build11 is above build9. Undefined without one. */
export function highestBuild(candidates: Listing): number | undefined {
  const numbers = candidates.prefixes.flatMap((prefix) => {
    const number = /^build(\d+)\/$/.exec(prefix)?.[1];
    return number === undefined ? [] : Number(number);
  });
  return numbers.length === 0 ? undefined : Math.max(...numbers);
}

function isFile(entry: unknown): entry is ListedFile {
  if (typeof entry !== "object" || entry === null) return false;
  const { name, size, last_modified } = entry as Record<string, unknown>;
  return typeof name === "string" && typeof size === "number" && typeof last_modified === "string";
}
