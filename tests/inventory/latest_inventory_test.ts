import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { gzipSync } from "node:zlib";
import { BodyTooLarge } from "../../src/errors/body_too_large.ts";
import { UsageError } from "../../src/errors/usage_error.ts";
import { inventoryPrefix } from "../../src/inventory/inventories.ts";
import { type InventoryCounts, latestInventory } from "../../src/inventory/latest_inventory.ts";
import { ObjectStore, type ObjectStoreOptions } from "../../src/inventory/object_store.ts";
import { S3Error } from "../../src/inventory/s3_error.ts";
import { Log } from "../../src/reporting/log.ts";
import { ManualClock } from "../net/manual_clock.ts";
import {
  everyFault,
  type FaultProxyOptions,
  type ProxyRequest,
  startFaultProxy,
} from "../servers/fault_proxy.ts";
import { type Moto, type SampleManifest, startMoto } from "../servers/moto.ts";

/** Rows that don't compress well, so that pieces are large enough to be cut in the middle. */
function rows(count: number, seed = 0): string {
  let text = "";
  for (let index = 0; index < count; index++) {
    const md5 = crypto.randomUUID().replaceAll("-", "");
    text += `"bucket","pub/firefox/${seed}-${index}","1","2017-06-02T12:20:10.2Z","${md5}"\n`;
  }
  return text;
}

/** An inventory name of its own for each test, in one moto. */
let names = 0;
const newName = () => `test-${++names}`;

/** What one read gives, and what it left. */
interface Outcome {
  csv: string;
  counts: InventoryCounts;
  date: string;
  lines: string[];
}

