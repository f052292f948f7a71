import { assert, assertEquals } from "@std/assert";
import { Archive } from "../../src/archive/archive.ts";
import { MemoryCache } from "../../src/archive/document_cache.ts";
import { ExactSizes } from "../../src/archive/exact_sizes.ts";
import { MetadataFinder } from "../../src/archive/metadata_finder.ts";
import type { Described } from "../../src/archive/with_metadata.ts";
import type { ArchiveFile } from "../../src/demo/archive_tree.ts";
import { serveArchive } from "../../src/demo/archive_server.ts";
import { InventoryToRecords } from "../../src/jobs/inventory_to_records.ts";
import { Http } from "../../src/net/http.ts";
import { Log } from "../../src/reporting/log.ts";
import { summaryLine } from "../../src/reporting/summary.ts";
import { modernArchive } from "../servers/modern_archive.ts";

// 129 has classic documents too; 130 has only `buildhub.json`.
const { files, builds } = modernArchive({ versions: [129, 130], locales: ["en-US", "fr"] });
const isDocument = ({ path }: ArchiveFile) => path.endsWith("buildhub.json");
const DOCUMENTS = files.filter(isDocument);
const CANDIDATE = "pub/firefox/candidates/130.0-candidates/build2/win64/en-US/";
const ID = "firefox_130-0rc2_win64_en-us";

/** What an archive of these files gives for inventories that list those. */
async function run(archiveFiles: ArchiveFile[], ...inventories: ArchiveFile[][]) {
  await using archive = serveArchive({ files: archiveFiles });
  const log = new Log({ write() {} });
  const http = new Http();
  const sources = {
    archive: new Archive({ url: archive.url, http }),
    cache: new MemoryCache(),
    log,
  };
  const job = new InventoryToRecords({
    archiveUrl: archive.url,
    products: ["firefox"],
    finder: new MetadataFinder(sources),
    sizes: new ExactSizes(sources),
    parallelRequests: 4,
    onBadRow: (row, reason) => {
      throw new Error(`${row}: ${reason}`);
    },
  });
  const all: Described[] = [];
  for (const listed of inventories) {
    const csv = listed.map(({ path, size, last_modified }) =>
      `"b","${path.replaceAll(" ", "+")}","${size}","${last_modified}","m"\n`
    );
    const bytes = ReadableStream.from(csv).pipeThrough(new TextEncoderStream());
    all.push(...await Array.fromAsync(job.records(bytes)));
  }
  assertEquals(job.counts.rows, job.counts.ignored.total + job.counts.builds);
  assertEquals(job.counts.builds, job.complete + job.incomplete.total);
  assertEquals(all.length, job.counts.builds);
  const records = all.flatMap(({ state, record }) =>
    state === "complete"
      ? [JSON.parse(JSON.stringify(record).replaceAll(archive.url, "http://archive/"))]
      : []
  );
  const { requests } = sources.archive;
  return { records: records.sort((a, b) => a.id < b.id ? -1 : 1), all, job, requests };
}

/** The same with another document beside the candidate's installer. */
async function runWith(change: (document: { download: Record<string, unknown> }) => unknown) {
  const path = `${CANDIDATE}buildhub.json`;
  const document = DOCUMENTS.find((file) => file.path === path)!;
  const changed = { ...document, body: JSON.stringify(change(JSON.parse(document.body!))) };
  return await run([...files, changed], [changed]);
}

const byDocuments = await run(files, DOCUMENTS);

Deno.test("InventoryToRecords gives each build the same record by its buildhub.json as by its own row", async () => {
  const isInstaller = ({ path }: ArchiveFile) =>
    path.includes("en-US") && !isDocument({ path } as ArchiveFile);
  const byInstallers = await run(files, files.filter(isInstaller));
  const expected = [...builds.values()].filter(({ target }) => target.locale === "en-US");
  assertEquals(byDocuments.records.length, expected.length);
  assertEquals(byDocuments.records, byInstallers.records);
  assertEquals(byDocuments.records.map(({ id }) => id), expected.map(({ id }) => id).sort());
});

Deno.test("InventoryToRecords counts a build once whose installer and document are listed", async () => {
  const sorted = files.toSorted((a, b) => a.path < b.path ? -1 : 1);
  for (const listed of [sorted, sorted.toReversed()]) {
    const { records, job } = await run(files, listed);
    assertEquals(records.length, builds.size);
    assertEquals(job.incomplete.total, 0);
  }
});

