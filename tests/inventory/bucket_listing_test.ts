import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { serveArchive } from "../../src/demo/archive_server.ts";
import { BucketListing, type BucketListingOptions } from "../../src/inventory/bucket_listing.ts";
import { BucketState } from "../../src/inventory/bucket_state.ts";
import { ObjectStore } from "../../src/inventory/object_store.ts";
import { Log } from "../../src/reporting/log.ts";
import { buildhub } from "../buildhub.ts";
import {
  everyFault,
  type FaultProxyOptions,
  type ProxyRequest,
  startFaultProxy,
} from "../servers/fault_proxy.ts";
import { modernArchive } from "../servers/modern_archive.ts";
import { type Moto, startMoto } from "../servers/moto.ts";
import { startServe } from "../servers/serve.ts";

const BUCKET = "archive";

/** Names that listings, XML or the order of keys could get wrong. */
const ODD = [
  "pub/firefox/releases/1.0/Firefox Setup 1.0.exe",
  "pub/firefox/releases/1.0/linux-i686/fr/firefox-1.0.tar.gz",
  "pub/firefox/releases/1.0/win32/en-US/Firefox Setup 1.0.exe",
  "pub/firefox/releases/1.0/win32/",
  "pub/firefox/releases/1.0.1/mac/fr/Firefox 1.0.1 & <more> + 100%.dmg",
  "pub/firefox/releases/1.0/zz.zip",
  "pub/firefox/releases/1.0-real/win32/fr/été 🦊.exe",
  "pub/firefox/releases/firefox-0.9.zip",
];

const { files } = modernArchive({ versions: [129, 130], locales: ["en-US", "fr", "de"] });
const PATHS = [...files.map(({ path }) => path), ...ODD];

/** Moto with the tree in it, for all tests of this file: filling it takes a while. */
async function filled(): Promise<Moto> {
  const moto = await startMoto();
  const [first, ...rest] = PATHS;
  await moto.put(first!, first!, BUCKET);
  const paths = rest.values();
  await Promise.all([1, 2, 3, 4].map(async () => {
    for (const path of paths) await moto.put(path, path, BUCKET);
  }));
  return moto;
}

