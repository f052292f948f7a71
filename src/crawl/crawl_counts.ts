import type { CrawledFolder } from "./crawled_folder.ts";

/** What a crawl met. Each number of the summary's lines is counted by itself; they add up. */
export class CrawlCounts {
  /** Folders that were asked for in this run. */
  listed = 0;
  /** Folders that were not, since what is remembered of them still holds. */
  unchanged = 0;
  /** Folders that can't hold builds. */
  pruned = 0;
  /** Folders with nothing modified since the date that was asked for. */
  old = 0;
  /** Folders that were listed in another one and weren't there. */
  gone = 0;
  failed = 0;
  files = 0;
  rows = 0;
  /** Files that aren't installers. */
  others = 0;
  /** Installers modified before the date that was asked for. */
  oldFiles = 0;

  /** Adds a folder's files and the folders that weren't entered. */
  add({ files, fileCount, prunedCount }: CrawledFolder, rows: number): void {
    this.pruned += prunedCount;
    this.files += fileCount;
    this.rows += rows;
    this.others += fileCount - files.length;
    this.oldFiles += files.length - rows;
  }

  /** Adds folders that are remembered, and with nothing new in them. */
  addOld({ folders, pruned, files }: { folders: number; pruned: number; files: number }): void {
    this.old += folders;
    this.pruned += pruned;
    this.files += files;
    this.oldFiles += files;
  }

  /** The numbers, as lines for people. */
  summary(): string[] {
    const { listed, unchanged, pruned, old, gone, failed, files, rows, others, oldFiles } = this;
    const folders = listed + unchanged + pruned + old + gone + failed;
    return [
      `${folders} folders = ${listed} listed + ${unchanged} unchanged + ` +
      `${pruned} without builds + ${old} too old + ${gone} gone + ${failed} failed`,
      `${files} files = ${rows} rows + ${others} not installers + ${oldFiles} too old`,
    ];
  }
}