Deno.test("InventoryToRecords counts a build once that two inventories list", async () => {
  const { records, job } = await run(files, DOCUMENTS, files);
  assertEquals(records.length, builds.size);
  assertEquals(new Set(records.map(({ id }) => id)).size, builds.size);
  assertEquals(job.incomplete.total, 0);
});

Deno.test("InventoryToRecords asks for two documents of an announced build, at most", () => {
  const { requests, records } = byDocuments;
  // A release's metadata is that of its candidate: two listings and a document more, as ever.
  const releases = records.filter(({ download }) => download.url.includes("/releases/")).length;
  assert(requests <= 2 * records.length + 2 * releases, `${requests} requests`);
});

const FILE = `${CANDIDATE}Firefox Setup 130.0.exe`;

Deno.test.each<{ name: string; download: Record<string, unknown>; expected: unknown }>([
  { name: "as it is", download: {}, expected: {} },
  {
    name: "on another host",
    download: { url: `https://download.cdn.example:8443/${encodeURI(FILE)}?x=1` },
    expected: {},
  },
  { name: "with plain spaces", download: { url: `https://a.example/${FILE}` }, expected: {} },
  {
    name: "with a date of another zone",
    download: { date: "2026-11-01T01:00:00.123456+02:00" },
    expected: { date: "2026-10-31T23:00:00Z" },
  },
  {
    name: "with a date that can't be read",
    download: { date: "yesterday" },
    expected: {},
  },
  { name: "with another size", download: { size: 7 }, expected: { size: 7 } },
])("InventoryToRecords gives the build of a document with its download $name", async (
  { download, expected },
) => {
  const { records } = await runWith((document) => ({
    ...document,
    download: { ...document.download, ...download },
  }));
  const { size, last_modified: date } = files.find(({ path }) => path === FILE)!;
  assertEquals(records.map((record) => record.id), [ID]);
  assertEquals(records[0].download, {
    ...{ url: `http://archive/${FILE}`, mimetype: "application/msdos-windows", size, date },
    ...expected as object,
  });
});

const OTHER = "https://archive.mozilla.org/pub/firefox/candidates/130.0-candidates";

Deno.test.each<{ name: string; change: Record<string, unknown>; reason: string }>([
  {
    name: "of another candidate",
    change: { download: { url: `${OTHER}/build1/win64/en-US/Firefox Setup 130.0.exe`, size: 1 } },
    reason: "its document describes a file of another folder",
  },
  {
    name: "of another locale",
    change: { download: { url: `${OTHER}/build2/win64/fr/Firefox Setup 130.0.exe`, size: 1 } },
    reason: "its document describes a file of another folder",
  },
  {
    name: "of no build",
    change: { download: { url: `${OTHER}/build2/win64/en-US/Firefox Setup 130.0.msi`, size: 1 } },
    reason: "its document describes no build",
  },
  {
    name: "without a download",
    change: { download: undefined },
    reason: "its buildhub.json can't be read",
  },
  {
    name: "without a build id",
    change: { build: {} },
    reason: "its buildhub.json can't be read",
  },
  {
    name: "with a size as text",
    change: {
      download: { url: `${OTHER}/build2/win64/en-US/Firefox Setup 130.0.exe`, size: "1M" },
    },
    reason: "its buildhub.json can't be read",
  },
])("InventoryToRecords refuses a document $name", async ({ change, reason }) => {
  const { job } = await runWith((document) => ({ ...document, ...change }));
  assertEquals(job.summary().map(summaryLine), [
    "1 row = 0 ignored + 1 build",
    "1 build = 0 complete + 1 incomplete",
    `  1 firefox 130.0rc2 win64: ${reason}`,
  ]);
});

Deno.test("InventoryToRecords refuses a nightly's document that describes another platform", async () => {
  const document = DOCUMENTS.find(({ path }) => path.endsWith(".win64.buildhub.json"))!;
  const other = DOCUMENTS.find(({ path }) => path === document.path.replace("win64", "win32"))!;
  const wrong = { ...document, body: other.body };
  const { job } = await run([...files, wrong], [wrong]);
  assertEquals(job.incomplete.entries(), [
    ["firefox nightly win64: its document describes another build", 1],
  ]);
});

Deno.test("InventoryToRecords gives a build of a document that isn't there as incomplete", async () => {
  const { job } = await run([], DOCUMENTS.slice(0, 1));
  assertEquals([job.complete, job.incomplete.total], [0, 1]);
});
