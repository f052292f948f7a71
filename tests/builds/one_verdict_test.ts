import { assertEquals } from "@std/assert";
import { pathOfUrl } from "../../src/builds/archive_url.ts";
import { Classifier } from "../../src/builds/classify.ts";
import { classifyFolder } from "../../src/builds/classify_folder.ts";
import { explain } from "../../src/builds/explain.ts";
import { PRODUCTS } from "../../src/builds/products.ts";
import { crawledFolder } from "../../src/crawl/crawled_folder.ts";
import { inventoryLine } from "../../src/crawl/crawl_inventory.ts";
import { InventoryRows } from "../../src/inventory/inventory_rows.ts";
import { RowCounts } from "../../src/inventory/row_counts.ts";
import { toBuilds } from "../../src/inventory/to_builds.ts";
import { eventOf, file, startFunction } from "../lambda/s3_event_setup.ts";
import { foldersOf, isAtOddPlace } from "./odd_place.ts";

const ARCHIVE_URL = "https://archive.mozilla.org/";

/** As `s3_event_setup.ts` has them. */
const FILE = { size: 7, last_modified: "2017-06-02T12:20:10Z" };

/** The worked paths, and some of what is there today. */
const PATHS = [
  ...Deno.readTextFileSync(new URL("../testdata/urls.jsonl", import.meta.url)).trim().split("\n")
    .map((line) => pathOfUrl(JSON.parse(line).url, ARCHIVE_URL)!),
  "pub/firefox/candidates/157.0b3-candidates/build1/win64/en-US/buildhub.json",
  "pub/firefox/releases/157.0/win64/en-US/buildhub.json",
  "pub/firefox/releases/157.0/haiku/en-US/firefox-157.0.tar.xz",
  "pub/firefox/releases/157.0/linux-x86_64/en-US/firefox-157.0.tar.zst",
];

/** What a path takes a file for: the id of a build, or in one word what else it is. */
type Answer = { build: string } | "metadata" | "unknown" | "ignored";

function explained(path: string): Answer {
  const { kind, record, reason } = explain(ARCHIVE_URL + path, ARCHIVE_URL);
  if (record) return { build: record.id };
  if (kind.endsWith("-metadata")) return "metadata";
  return reason.startsWith("no rule knows") ? "unknown" : "ignored";
}

/** Of metadata, the inventory reads only the documents that announce a build. */
async function ofInventory(line: string): Promise<Answer> {
  const counts = new RowCounts();
  const classifier = new Classifier(PRODUCTS.map(({ key }) => key));
  const builds = await Array.fromAsync(
    ReadableStream.from([new TextEncoder().encode(line)])
      .pipeThrough(
        new InventoryRows({
          classify: (path, sizeBytes) => classifier.classify(path, sizeBytes),
          counts,
          onBadRow: (_row, reason) => {
            throw new Error(`${line}: ${reason}`);
          },
        }),
      )
      .pipeThrough(toBuilds({ archiveUrl: ARCHIVE_URL, counts })),
  );
  if (builds[0]?.kind === "announced") return "metadata";
  if (builds[0]) return { build: builds[0].id };
  return counts.unknown.total > 0 ? "unknown" : "ignored";
}

/** What the crawl writes of a file that is alone in the archive; nothing of what it leaves out. */
function crawledLine(path: string): string | undefined {
  const folders = foldersOf(path);
  if (folders.some((folder) => classifyFolder(folder).kind !== "open")) return undefined;
  const folder = folders.at(-1) ?? "pub/";
  const listing = { prefixes: [], files: [{ ...FILE, name: path.slice(folder.length) }] };
  const { files } = crawledFolder(folder, listing, () => {});
  return files[0] && inventoryLine(folder, files[0]);
}

Deno.test("explain, the inventory and the crawl agree on every worked URL", async () => {
  let oddPlaces = 0;
  for (const path of PATHS) {
    const answer = explained(path);
    const slash = path.lastIndexOf("/") + 1;
    const line = inventoryLine(path.slice(0, slash), { ...FILE, name: path.slice(slash) });
    const isUnread = answer === "metadata" && !path.endsWith("buildhub.json");
    assertEquals(await ofInventory(line), isUnread ? "ignored" : answer, path);
    const crawled = crawledLine(path);
    if (crawled !== undefined) assertEquals(await ofInventory(crawled), answer, path);
    else if (typeof answer === "object") {
      assertEquals(isAtOddPlace(path), true, path);
      oddPlaces++;
    }
  }
  assertEquals(oddPlaces < 10, true, `${oddPlaces} builds that no crawl finds`);
});

Deno.test("explain and the Lambda function agree on every worked URL", async () => {
  const isMetadata = (path: string) => explained(path) === "metadata";
  await using lambda = await startFunction(
    { files: PATHS.filter(isMetadata).map((path) => file(path, {})) },
    { PRODUCTS: PRODUCTS.map(({ key }) => key).join(" ") },
  );
  for (const path of new Set(PATHS)) {
    lambda.logs.length = 0;
    await lambda.invoke(eventOf(path));
    const logs = lambda.logs.join("\n");
    const [, id] = /(\S+) is incomplete: no metadata/.exec(logs) ?? [];
    const answer = id !== undefined
      ? { build: id }
      : logs.includes(`${path} is no build metadata`)
      ? "metadata"
      : logs.includes(`No rule knows ${path}`)
      ? "unknown"
      : logs.includes(`Ignored ${path}: `)
      ? "ignored"
      : logs;
    assertEquals<unknown>(answer, explained(path), path);
  }
});
