/** One file of an archive. */
export interface ArchiveFile {
  /** Its path from the archive's root, with plain spaces: `pub/firefox/releases/…`. */
  path: string;
  /** Bytes. */
  size: number;
  /** `2017-06-02T12:20:10Z`. */
  last_modified: string;
  /** Its content. Without it the file is a build, of which only the size matters. */
  body?: string;
}

/** What is in a folder, with exact sizes. */
export interface Listing {
  /** The names of its subfolders, each with its slash. */
  prefixes: string[];
  /** One with an empty name is the folder itself, where the bucket has an object for it. */
  files: { name: string; size: number; last_modified: string }[];
}

interface Folder {
  prefixes: Set<string>;
  names: Set<string>;
  /** Cached until the folder changes. */
  listing?: Listing;
}

/** Files by path and by folder. They can be added, replaced and removed at any time. */
export class ArchiveTree {
  readonly #files = new Map<string, ArchiveFile>();
  readonly #folders = new Map<string, Folder>();

  constructor(files: Iterable<ArchiveFile> = []) {
    this.#folder("");
    for (const file of files) this.put(file);
  }

  /** Adds a file, or replaces the one at its path; a path such as `pub/` is a folder's own object. */
  put(file: ArchiveFile): void {
    const folder = this.#folder(folderOf(file.path));
    this.#files.set(file.path, file);
    folder.names.add(fileNameOf(file.path));
    folder.listing = undefined;
  }

  /** Removes a file; a folder is removed with its last file. */
  delete(path: string): void {
    if (!this.#files.delete(path)) return;
    const holder = this.#folders.get(folderOf(path))!;
    holder.names.delete(fileNameOf(path));
    holder.listing = undefined;
    for (let folder = folderOf(path); folder !== ""; folder = parentOf(folder)) {
      const { prefixes, names } = this.#folders.get(folder)!;
      if (prefixes.size > 0 || names.size > 0) return;
      this.#folders.delete(folder);
      const parent = this.#folders.get(parentOf(folder))!;
      parent.prefixes.delete(nameOf(folder));
      parent.listing = undefined;
    }
  }

  /** The file at a path. */
  file(path: string): ArchiveFile | undefined {
    return this.#files.get(path);
  }

  /** What is in a folder, sorted by code points; `""` is the root, all others end in a slash. */
  list(folder: string): Listing | undefined {
    const found = this.#folders.get(folder);
    if (!found) return undefined;
    return found.listing ??= {
      prefixes: [...found.prefixes].sort(byCodePoints),
      files: [...found.names].sort(byCodePoints).map((name) => {
        const { size, last_modified } = this.#files.get(folder + name)!;
        return { name, size, last_modified };
      }),
    };
  }

  #folder(path: string): Folder {
    const known = this.#folders.get(path);
    if (known) return known;
    const folder: Folder = { prefixes: new Set(), names: new Set() };
    this.#folders.set(path, folder);
    if (path !== "") {
      const parent = this.#folder(parentOf(path));
      parent.prefixes.add(nameOf(path));
      parent.listing = undefined;
    }
    return folder;
  }
}

/** `pub/a/b.zip` and `pub/a/` → `pub/a/`. */
function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/") + 1);
}

/** `pub/a/` → `pub/`. */
function parentOf(folder: string): string {
  return folderOf(folder.slice(0, -1));
}

/** The last part: `pub/a/b.zip` → `b.zip`, `pub/a/` → `a/`. */
function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/", path.length - 2) + 1);
}

/** The name of a file; `""` for a folder's own object. */
function fileNameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** Compares as buckets and Python do; code units would put U+1F600 before U+FF61. */
function byCodePoints(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  const rank = (unit: number) =>
    unit < 0xd800 ? unit : unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
  return at === a.length || at === b.length
    ? a.length - b.length
    : rank(a.charCodeAt(at)) - rank(b.charCodeAt(at));
}
