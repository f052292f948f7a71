import { assert, assertEquals } from "@std/assert";
import { summaryLine } from "../../src/reporting/summary.ts";
import { Archive } from "../../src/archive/archive.ts";
import { MemoryCache } from "../../src/archive/document_cache.ts";
import { ExactSizes } from "../../src/archive/exact_sizes.ts";
import { MetadataFinder } from "../../src/archive/metadata_finder.ts";
import type { ArchiveFile } from "../../src/demo/archive_tree.ts";
import { serveArchive } from "../../src/demo/archive_server.ts";
import { TruncatedInput } from "../../src/errors/truncated_input.ts";
import { UnreadableInput } from "../../src/errors/unreadable_input.ts";
import { Http } from "../../src/net/http.ts";
import { InventoryToRecords } from "../../src/jobs/inventory_to_records.ts";
import { Log } from "../../src/reporting/log.ts";
import { gzipSync } from "node:zlib";

const DATE = "2017-06-02T12:20:10Z";
const NIGHTLY = "pub/firefox/nightly/2017/05/2017-05-15-10-02-38-mozilla-central";

/** Nightlies of two platforms, of which one has metadata, and files that are no builds. */
const LOCALES = ["ach", "af", "an", "ar", "ast", "az", "be", "bg"];
const KEYS = LOCALES.flatMap((locale) => [
  `${NIGHTLY}-l10n/firefox-55.0a1.${locale}.linux-x86_64.tar.bz2`,
  `${NIGHTLY}-l10n/firefox-55.0a1.${locale}.mac.dmg`,
  `${NIGHTLY}-l10n/firefox-55.0a1.${locale}.linux-x86_64.complete.mar`,
]);
const METADATA: ArchiveFile = {
  path: `${NIGHTLY}/firefox-55.0a1.en-US.linux-x86_64.json`,
  size: 1,
  last_modified: DATE,
  body: JSON.stringify({ buildid: "20170515100238" }),
};
const CSV = KEYS.map((key) => `"b","${key}","1","${DATE}","m"\n`).join("");

async function run(inventory: ReadableStream<Uint8Array>, signal?: AbortSignal) {
  await using archive = serveArchive({ files: [METADATA] });
  const log = new Log({ write() {} });
  const sources = {
    archive: new Archive({ url: archive.url, http: new Http() }),
    cache: new MemoryCache(),
    log,
  };
  const bad: string[] = [];
  const job = new InventoryToRecords({
    archiveUrl: archive.url,
    products: ["firefox"],
    finder: new MetadataFinder(sources),
    sizes: new ExactSizes(sources),
    parallelRequests: 4,
    onBadRow: (row, reason) => bad.push(`${row}: ${reason}`),
    signal,
  });
  const described = await Array.fromAsync(job.records(inventory));
  const complete = described.filter(({ state }) => state === "complete");
  assertEquals(job.counts.rows, job.counts.ignored.total + job.counts.builds);
  assertEquals(job.counts.builds, job.complete + job.incomplete.total + job.failed.total);
  assertEquals([described.length, complete.length], [job.counts.builds, job.complete]);
  return { job, bad, ids: complete.map(({ record }) => record.id) };
}

function stream(...parts: (string | Uint8Array)[]): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return ReadableStream.from(
    parts.map((part) => typeof part === "string" ? encoder.encode(part) : part),
  );
}

const IDS = LOCALES.map((locale) =>
  `firefox_nightly_2017-05-15-10-02-38_55-0a1_linux-x86_64_${locale}`
);

Deno.test("InventoryToRecords gives records in order, and counts what adds up", async () => {
  const { job, bad, ids } = await run(stream(CSV, "what is this?\n"));
  assertEquals(ids, IDS);
  assertEquals(job.failure, undefined);
  assertEquals(bad, ["25: only 1 of 5 columns"]);
  assertEquals(job.summary().map(summaryLine), [
    "25 rows = 9 ignored + 16 builds",
    "  8 not an installer",
    "  1 unreadable row",
    "16 builds = 8 complete + 8 incomplete + 0 failed",
    "  8 firefox nightly macosx: no metadata",
  ]);
});

const LINE = `"b","pub/firefox/a.txt","1","${DATE}","m"\n`;
const EXPECTED = "expected the CSV of an S3 inventory, plain or gzip";

