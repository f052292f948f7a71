import { assertEquals } from "@std/assert";
import { summaryLine } from "../../src/reporting/summary.ts";
import { CrawlCounts } from "../../src/crawl/crawl_counts.ts";

Deno.test("CrawlCounts.summary() adds up", () => {
  const counts = new CrawlCounts();
  const file = { name: "a.zip", size: 1, last_modified: "2017-06-02T12:20:10Z" };
  const folder = { path: "pub/", children: [], files: [file, file, file] };
  counts.listed = 2;
  counts.gone = counts.failed = 1;
  counts.add({ ...folder, fileCount: 10, prunedCount: 4 }, 2);
  counts.addOld({ folders: 5, pruned: 6, files: 7 });
  assertEquals(counts.summary().map(summaryLine), [
    "19 folders = 2 listed + 0 unchanged + 10 without builds + 5 too old + 1 gone + 1 failed",
    "17 files = 2 rows + 7 not installers + 8 too old",
  ]);
});
