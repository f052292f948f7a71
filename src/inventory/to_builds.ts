import { type Listed, type ListedBuild, listedBuild } from "../builds/build.ts";
import { folderOf } from "../builds/file_path.ts";
import { pathShape } from "../builds/path_shape.ts";
import { isInUnknownSection } from "../builds/unknown_file.ts";
import type { ClassifiedRow } from "./inventory_rows.ts";
import type { RowCounts } from "./row_counts.ts";

/** What {@linkcode toBuilds} works with. */
export interface ToBuildsOptions extends Pick<Listed, "archiveUrl"> {
  counts: RowCounts;
  /** Rows last modified before this are left out; `2017-06-02T12:20:10Z`. @default {none} */
  modifiedSince?: string;
}

/**
 * Rows → builds, the rest counted by reason. Of files that would share an id, such as an old build's
 * `installer.tar.gz` and `tar.gz`, the first is the build: rows of one folder come together.
 */
export function toBuilds(
  { archiveUrl, counts, modifiedSince = "" }: ToBuildsOptions,
): TransformStream<ClassifiedRow[], ListedBuild> {
  let folder = "";
  let ids = new Set<string>();
  const read = ({ verdict, path, size, lastModified }: ClassifiedRow) => {
    if (lastModified < modifiedSince) return "last modified too long ago";
    if (verdict.kind === "unknown") {
      counts.unknown.add(verdict.shape);
      return verdict.reason;
    }
    if (folderOf(path) !== folder) [folder, ids] = [folderOf(path), new Set()];
    if (ids.has(verdict.id)) return "another file of the same build";
    ids.add(verdict.id);
    if (isInUnknownSection(path)) counts.unknown.add(pathShape(path));
    counts.layouts.add(verdict.layout);
    return listedBuild(verdict, { archiveUrl, size, date: lastModified });
  };
  return new TransformStream({
    transform(rows, controller) {
      for (const row of rows) {
        const build = read(row);
        if (typeof build === "string") counts.ignored.add(build);
        else controller.enqueue(build);
      }
    },
  });
}
