import { type AnnouncedBuild, announcedBuild, type FoundBuild } from "../builds/announced_build.ts";
import { type Listed, type ListedBuild, listedBuild } from "../builds/build.ts";
import { folderOf } from "../builds/file_path.ts";
import { pathShape } from "../builds/path_shape.ts";
import { NO_INSTALLER } from "../builds/rejection.ts";
import { isInUnknownSection } from "../builds/unknown_file.ts";
import type { ClassifiedRow } from "./inventory_rows.ts";
import type { RowCounts } from "./row_counts.ts";

/** What {@linkcode toBuilds} works with. */
export interface ToBuildsOptions extends Pick<Listed, "archiveUrl"> {
  counts: RowCounts;
  /** Rows last modified before this are left out; `2017-06-02T12:20:10Z`. @default {none} */
  modifiedSince?: string;
  /** The ids of builds that an earlier inventory of the same job announced. @default {none} */
  announcedIds?: ReadonlySet<string>;
}

/** The reason of rows whose build was found already. */
const ANOTHER_FILE = "another file of the same build";

/** The reason of rows that are older than asked for. */
const TOO_OLD = "last modified too long ago";

/**
 * Rows → builds, the rest counted by reason; rows of one folder come together. Of files that would
 * share an id, such as an old build's `installer.tar.gz` and `tar.gz`, the first is the build. A
 * `buildhub.json` is, where the folder doesn't list its installer: it waits for the folder's end.
 */
export function toBuilds(
  { archiveUrl, counts, modifiedSince = "", announcedIds = new Set() }: ToBuildsOptions,
): TransformStream<ClassifiedRow[], FoundBuild> {
  let folder = "";
  let ids = new Set<string>();
  let announced: AnnouncedBuild[] = [];

  const leave = function* (): Generator<AnnouncedBuild> {
    for (const build of announced) {
      if (ids.has(build.id) || announcedIds.has(build.id)) counts.ignored.add(NO_INSTALLER);
      else {
        ids.add(build.id);
        counts.layouts.add(build.layout);
        yield build;
      }
    }
    [ids, announced] = [new Set(), []];
  };

  /** @returns the build, or why the row gives none; undefined for one that has to wait */
  const read = (
    { verdict, path, size, lastModified }: ClassifiedRow,
  ): ListedBuild | string | undefined => {
    if (lastModified < modifiedSince) return TOO_OLD;
    if (verdict.kind === "unknown") {
      counts.unknown.add(verdict.shape);
      return verdict.reason;
    }
    if (verdict.kind === "metadata") {
      const build = announcedBuild(verdict, lastModified);
      if (!build) return NO_INSTALLER;
      announced.push(build);
      return undefined;
    }
    if (ids.has(verdict.id) || announcedIds.has(verdict.id)) return ANOTHER_FILE;
    ids.add(verdict.id);
    if (isInUnknownSection(path)) counts.unknown.add(pathShape(path));
    counts.layouts.add(verdict.layout);
    return listedBuild(verdict, { archiveUrl, size, date: lastModified });
  };

  return new TransformStream({
    transform(rows, controller) {
      for (const row of rows) {
        const rowFolder = folderOf(row.path);
        if (rowFolder !== folder) {
          for (const build of leave()) controller.enqueue(build);
          folder = rowFolder;
        }
        const build = read(row);
        if (typeof build === "string") counts.ignored.add(build);
        else if (build) controller.enqueue(build);
      }
    },
    flush(controller) {
      for (const build of leave()) controller.enqueue(build);
    },
  });
}