/** A listing through a proxy, with a state of its own. */
async function setUp(moto: Moto, { maxKeys = 1_000, ...faults }: Faults = {}) {
  const requests: ProxyRequest[] = [];
  const { handle = (request, forward) => forward(request) } = faults;
  const proxy = await startFaultProxy(moto.url, {
    ...faults,
    handle(request, forward, random) {
      requests.push(request);
      const limited = (request: ProxyRequest) =>
        forward({ ...request, path: `${request.path}&max-keys=${maxKeys}` });
      return handle(request, limited, random);
    },
  });
  const folder = await Deno.makeTempDir({ prefix: "buildhub-test-" });
  const lines: string[] = [];
  const log = new Log({ level: "info", write: (line) => lines.push(line) });
  return {
    url: proxy.url,
    requests,
    folder,
    log: lines,
    async list({ retries = 0, ...options }: Partial<BucketListingOptions & Retries> = {}) {
      using state = await BucketState.open(`${folder}/state.sqlite`, () => {});
      const { signal } = options;
      const endpoint = proxy.url;
      using store = await ObjectStore.open({
        ...{ bucket: BUCKET, endpoint, forcePathStyle: true, retries, backoffMs: 1, log, signal },
      });
      const products = ["firefox", "thunderbird"];
      const listing = new BucketListing({
        ...{ store, state, products, parallelRequests: 4, log },
        ...options,
      });
      const rows = (await Array.fromAsync(listing.lines())).flatMap((text) => text.split("\n"));
      return { rows: rows.map(rowOf), counts: listing.counts };
    },
    async [Symbol.asyncDispose]() {
      await proxy[Symbol.asyncDispose]();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

type Faults = FaultProxyOptions & { maxKeys?: number };

interface Retries {
  retries: number;
}

/** The path and the size of a row. */
function rowOf(line: string): [path: string, size: number] {
  const [, key = "", size = ""] = /^"[\w-]+","(.*)","(\d+)","[\dT:-]+Z",""$/.exec(line) ?? [];
  return [decodeURIComponent(key.replaceAll("+", " ")), Number(size)];
}

/** What a crawl of the same tree gives, with the sizes that the bucket has. */
async function crawled(): Promise<[path: string, size: number][]> {
  const paths = PATHS.filter((path) => !path.endsWith("/"));
  const rest = { size: 1, last_modified: "2026-07-01T09:27:14Z" };
  await using archive = serveArchive({ files: paths.map((path) => ({ path, ...rest })) });
  const CACHE_FOLDER = await Deno.makeTempDir();
  const env = { ARCHIVE_URL: archive.url, CACHE_FOLDER, PRODUCTS: "firefox thunderbird" };
  const { stdout, code, stderr } = await buildhub(["archive-to-inventory"], { env });
  assertEquals(code, 0, stderr);
  await Deno.remove(CACHE_FOLDER, { recursive: true });
  return stdout.trim().split("\n").map((line) => {
    const [path] = rowOf(line);
    return [path, new TextEncoder().encode(path).length];
  });
}

const sorted = (rows: [string, number][]) => rows.map((row) => row.join()).sort();

Deno.test("a bucket's listing", async (test) => {
  await using moto = await filled();
  const expected = await crawled();
  let all: Awaited<ReturnType<Awaited<ReturnType<typeof setUp>>["list"]>> | undefined;

  await test.step("gives the rows of a crawl, with exact sizes", async () => {
    await using bucket = await setUp(moto);
    all = await bucket.list();
    assertEquals(sorted(all.rows), sorted(expected));
    const { counts } = all;
    assertEquals(counts.objects, counts.rows + counts.others + counts.pruned);
    assertEquals([counts.failed, counts.requests], [0, bucket.requests.length]);
    const folders = all.rows.map(([path]) => path.slice(0, path.lastIndexOf("/")));
    const runs = folders.filter((folder, i) => folder !== folders[i - 1]);
    assertEquals(runs.length, new Set(folders).size, "the rows of a folder come together");
    assert(bucket.requests.every(({ headers }) => headers.authorization === undefined));
  });

  for (const maxKeys of [1, 7]) {
    await test.step(`gives the same with ${maxKeys} objects an answer`, async () => {
      await using bucket = await setUp(moto, { maxKeys });
      const { rows, counts } = await bucket.list();
      assertEquals(rows, all!.rows);
      assertEquals([counts.rows, counts.failed], [all!.counts.rows, 0]);
      // Of folders without builds it lists only what the answer has that leads to them.
      assert(counts.pruned < all!.counts.pruned / 2, `${counts.pruned}`);
    });
  }

  await test.step("gives the same through a faulty network", async () => {
    const faults = everyFault(0.05);
    await using bucket = await setUp(moto, { seed: 3, faults, latencyMs: 1, maxKeys: 50 });
    const { rows, counts } = await bucket.list({ retries: 10 });
    assertEquals(rows, all!.rows);
    assertEquals(counts.failed, 0);
  });

  await test.step("resumes an interrupted run", async () => {
    const maxKeys = 50;
    await using whole = await setUp(moto, { maxKeys });
    await whole.list();
    const interrupt = new AbortController();
    let count = 0;
    await using bucket = await setUp(moto, {
      maxKeys,
      handle(request, forward) {
        if (++count === 15) interrupt.abort();
        return forward(request);
      },
    });
    const { signal } = interrupt;
    const first = await bucket.list({ signal });
    assertEquals(first.counts.failed, 0);
    assert(first.rows.length < all!.rows.length);
    const { rows, counts } = await bucket.list();
    assertEquals(rows, all!.rows);
    assert(counts.resumed > 5, `${counts.resumed}`);
    // Only what was in flight is requested again: four ranges, and a folder of a few answers.
    const more = bucket.requests.length - whole.requests.length;
    assert(more <= 8, `${more}`);
    // What is complete isn't remembered, nor is what is older than a day.
    assertEquals((await bucket.list({ signal: AbortSignal.abort() })).counts.resumed, 0);
    assertEquals((await bucket.list()).counts.resumed, 0);
  });

  await test.step("names what can't be listed, and requests it again", async () => {
    let isForbidden = true;
    await using bucket = await setUp(moto, {
      maxKeys: 100,
      handle: (request, forward) =>
        isForbidden && /prefix=pub%2Ffirefox%2Fcandidates%2F&start-after/.test(request.path)
          ? Promise.resolve({ status: 403, headers: {}, body: new TextEncoder().encode(DENIED) })
          : forward(request),
    });
    const { rows, counts } = await bucket.list();
    assertEquals(counts.failed, 1);
    const has = (path: string) => path.includes("/candidates/");
    assertEquals(rows, all!.rows.filter(([path]) => !has(path)));
    assertStringIncludes(bucket.log.join("\n"), "candidates/129.0-candidates/ can't be listed");
    assertStringIncludes(bucket.log.join("\n"), "server replied 403 AccessDenied");
    isForbidden = false;
    const before = bucket.requests.length;
    assertEquals((await bucket.list()).rows, all!.rows);
    assert(bucket.requests.slice(before).every(({ path }) => path.includes("candidates")));
  });

  const WRONG: { name: string; handle: NonNullable<FaultProxyOptions["handle"]>; says: string }[] =
    [
      {
        name: "a server that ignores start-after",
        handle: (request, forward) =>
          forward({ ...request, path: request.path.replace(/&start-after=[^&]*/, "") }),
        says: "the listing doesn't follow on",
      },
      {
        name: "a server that refuses everything",
        handle: () =>
          Promise.resolve({ status: 403, headers: {}, body: new TextEncoder().encode(DENIED) }),
        says: "server replied 403 AccessDenied",
      },
      {
        name: "a page of HTML",
        handle: () =>
          Promise.resolve({
            status: 200,
            headers: { "content-type": "text/html" },
            body: new TextEncoder().encode("<html><body>Hello</body></html>"),
          }),
        says: "can't be listed",
      },
    ];
  for (const { name, handle, says } of WRONG) {
    await test.step(`ends with an error at ${name}`, async () => {
      await using bucket = await setUp(moto, { maxKeys: 100, handle });
      const { counts } = await bucket.list();
      assert(counts.failed > 0);
      assertStringIncludes(bucket.log.join("\n"), says);
    });
  }

  await test.step("lists everything again when its state is damaged", async () => {
    await using bucket = await setUp(moto, { maxKeys: 50 });
    await Deno.writeTextFile(`${bucket.folder}/state.sqlite`, "no database at all ".repeat(500));
    assertEquals((await bucket.list()).rows, all!.rows);
  });

  await test.step("bucket-to-inventory signs with the credentials of the environment", async () => {
    await using bucket = await setUp(moto);
    const env = {
      ...{ ARCHIVE_BUCKET: BUCKET, ARCHIVE_BUCKET_URL: bucket.url, CACHE_FOLDER: bucket.folder },
      ...{ PRODUCTS: "firefox", AWS_ACCESS_KEY_ID: "GOOG1", AWS_SECRET_ACCESS_KEY: "secret" },
    };
    const { code, stdout, stderr } = await buildhub(["bucket-to-inventory"], { env });
    assertEquals(code, 0, stderr);
    const firefox = all!.rows.filter(([path]) => path.startsWith("pub/firefox/"));
    assertEquals(stdout.trim().split("\n").map(rowOf), firefox);
    for (const { headers } of bucket.requests) {
      assertStringIncludes(String(headers.authorization), "Credential=GOOG1/");
    }
    assert(/ objects = \d+ rows \+ \d+ not installers \+ \d+ without builds/.test(stderr), stderr);
  });

  await test.step("bucket-to-inventory fails where there is no such bucket", async () => {
    await using bucket = await setUp(moto);
    const env = {
      ...{ ARCHIVE_BUCKET: "other", ARCHIVE_BUCKET_URL: bucket.url, CACHE_FOLDER: bucket.folder },
      ...{ PRODUCTS: "firefox", AWS_EC2_METADATA_DISABLED: "true" },
    };
    const { code, stdout, stderr } = await buildhub(["bucket-to-inventory"], { env });
    assertEquals([code, stdout], [1, ""]);
    assertStringIncludes(stderr, "NoSuchBucket");
  });
});

const DENIED = '<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>No</Message></Error>';

Deno.test("latest-inventory-to-kinto --source bucket publishes what the crawl publishes", async () => {
  const bodies = modernArchive({ versions: [129, 129], locales: ["en-US", "fr"] });
  await using moto = await startMoto();
  for (const { path } of bodies.files) await moto.put(path, path, BUCKET);
  await using archive = serveArchive({ files: bodies.files });
  await using kinto = await startServe();
  const CACHE_FOLDER = await Deno.makeTempDir();
  const env = {
    ...{ SERVER_URL: kinto.url, AUTH: "user:pass", ARCHIVE_URL: archive.url, CACHE_FOLDER },
    ...{ ARCHIVE_BUCKET: BUCKET, ARCHIVE_BUCKET_URL: moto.url, AWS_EC2_METADATA_DISABLED: "true" },
    PRODUCTS: "firefox",
  };
  const args = ["latest-inventory-to-kinto", "--source", "bucket"];
  const { code, stderr } = await buildhub(args, { env });
  assertEquals(code, 0, stderr);
  const { size } = bodies.builds;
  assertStringIncludes(stderr, `${size} builds = ${size} published + 0 unchanged + 0 refused`);
  const both = await buildhub(["latest-inventory-to-kinto", "--source", "crawl,bucket"], { env });
  assertEquals(both.code, 0, both.stderr);
  // The files have other dates in the bucket of this test than in its archive.
  assertStringIncludes(both.stderr, `${2 * size} builds = ${size} published + ${size} unchanged`);
  const [ofBucket, ofCrawl] = [" objects = ", " folders = "].map((sum) => both.stderr.indexOf(sum));
  assert(ofBucket! >= 0 && ofBucket! < ofCrawl!, both.stderr);
  const audit = await buildhub(["audit", "--source", "bucket"], { env });
  assertEquals([audit.code, audit.stdout], [0, ""], audit.stderr);
  await Deno.remove(CACHE_FOLDER, { recursive: true });
});
