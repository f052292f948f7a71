import { assertEquals, assertRejects } from "@std/assert";
import { Archive } from "../../src/archive/archive.ts";
import { MemoryCache } from "../../src/archive/document_cache.ts";
import { ExactSizes, type ExactSizesOptions } from "../../src/archive/exact_sizes.ts";
import { Unavailable } from "../../src/archive/unavailable.ts";
import type { BuildMetadata } from "../../src/builds/build_metadata.ts";
import type { ListedSize } from "../../src/builds/listed_size.ts";
import { type ArchiveServerOptions, serveArchive } from "../../src/demo/archive_server.ts";
import { HttpError } from "../../src/errors/http_error.ts";
import { Http } from "../../src/net/http.ts";
import { Log } from "../../src/reporting/log.ts";

const PATH = "pub/firefox/releases/54.0/win32/fr/Firefox Setup 54.0.exe";
const DATE = "2017-06-02T12:20:10Z";
const BYTES = 71_000_000;

/** An archive with one file of {@linkcode BYTES}, and what finds its size. */
function start(
  options: Partial<ExactSizesOptions> = {},
  fault?: ArchiveServerOptions["fault"],
) {
  const file = { path: PATH, size: BYTES, last_modified: DATE };
  const server = serveArchive({ files: [file], fault });
  const archive = new Archive({ url: server.url, http: new Http({ retries: 0 }) });
  const warnings: string[] = [];
  const log = new Log({ level: "warning", write: (line) => warnings.push(line) });
  const cache = new MemoryCache();
  return {
    server,
    archive,
    cache,
    warnings,
    sizes: new ExactSizes({ archive, cache, log, ...options }),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

function metadata(file?: BuildMetadata["file"]): BuildMetadata {
  return { build: { id: "20170601", date: DATE }, source: {}, file };
}

Deno.test.each<{
  name: string;
  size: ListedSize;
  options?: Partial<ExactSizesOptions>;
  document?: BuildMetadata["file"];
  found: number;
  requests: number;
}>([
  { name: "bytes as they are", size: 12_345, found: 12_345, requests: 0 },
  { name: "0 bytes", size: 0, found: 0, requests: 0 },
  { name: "by HEAD", size: "68M", found: BYTES, requests: 1 },
  {
    name: "from the document that names the file",
    size: "68M",
    document: { path: PATH, sizeBytes: 71_000_001 },
    found: 71_000_001,
    requests: 0,
  },
  {
    name: "by HEAD when the document names another file",
    size: "68M",
    document: { path: PATH.replace("/fr/", "/en-US/"), sizeBytes: 71_000_001 },
    found: BYTES,
    requests: 1,
  },
  {
    name: "by HEAD when the document's size isn't the listed one",
    size: "68M",
    document: { path: PATH, sizeBytes: 50_000_000 },
    found: BYTES,
    requests: 1,
  },
  {
    name: "rounded, with SIZES=listed",
    size: "68M",
    options: { sizes: "listed" },
    found: 68 * 2 ** 20,
    requests: 0,
  },
  {
    name: "bytes as they are, with SIZES=listed",
    size: 12_345,
    options: { sizes: "listed" },
    found: 12_345,
    requests: 0,
  },
])("ExactSizes.find() gives $name", async ({ size, options, document, found, requests }) => {
  await using it = start(options);
  const file = { path: PATH, size, date: DATE };
  assertEquals(await it.sizes.find(file, metadata(document)), found);
  assertEquals([it.server.requests.get(PATH) ?? 0, it.archive.requests], [requests, requests]);
  assertEquals([it.sizes.pending, it.sizes.failures, it.warnings], [0, 0, []]);
});

Deno.test("ExactSizes.find() caches a size for the file with this date and listed size", async () => {
  await using it = start();
  const file = { path: PATH, size: "68M", date: DATE } as const;
  const { archive, cache } = it;
  const other = new ExactSizes({ archive, cache, log: new Log({ write() {} }) });
  assertEquals([await it.sizes.find(file), await other.find(file)], [BYTES, BYTES]);
  assertEquals(it.archive.requests, 1);
  await other.find({ ...file, date: "2017-06-03T00:00:00Z" });
  assertEquals(archive.requests, 2);
  await assertRejects(() => other.find({ ...file, size: "69M" }), Unavailable);
});

Deno.test.each<{ name: string; answer: () => Response; says: string }>([
  { name: "refused", answer: () => new Response(null, { status: 403 }), says: "replied 403" },
  { name: "failing", answer: () => new Response(null, { status: 500 }), says: "500" },
  {
    name: "missing",
    answer: () => new Response(null, { status: 404 }),
    says: "is listed, but missing",
  },
  {
    name: "without a size",
    answer: () => new Response(ReadableStream.from([new Uint8Array(1)])),
    says: "HEAD gives no bytes",
  },
  { name: "empty", answer: () => new Response(null), says: "HEAD gives 0 bytes" },
  { name: "a page", answer: () => new Response("<!DOCTYPE html>"), says: "HEAD gives 15 bytes" },
])("ExactSizes.find() counts an answer that is $name as a failure", async ({ answer, says }) => {
  await using it = start({}, answer);
  const file = { path: PATH, size: "68M", date: DATE } as const;
  await assertRejects(() => it.sizes.find(file), Unavailable, "its exact size can't be requested");
  assertEquals([it.sizes.failures, it.warnings.length, it.sizes.pending], [1, 1, 0]);
  assertEquals(it.warnings[0]!.includes(says), true, it.warnings[0]);
  // It isn't cached: the next attempt asks again.
  await assertRejects(() => it.sizes.find(file), Unavailable);
  assertEquals(it.archive.requests, 2);
});

Deno.test("ExactSizes.find() throws failures when it's strict, or aborted", async () => {
  const file = { path: PATH, size: "68M", date: DATE } as const;
  const refused = () => new Response(null, { status: 403 });
  await using strict = start({ strict: true }, refused);
  await assertRejects(() => strict.sizes.find(file), HttpError, "403");
  const signal = AbortSignal.abort(new RangeError("enough"));
  await using aborted = start({ signal }, refused);
  await assertRejects(() => aborted.sizes.find(file), RangeError, "enough");
  assertEquals([strict.sizes.failures, aborted.sizes.failures], [0, 0]);
});
