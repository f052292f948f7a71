import type { ListedFile } from "../archive/listing.ts";
import { folderOf } from "../builds/file_path.ts";
import { inventoryLine } from "./inventory_line.ts";

/**
 * Files in the order of their paths → lines of an inventory, in which the rows of a folder come
 * together: a folder's own files wait until all that is in it is complete.
 *
 * @example
 * ```ts
 * import { FolderLines } from "./folder_lines.ts";
 * const rest = { size: 1, last_modified: "2026-07-01T09:27:14Z" };
 * const lines = new FolderLines();
 * const all = ["pub/a/1.zip", "pub/a/b/2.zip", "pub/a/c.zip"]
 *   .flatMap((name) => [...lines.add([{ name, ...rest }])]);
 * all.push(...lines.end());
 * if (all.length !== 2 || !all[0]?.includes("2.zip")) throw new Error(all.join());
 * ```
 */
export class FolderLines {
  /** The folders that the last file is in, from the top, with their files so far. */
  readonly #open: { folder: string; lines: string[] }[] = [];

  /** Adds files, in order. @returns the lines of each folder that is complete now, in one string */
  *add(files: readonly ListedFile[]): Generator<string> {
    for (const file of files) {
      const { name: path } = file;
      yield* this.#close((folder) => !path.startsWith(folder));
      const folder = folderOf(path);
      if (this.#open.at(-1)?.folder !== folder) this.#open.push({ folder, lines: [] });
      const line = inventoryLine(folder, { ...file, name: path.slice(folder.length) });
      this.#open.at(-1)!.lines.push(line);
    }
  }

  /** The lines of the folders that are left. */
  *end(): Generator<string> {
    yield* this.#close(() => true);
  }

  *#close(isComplete: (folder: string) => boolean): Generator<string> {
    while (this.#open.length > 0 && isComplete(this.#open.at(-1)!.folder)) {
      yield this.#open.pop()!.lines.join("\n");
    }
  }
}
