import type { SummaryEvent } from "../reporting/summary.ts";
import type { CrawledFolder } from "./crawled_folder.ts";

/** What a crawl found. Each number of the summary is counted separately, so the sums are a check. */
export class CrawlCounts {
  /** Folders that were requested in this run. */
  listed = 0;
  /** Folders taken from the state on disk, which still holds. */
  unchanged = 0;
  /** Folders that can't hold builds. */
  pruned = 0;
  /** Folders without files modified since the date of `--since`. */
  old = 0;
  /** Folders that are listed in their parent and answer 404. */
  gone = 0;
  /** Folders that couldn't be listed. */
  failed = 0;
  files = 0;
  rows = 0;
  /** Files that aren't installers. */
  others = 0;
  /** Installers modified before the date of `--since`. */
  oldFiles = 0;

  /** Adds a folder's files, and the folders in it that aren't entered. */
  add({ files, fileCount, prunedCount }: CrawledFolder, rows: number): void {
    this.pruned += prunedCount;
    this.files += fileCount;
    this.rows += rows;
    this.others += fileCount - files.length;
    this.oldFiles += files.length - rows;
  }

  /** Adds folders of the state on disk that are too old. */
  addOld({ folders, pruned, files }: { folders: number; pruned: number; files: number }): void {
    this.old += folders;
    this.pruned += pruned;
    this.files += files;
    this.oldFiles += files;
  }

  /** The numbers, which add up. */
  summary(): SummaryEvent[] {
    const { listed, unchanged, pruned, old, gone, failed, files, rows, others, oldFiles } = this;
    const folders = listed + unchanged + pruned + old + gone + failed;
    const skipped = { "without builds": pruned, "too old": old, gone };
    return [
      { event: "folders", count: folders, parts: { listed, unchanged, ...skipped, failed } },
      {
        ...{ event: "files", count: files },
        parts: { rows, "not installers": others, "too old": oldFiles },
      },
    ];
  }
}