Deno.test.each<{ name: string; input: string | Uint8Array; failure: string }>([
  { name: "nothing", input: "", failure: "the inventory is empty" },
  { name: "blank lines", input: "\n\n", failure: "the inventory has no rows" },
  { name: "an empty gzip", input: new Uint8Array(gzipSync("")), failure: "the inventory is empty" },
  { name: "UTF-16", input: utf16(`\ufeff${LINE}`), failure: "the inventory looks like UTF-16" },
  { name: "UTF-16 without a mark", input: utf16(LINE), failure: "the inventory looks like UTF-16" },
  {
    name: "UTF-16, gzip",
    input: new Uint8Array(gzipSync(utf16(LINE))),
    failure: "the inventory looks like UTF-16",
  },
  { name: "bzip2", input: "BZh91AY&SYrandom\n", failure: "the inventory looks like bzip2" },
  { name: "zip", input: "PK\x03\x04........", failure: "the inventory looks like zip" },
  { name: "Parquet", input: "PAR1\x15\x04.....", failure: "the inventory looks like Parquet" },
  { name: "a manifest", input: '{"files": []}', failure: "the inventory looks like JSON" },
  { name: "a page", input: "\n<!DOCTYPE html>", failure: "the inventory looks like HTML or XML" },
  {
    name: "one row of four columns",
    input: LINE.replace(',"m"', ""),
    failure: "the inventory's only row can't be read: only 4 of 5 columns",
  },
  {
    name: "rows of four columns",
    input: LINE.replace(',"m"', "").repeat(3),
    failure: "none of the inventory's 3 rows can be read; the first: only 4 of 5 columns",
  },
  {
    name: "random bytes",
    input: new Uint8Array([1, 0xfe, 0xb4, 3, 10, 0xc3, 0x28, 9, 10, 0xff]),
    failure: "none of the inventory's 3 rows can be read; the first: not UTF-8",
  },
])("InventoryToRecords of $name fails, and says what it is", async ({ input, failure }) => {
  const bytes = typeof input === "string" ? new TextEncoder().encode(input) : input;
  for (const pieces of [[bytes], Array.from(bytes, (byte) => Uint8Array.of(byte))]) {
    const { job, ids } = await run(stream(...pieces));
    assert(job.failure instanceof UnreadableInput, String(job.failure));
    assertEquals([ids, job.failure.message], [[], `${failure}; ${EXPECTED}`]);
  }
});

Deno.test("InventoryToRecords of an input that is interrupted at once has not failed", async () => {
  const { job } = await run(stream(), AbortSignal.abort());
  assertEquals(job.failure, undefined);
  assertEquals(job.summary().map(summaryLine), [
    "Interrupted after 0 rows",
    "0 rows = 0 ignored + 0 builds",
    "0 builds = 0 complete + 0 incomplete + 0 failed",
  ]);
});

function utf16(text: string): Uint8Array {
  return new Uint8Array(new Uint16Array(Array.from(text, (char) => char.charCodeAt(0))).buffer);
}

Deno.test("InventoryToRecords gives every whole row of a truncated gzip, and the failure", async () => {
  const bytes = new Uint8Array(gzipSync(CSV));
  for (const keptBytes of [bytes.length - 1, bytes.length - 8]) {
    const { job, ids } = await run(stream(bytes.slice(0, keptBytes)));
    assertEquals(ids, IDS);
    assert(job.failure instanceof TruncatedInput);
  }
});

Deno.test("InventoryToRecords gives what came before its input failed, and the failure", async () => {
  async function* failing() {
    yield new TextEncoder().encode(CSV);
    await Promise.resolve();
    throw new Deno.errors.ConnectionReset("gone");
  }
  const { job, ids } = await run(ReadableStream.from(failing()));
  assertEquals(ids, IDS);
  assert(job.failure instanceof Deno.errors.ConnectionReset);
});

Deno.test("InventoryToRecords completes what it read when its signal is aborted", async () => {
  const controller = new AbortController();
  let reads = 0;
  const input = new ReadableStream<Uint8Array>({
    pull(it) {
      // Nothing comes after the first piece: only the signal can end it.
      if (reads++ === 0) it.enqueue(new TextEncoder().encode(CSV));
      else controller.abort();
    },
  }, { highWaterMark: 0 });
  const { job, ids } = await run(input, controller.signal);
  assertEquals([ids, job.failure], [IDS, undefined]);
});

Deno.test("InventoryToRecords sums up what it doesn't name", async () => {
  const versions = Array.from({ length: 23 }, (_, i) => `${30 + i}.0`);
  const keys = versions.map((version) =>
    `"b","pub/firefox/releases/${version}/win32/fr/Firefox+Setup+${version}.exe","1","${DATE}","m"\n`
  );
  const { job } = await run(stream(...keys, ...keys.slice(0, 1)));
  const summary = job.summary().map(summaryLine);
  assertEquals(summary.length, 2 + 20 + 1);
  assertEquals(summary[2], "  2 firefox 30.0 win32: no metadata");
  assertEquals(summary.at(-1), "  3 in 3 other groups");
});