/** Moto, behind a proxy when there are faults, and a directory for downloads. */
async function setUp(faults: FaultProxyOptions = {}) {
  await using stack = new AsyncDisposableStack();
  const moto = stack.use(await startMoto());
  const requests: ProxyRequest[] = [];
  const { handle = (request, forward) => forward(request) } = faults;
  const proxy = stack.use(
    await startFaultProxy(moto.url, {
      ...faults,
      handle: (request, forward, random) => {
        requests.push(request);
        return handle(request, forward, random);
      },
    }),
  );
  const directory = await Deno.makeTempDir({ prefix: "buildhub-test-" });
  stack.defer(() => Deno.remove(directory, { recursive: true }));
  const parts = stack.move();
  return {
    moto,
    proxy,
    /** What reached moto. */
    requests,
    directory,
    files: () => [...Deno.readDirSync(directory)].map(({ name }) => name).sort(),
    async read(name: string, options: ObjectStoreOptions = {}): Promise<Outcome> {
      const lines: string[] = [];
      const log = new Log({ level: "info", write: (line) => lines.push(line) });
      using store = await ObjectStore.open({
        endpoint: proxy.url,
        forcePathStyle: true,
        retries: 1,
        backoffMs: 1,
        log,
        ...options,
      });
      const { readable, manifest, counts } = await latestInventory(name, store, { directory });
      return { csv: await new Response(readable).text(), counts, date: manifest.date, lines };
    },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

function assertReconciles(counts: InventoryCounts, csv: string) {
  assertEquals(counts.downloaded + counts.reused, counts.pieces);
  assertEquals(counts.downloadedBytes + counts.reusedBytes, counts.sizeBytes);
  assertEquals(counts.readBytes, counts.sizeBytes);
  assertEquals(counts.csvBytes, new TextEncoder().encode(csv).length);
}

Deno.test("latestInventory() reads all pieces in order, unsigned, and reuses them", async () => {
  await using s3 = await setUp();
  const name = newName();
  const pieces = [rows(2000), rows(1).trimEnd(), "", rows(3000)];
  await s3.moto.putInventory({ name, pieces });
  const expected = `${pieces[0]}${pieces[1]}\n${pieces[3]}`;
  const first = await s3.read(name);
  assertEquals(first.csv, expected);
  assertReconciles(first.counts, first.csv);
  assertEquals([first.counts.downloaded, first.counts.reused], [4, 0]);
  const second = await s3.read(name);
  assertEquals(second.csv, expected);
  assertReconciles(second.counts, second.csv);
  assertEquals([second.counts.downloaded, second.counts.downloadedBytes], [0, 0]);
  assert(s3.requests.every(({ headers }) => headers.authorization === undefined));
  assertEquals(s3.files().filter((file) => !/^buildhub-inventory-.*\.csv\.gz$/.test(file)), []);
});

Deno.test("latestInventory() reads a piece that isn't compressed", async () => {
  await using s3 = await setUp();
  const name = newName();
  await s3.moto.putInventory({ name, pieces: [new TextEncoder().encode("a"), "b\n"] });
  assertEquals((await s3.read(name)).csv, "a\nb\n");
});

Deno.test("latestInventory() reads concatenated gzip members", async () => {
  await using s3 = await setUp();
  const name = newName();
  const piece = new Uint8Array([...gzipSync("a\n"), ...gzipSync("b\n")]);
  await s3.moto.putInventory({ name, pieces: [piece] });
  assertEquals((await s3.read(name)).csv, "a\nb\n");
});

Deno.test("latestInventory() finds the newest of more than a thousand folders", async () => {
  await using s3 = await setUp();
  const name = newName();
  const prefix = inventoryPrefix(name);
  const start = Date.UTC(2015, 0, 1);
  const days = Array.from({ length: 1_020 }, (_, day) => new Date(start + day * 86_400_000))
    .values();
  // A few at a time: moto refuses connections beyond its backlog.
  await Promise.all([1, 2, 3, 4].map(async () => {
    for (const day of days) {
      await s3.moto.put(`${prefix}${day.toISOString().slice(0, 10)}T00-12Z/manifest.checksum`, "");
    }
  }));
  await s3.moto.putInventory({ name, pieces: ["newest\n"], date: "2018-02-03T00-12Z" });
  // Others than dated ones come later in the alphabet, and hold something like a manifest too.
  for (const other of ["data", "hive", "latest", "2019-01-01", "2020-01-01T00-12Z-old"]) {
    await s3.moto.put(`${prefix}${other}/manifest.json`, "{}");
  }
  await s3.moto.put(`${prefix}2021-01-01T00-12Z`, "a file, no folder");
  const { csv, date } = await s3.read(name);
  assertEquals([csv, date], ["newest\n", "2018-02-03T00-12Z"]);
  const listings = s3.requests.filter(({ path }) => path.includes("list-type=2"));
  assertEquals(listings.length, 2);
});

const IN_FOLDER_BEFORE: { name: string; manifest: (manifest: SampleManifest) => unknown }[] = [
  { name: "no manifest", manifest: () => undefined },
  { name: "an empty one", manifest: () => "" },
  { name: "one that is cut off", manifest: (good) => JSON.stringify(good).slice(0, -10) },
  { name: "XML", manifest: () => "<Error/>" },
  { name: "null", manifest: () => "null" },
  { name: "no list of files", manifest: ({ files: _, ...rest }) => rest },
  { name: "an empty list of files", manifest: (good) => ({ ...good, files: [] }) },
  { name: "a file that is no object", manifest: (good) => ({ ...good, files: ["x"] }) },
  { name: "Parquet", manifest: (good) => ({ ...good, fileFormat: "Parquet" }) },
  { name: "other columns", manifest: (good) => ({ ...good, fileSchema: "Key, Bucket" }) },
  ...[
    { key: "../../../../etc/passwd" },
    { key: "/etc/passwd" },
    { key: "inventories/./x" },
    { key: "a\u0000b" },
    { key: "a\\..\\b" },
    { key: "" },
    { key: 1 },
    { size: -1 },
    { size: "12" },
    { size: 1e300 },
    { size: null },
    { MD5checksum: "../../../../../etc/passwd" },
    { MD5checksum: "d41d8" },
    { MD5checksum: undefined },
  ].map((wrong) => ({
    name: `a file with ${Deno.inspect(wrong)}`,
    manifest: (good: SampleManifest) => ({
      ...good,
      files: good.files.map((file) => ({ ...file, ...wrong })),
    }),
  })),
  {
    name: "a file listed twice",
    manifest: (good) => ({ ...good, files: [...good.files, ...good.files] }),
  },
];

Deno.test("latestManifest() takes the folder before when the newest has", async (test) => {
  await using s3 = await setUp();
  for (const { name: what, manifest } of IN_FOLDER_BEFORE) {
    await test.step(what, async () => {
      const name = newName();
      await s3.moto.putInventory({ name, pieces: ["old\n"], date: "2017-07-01T03-09Z" });
      await s3.moto.putInventory({ name, pieces: ["new\n"], date: "2017-07-02T03-09Z", manifest });
      const { csv, date, lines } = await s3.read(name, { retries: 0 });
      assertEquals([csv, date], ["old\n", "2017-07-01T03-09Z"]);
      assertEquals(lines.length, 1);
      assertStringIncludes(lines[0] ?? "", "2017-07-02T03-09Z");
    });
  }
});

const REFUSED: {
  name: string;
  put: (moto: Moto, name: string) => Promise<unknown>;
  options?: ObjectStoreOptions;
  message: string;
}[] = [
  {
    name: "an unknown name",
    put: (moto) => moto.putInventory({ name: "firefox", pieces: ["a\n"] }),
    message: "no dated folder",
  },
  {
    name: "a missing bucket",
    put: (moto) => moto.put("x", "", "other"),
    options: { bucket: "missing-bucket" },
    message: "server replied 404 NoSuchBucket",
  },
  {
    name: "a server that isn't there",
    put: () => Promise.resolve(),
    options: { endpoint: "http://127.0.0.1:9" },
    message: "(2 attempts)",
  },
  {
    name: "no manifest at all",
    put: (moto, name) => moto.putInventory({ name, pieces: ["a\n"], manifest: () => undefined }),
    message: "none of the newest 1 dated folders has a manifest",
  },
  {
    name: "only a manifest that is too large",
    put: (moto, name) =>
      moto.putInventory({
        name,
        pieces: ["a\n"],
        manifest: (manifest) => ({ ...manifest, padding: "x".repeat(10 * 2 ** 20) }),
      }),
    message: "manifest.json is no manifest: larger than 10 MiB",
  },
  {
    name: "only damaged manifests",
    put: (moto, name) => moto.putInventory({ name, pieces: ["a\n"], manifest: () => "{}" }),
    message: "manifest.json is no manifest: files is missing, not a list",
  },
  {
    name: "a missing piece",
    put: async (moto, name) => {
      const [key = ""] = await moto.putInventory({ name, pieces: ["a\n"] });
      await moto.remove(key);
    },
    message: "0.csv.gz: server replied 404 NoSuchKey",
  },
  {
    name: "a piece that is shorter than in the manifest",
    put: async (moto, name) => {
      const [key = ""] = await moto.putInventory({ name, pieces: ["a\n"] });
      await moto.put(key, "short");
    },
    message: "it has 5 bytes, the manifest says 22 (2 attempts)",
  },
  {
    name: "a piece that is longer than in the manifest",
    put: async (moto, name) => {
      const [key = ""] = await moto.putInventory({ name, pieces: ["a\n"] });
      await moto.put(key, "x".repeat(100));
    },
    message: "it has 100 bytes, the manifest says 22 (2 attempts)",
  },
  {
    name: "a piece with another MD5",
    put: async (moto, name) => {
      const [key = ""] = await moto.putInventory({ name, pieces: ["a\n"] });
      await moto.put(key, "x".repeat(22));
    },
    message: "its MD5 is ee0945e1d9c818058680b98955391717, the manifest says",
  },
  {
    name: "a piece that was cut off before it was listed",
    put: (moto, name) =>
      moto.putInventory({ name, pieces: [new Uint8Array(gzipSync(rows(10))).slice(0, -20)] }),
    message: "0.csv.gz: The gzip data is cut off: unexpected end of file",
  },
];

Deno.test("latestInventory() refuses", async (test) => {
  await using s3 = await setUp();
  for (const { name: what, put, options, message } of REFUSED) {
    await test.step(what, async () => {
      const name = newName();
      await put(s3.moto, name);
      await assertRejects(() => s3.read(name, options), Error, message);
      assertEquals(s3.files().filter((file) => file.endsWith(".part")), []);
    });
  }
  for (const name of ["", "..", "a/b", "Firefox", "fire fox", "a.b"]) {
    await test.step(`the name ${JSON.stringify(name)}`, async () => {
      await assertRejects(() => s3.read(name), UsageError, "is no inventory's name");
    });
  }
});

Deno.test.each([1, 2, 3])("latestInventory() reads all at 5 % faults, seed %i", async (seed) => {
  await using s3 = await setUp({ seed, faults: everyFault(0.05) });
  const name = newName();
  const pieces = Array.from({ length: 60 }, (_, index) => rows(50, index));
  await s3.moto.putInventory({ name, pieces });
  const { csv, counts } = await s3.read(name, { retries: 5 });
  assertEquals(csv, pieces.join(""));
  assertReconciles(counts, csv);
  const injected = Object.values(s3.proxy.injected).reduce((sum, count) => sum + count, 0);
  assert(injected > 0);
});

Deno.test.each(["truncated", "cut-chunks"] as const)(
  "downloadPiece() resumes where a body was %s",
  async (fault) => {
    // Each time half of what is left comes: more cuts than retries, and it goes on all the same.
    let cuts = 0;
    const isPiece = ({ path }: ProxyRequest) => path.includes(".csv.gz");
    const only = (request: ProxyRequest) => isPiece(request) && ++cuts <= 5;
    await using s3 = await setUp({ faults: { [fault]: 1 }, only });
    const name = newName();
    const pieces = [rows(20_000)];
    await s3.moto.putInventory({ name, pieces });
    const { csv, counts, lines } = await s3.read(name, { retries: 1 });
    assertEquals(csv, pieces[0]);
    assertReconciles(counts, csv);
    assertEquals(s3.proxy.injected[fault], 5);
    assertEquals(lines.filter((line) => line.includes("Trying again")).length, 5);
    const starts = s3.requests.filter(isPiece).map(({ headers }) => headers.range);
    assertEquals(starts.filter((start) => start === undefined).length, 1);
    assertEquals(new Set(starts).size, 6, "each resumes further on");
  },
);

Deno.test("downloadPiece() starts again when the object was replaced meanwhile", async () => {
  const good = new Uint8Array(gzipSync(rows(5_000)));
  let replaced = false;
  await using s3 = await setUp({
    faults: { truncated: 1 },
    only: ({ path }) => path.includes(".csv.gz") && !replaced,
    handle: async (request, forward) => {
      const answer = await forward(request);
      if (request.path.includes(".csv.gz") && !replaced) {
        replaced = true;
        await s3.moto.put(key, good);
      }
      return answer;
    },
  });
  const name = newName();
  const [key = ""] = await s3.moto.putInventory({ name, pieces: [good] });
  await s3.moto.put(key, good.map((byte) => byte ^ 0xff));
  const { csv, counts, lines } = await s3.read(name, { retries: 2 });
  assertReconciles(counts, csv);
  assertEquals(lines.length, 2);
  assertStringIncludes(lines[0] ?? "", "the connection broke within the body");
  assertStringIncludes(lines[1] ?? "", "412 PreconditionFailed");
});

Deno.test("downloadPiece() downloads again what is damaged on disk", async (test) => {
  await using s3 = await setUp();
  const damages: Record<string, (path: string) => Promise<void>> = {
    "cut off": (path) => Deno.truncate(path, 10),
    "emptied": (path) => Deno.truncate(path, 0),
    "changed": async (path) => {
      using file = await Deno.open(path, { write: true });
      await file.write(new Uint8Array(4));
    },
  };
  const name = newName();
  await s3.moto.putInventory({ name, pieces: ["a\n"] });
  await s3.read(name);
  for (const [what, damage] of Object.entries(damages)) {
    await test.step(what, async () => {
      await damage(`${s3.directory}/${s3.files()[0]}`);
      const { csv, counts, lines } = await s3.read(name);
      assertEquals([csv, counts.downloaded, counts.reused], ["a\n", 1, 0]);
      assertStringIncludes(lines[0] ?? "", "no longer matches the manifest");
    });
  }
});

Deno.test("removeOldDownloads() removes its own files of two days ago, and no others", async () => {
  await using s3 = await setUp();
  const name = newName();
  await s3.moto.putInventory({ name, pieces: ["a\n"] });
  await s3.read(name);
  const [current = ""] = s3.files();
  const md5 = "0123456789abcdef0123456789abcdef";
  const old = new Date(Date.now() - 2 * 86_400_000 - 60_000);
  const young = new Date(Date.now() - 2 * 86_400_000 + 60_000);
  const put = async (file: string, modified: Date) => {
    await Deno.writeTextFile(`${s3.directory}/${file}`, "");
    await Deno.utime(`${s3.directory}/${file}`, modified, modified);
  };
  const ours = `buildhub-inventory-${name}-${md5}.csv.gz`;
  const stay = [
    [`${ours}.${crypto.randomUUID()}.part`, young],
    [`buildhub-inventory-${name}-x-${md5}.csv.gz`, old],
    [`buildhub-inventory-${name}.csv.gz`, old],
    [`${ours}.bak`, old],
    ["notes.txt", old],
  ] as const;
  for (const [file, modified] of stay) await put(file, modified);
  await put(ours, old);
  await put(`${ours}.${crypto.randomUUID()}.part`, old);
  await Deno.utime(`${s3.directory}/${current}`, old, old);
  const { counts } = await s3.read(name);
  assertEquals(counts.reused, 1);
  assertEquals(s3.files(), [current, ...stay.map(([file]) => file)].sort());
});

Deno.test("latestInventory() is read by several runs at once into one directory", async () => {
  await using s3 = await setUp({ faults: everyFault(0.05) });
  const name = newName();
  const pieces = Array.from({ length: 5 }, (_, index) => rows(500, index));
  await s3.moto.putInventory({ name, pieces });
  const all = await Promise.all([1, 2, 3, 4].map(() => s3.read(name, { retries: 5 })));
  for (const { csv, counts } of all) {
    assertEquals(csv, pieces.join(""));
    assertReconciles(counts, csv);
  }
  assertEquals(s3.files().length, 5);
});

Deno.test("latestInventory() downloads one piece ahead of its reader, no more", async () => {
  await using s3 = await setUp();
  const name = newName();
  const pieces = Array.from({ length: 5 }, (_, index) => rows(2_000, index));
  await s3.moto.putInventory({ name, pieces });
  using store = await ObjectStore.open({ endpoint: s3.proxy.url, forcePathStyle: true });
  const { readable, counts } = await latestInventory(name, store, { directory: s3.directory });
  const reader = readable.getReader();
  await reader.read();
  while (counts.downloaded < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  // Other work goes on meanwhile: were there more downloads, they'd come through first.
  for (let round = 0; round < 20; round++) await store.text("missing", 1000);
  assertEquals([counts.downloaded, s3.files().length], [2, 2]);
  await reader.cancel();
});

Deno.test("latestInventory() leaves no half download behind when it's stopped", async (test) => {
  await using s3 = await setUp({
    faults: { latency: 1 },
    latencyMs: 60_000,
    only: ({ path }) => path.includes("-1.csv.gz"),
  });
  const name = newName();
  await s3.moto.putInventory({ name, pieces: [rows(100), rows(100)] });
  for (const how of ["aborted", "cancelled"]) {
    await test.step(how, async () => {
      const stop = new AbortController();
      using store = await ObjectStore.open({
        endpoint: s3.proxy.url,
        forcePathStyle: true,
        signal: stop.signal,
      });
      const { readable } = await latestInventory(name, store, { directory: s3.directory });
      const reader = readable.getReader();
      await reader.read();
      if (how === "cancelled") await reader.cancel();
      else {
        const reason = new DOMException("stopped by SIGINT", "AbortError");
        stop.abort(reason);
        const rest = async () => {
          while (!(await reader.read()).done);
        };
        assertEquals(await rest().catch((error) => error), reason);
      }
      assertEquals(s3.files().length, 1);
    });
  }
});

Deno.test("ObjectStore gives up on a server that doesn't answer", async () => {
  await using s3 = await setUp({ faults: { latency: 1 }, latencyMs: 60_000 });
  const clock = new ManualClock();
  const reading = s3.read(newName(), { timeoutMs: 50_000, retries: 1, backoffMs: 0, clock })
    .catch((error) => error);
  for (const ms of [50_000, 0, 50_000]) await clock.pass(ms);
  const error = await reading;
  assertStringIncludes(error.message, "no answer in 50 s (2 attempts)");
});

Deno.test.each([
  {
    name: "leads to itself",
    token: () => "same",
    says: "a page of the listing leads to one before",
  },
  {
    name: "leads in a circle",
    token: (page: number) => `${page % 3}`,
    says: "a page of the listing leads to one before",
  },
  { name: "never ends", token: (page: number) => `${page}`, says: "more than 100 pages" },
])("ObjectStore.folders() ends a listing that $name", async ({ token, says }) => {
  let pages = 0;
  const listing = () =>
    `<ListBucketResult><Name>b</Name><IsTruncated>true</IsTruncated>` +
    `<NextContinuationToken>${token(pages++)}</NextContinuationToken></ListBucketResult>`;
  await using server = Deno.serve({ port: 0, onListen() {} }, () => {
    return new Response(listing(), { headers: { "content-type": "application/xml" } });
  });
  const endpoint = `http://127.0.0.1:${server.addr.port}`;
  using store = await ObjectStore.open({ endpoint, forcePathStyle: true });
  await assertRejects(() => Array.fromAsync(store.folders("a/")), S3Error, says);
});

Deno.test("ObjectStore.folders() ends when the real S3 API is made to list without an end", async () => {
  await using s3 = await setUp({ faults: { "endless-pages": 1 } });
  const name = newName();
  await s3.moto.putInventory({ name, pieces: ["a\n"] });
  await assertRejects(() => s3.read(name), S3Error, "the listing has more than 100 pages");
});

/** A large answer, a chunk at a time, until the client has had enough. */
function endless(start: string) {
  let chunks = 0;
  const bytes = new Uint8Array(2 ** 20).fill(32);
  const server = Deno.serve({ port: 0, onListen() {} }, () => {
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
      start: (controller) => controller.enqueue(new TextEncoder().encode(start)),
      pull(controller) {
        chunks++;
        controller.enqueue(bytes);
      },
    });
    return new Response(body, { headers: { "content-type": "application/xml" } });
  });
  return { server, endpoint: `http://127.0.0.1:${server.addr.port}`, chunks: () => chunks };
}

Deno.test("ObjectStore.folders() refuses an answer without an end, and doesn't try again", async () => {
  const answer = endless("<ListBucketResult><Name>b</Name>");
  await using _ = answer.server;
  using store = await ObjectStore.open({ endpoint: answer.endpoint, forcePathStyle: true });
  const error = await assertRejects(() => Array.fromAsync(store.folders("a/")), S3Error);
  assertEquals(error.message, `Cannot read ${store.urlOf("a/")}: larger than 16 MiB`);
  assert(answer.chunks() < 40, `${answer.chunks()} MiB`);
});

Deno.test("ObjectStore.text() refuses an object without an end", async () => {
  const answer = endless("");
  await using _ = answer.server;
  using store = await ObjectStore.open({ endpoint: answer.endpoint, forcePathStyle: true });
  await assertRejects(() => store.text("a", 3 * 2 ** 20), BodyTooLarge, "larger than 3 MiB");
  assert(answer.chunks() < 20, `${answer.chunks()} MiB`);
});
