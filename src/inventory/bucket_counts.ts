import { counted } from "../errors/counted.ts";
import type { SummaryEvent } from "../reporting/summary.ts";
import type { BucketPage } from "./bucket_page.ts";

/** What a listing of a bucket found. Each number is counted separately, so the sums are a check. */
export class BucketCounts {
  /** Answers that were requested in this run. */
  requests = 0;
  /** Answers that an interrupted run had received. */
  resumed = 0;
  /** Parts of the bucket that couldn't be listed. */
  failed = 0;
  /** Folders that can't hold builds and weren't listed. */
  prunedFolders = 0;
  /** Objects in the answers. */
  objects = 0;
  rows = 0;
  /** Objects that aren't installers. */
  others = 0;
  /** Objects in folders that can't hold builds. */
  pruned = 0;

  /** Adds what an answer has. */
  add({ files, objectCount, prunedCount, prunedFolderCount }: BucketPage): void {
    this.objects += objectCount;
    this.rows += files.length;
    this.pruned += prunedCount;
    this.others += objectCount - prunedCount - files.length;
    this.prunedFolders += prunedFolderCount;
  }

  /** The numbers, which add up. */
  summary(): SummaryEvent[] {
    const { requests, resumed, failed, prunedFolders, objects, rows, others, pruned } = this;
    const skipped = `${counted(prunedFolders, "folders")} without builds not listed`;
    return [
      {
        ...{ event: "answers", count: requests + resumed },
        parts: { requested: requests, "of an interrupted run": resumed },
      },
      {
        event: "bucket",
        text: `${skipped}; ${counted(failed, "parts")} failed`,
        data: { notListed: prunedFolders, failed },
      },
      {
        ...{ event: "objects", count: objects },
        parts: { rows, "not installers": others, "without builds": pruned },
      },
    ];
  }
}
