/** One file of an archive. */
export interface ArchiveFile {
  /** Its path from the archive's root, with plain spaces: `pub/firefox/releases/…`. */
  path: string;
  /** Bytes. */
  size: number;
  /** `2017-06-02T12:20:10Z`. */
  last_modified: string;
  /** Its content. A build has none. */
  body?: string;
}

/** A folder's JSON listing: https://archive.mozilla.org/pub/ with `Accept: application/json`. */
export interface Listing {
  /** The names of its subfolders, each with its slash. */
  prefixes: string[];
  files: { name: string; size: number; last_modified: string }[];
}

interface Folder {
  prefixes: Set<string>;
  names: Set<string>;
  /** Cached until the folder changes. */
  listing?: Listing;
}

/** Files by path and by folder. Files may be added, replaced and deleted at any time. */
export class ArchiveTree {
  readonly #files = new Map<string, ArchiveFile>();
  readonly #folders = new Map<string, Folder>();

  constructor(files: Iterable<ArchiveFile> = []) {
    this.#folder("");
    for (const file of files) this.put(file);
  }

  /** Adds a file, or replaces the one at its path, and adds its folders. */
  put(file: ArchiveFile): void {
    const folder = this.#folder(folderOf(file.path));
    // S3 may have an object named `pub/`: it adds the folder, and is none of its files.
    if (file.path.endsWith("/")) return;
    this.#files.set(file.path, file);
    folder.names.add(nameOf(file.path));
    folder.listing = undefined;
  }

  /** Deletes a file, and the folders that are empty then. */
  delete(path: string): void {
    if (!this.#files.delete(path)) return;
    const holder = this.#folders.get(folderOf(path))!;
    holder.names.delete(nameOf(path));
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

  /** The listing of a folder, sorted by name; `""` is the root, all others end in a slash. */
  list(folder: string): Listing | undefined {
    const found = this.#folders.get(folder);
    if (!found) return undefined;
    return found.listing ??= {
      prefixes: [...found.prefixes].sort(),
      files: [...found.names].sort().map((name) => {
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
