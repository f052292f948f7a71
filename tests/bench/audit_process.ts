/** A process of its own, so that its memory is measured: SERVER_URL RECORDS. */
import { Archive } from "../../src/archive/archive.ts";
import { MemoryCache } from "../../src/archive/document_cache.ts";
import { ExactSizes } from "../../src/archive/exact_sizes.ts";
import { MetadataFinder } from "../../src/archive/metadata_finder.ts";
import { audit } from "../../src/jobs/audit/audit.ts";
import { findingLines } from "../../src/jobs/audit/finding_lines.ts";
import { Http } from "../../src/net/http.ts";
import { InventoryToRecords } from "../../src/jobs/inventory_to_records.ts";
import { Kinto } from "../../src/kinto/kinto.ts";
import { KnownRecords } from "../../src/kinto/known_records.ts";
import { Log } from "../../src/reporting/log.ts";

const [url = "", count = "1000000"] = Deno.args;
const PLATFORMS = ["linux-i686", "linux-x86_64", "win32", "win64", "mac"];
const LOCALES = Array.from({ length: 100 }, (_, i) => `${letter(i / 26)}${letter(i)}`);
const PER_VERSION = PLATFORMS.length * LOCALES.length;
const versions = Math.ceil(Number(count) / PER_VERSION);

function letter(number: number): string {
  return String.fromCharCode(97 + Math.floor(number) % 26);
}

/** All builds of a version: path and id. */
function* buildsOf(version: number): Generator<[path: string, id: string]> {
  for (const platform of PLATFORMS) {
    const shown = platform.replace("mac", "macosx");
    for (const locale of LOCALES) {
      const folder = `pub/firefox/releases/${version}.0/${platform}/${locale}`;
      yield [`${folder}/firefox-${version}.0.tar.bz2`, `firefox_${version}-0_${shown}_${locale}`];
    }
  }
}

/** Of every hundredth version a platform is missing: it's gone from what is known. */
function isMissing(version: number, id: string): boolean {
  return version % 100 === 0 && id.includes("_win32_");
}

function* csv(): Generator<Uint8Array> {
  const encoder = new TextEncoder();
  for (let version = 1; version <= versions; version++) {
    let text = "";
    for (const [path] of buildsOf(version)) {
      text += `"delivery","${path}","48015500","2016-05-14T12:20:10.000Z","e8d5056625558760"\n`;
    }
    yield encoder.encode(text);
  }
}

const folder = await Deno.makeTempDir();
const log = new Log({ write() {} });
const name = { bucket: "build-hub", collection: "releases" };
{
  using known = await KnownRecords.open({ folder, server: url, ...name, log });
  for (let version = 1; version <= versions; version++) {
    const page = [...buildsOf(version)].filter(([, id]) => !isMissing(version, id))
      .map(([, id]) => ({ id, last_modified: version }));
    known.update(page, { epoch: 1, last_modified: version, id: page.at(-1)!.id });
  }
  const http = new Http({ retries: 0 });
  const archive = new Archive({ url: "http://archive.test/", http });
  // Every document is there: what is measured is the comparison.
  archive.json = () => Promise.resolve({ buildid: "20170302120751" });
  const document = { name: "firefox.json", size: 1, last_modified: "2017-06-02T12:20:10Z" };
  archive.listing = (path) =>
    Promise.resolve(
      path.endsWith("-candidates/")
        ? { prefixes: ["build1/"], files: [] }
        : { prefixes: [], files: [{ ...document, name: `firefox-${path.split("/")[3]}.json` }] },
    );
  const job = new InventoryToRecords({
    archiveUrl: archive.url,
    products: ["firefox"],
    finder: new MetadataFinder({ archive, cache: new MemoryCache(), log }),
    sizes: new ExactSizes({ archive, cache: new MemoryCache(), log }),
    parallelRequests: 8,
    onBadRow() {},
  });
  const kinto = new Kinto({ url, auth: "user:pass" });
  const start = performance.now();
  using found = await audit(ReadableStream.from(csv()), { job, kinto, name, known, folder });
  let lines = 0;
  for (const cells of found.ledger.matrices("missing")) {
    lines += findingLines(cells, "missing").length;
  }
  const seconds = (performance.now() - start) / 1000;
  const { builds } = job.counts;
  const missing = found.ledger.count("missing") + found.ledger.count("incomplete");
  console.log(
    JSON.stringify({ seconds, builds, missing, lines, gone: found.ledger.count("gone") }),
  );
}
await Deno.remove(folder, { recursive: true });
