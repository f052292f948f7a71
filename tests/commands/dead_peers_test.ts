import { assert, assertEquals, assertMatch } from "@std/assert";
import { serveArchive } from "../../src/demo/archive_server.ts";
import { serveS3 } from "../../src/demo/s3_server.ts";
import { sampleArchive } from "../../src/demo/sample_archive.ts";
import { sampleInventory } from "../../src/demo/sample_inventory.ts";
import { INVENTORY_BUCKET } from "../../src/inventory/inventories.ts";
import { buildhub } from "../buildhub.ts";
import { seededArchive } from "../jobs/audit/seeded_archive.ts";
import { startServe } from "../servers/serve.ts";

/** How a server can be dead; without an answer, nothing listens. */
const DEAD: { name: string; answer?: () => Response; reason: string }[] = [
  { name: "down", reason: "Cannot reach" },
  {
    name: "answering 403",
    answer: () => new Response("no", { status: 403 }),
    reason: "server replied 403",
  },
  {
    name: "answering 500",
    answer: () => new Response("no", { status: 500 }),
    reason: "server replied 500",
  },
  {
    name: "answering with a page",
    answer: () => new Response("<!DOCTYPE html>\n<title>Please wait</title>"),
    reason: "expected JSON, got",
  },
];

const CSV = seededArchive({ releases: 12, nightlies: 4, others: 0 }).csv;
const FILES = sampleArchive();

/** A server that answers everything alike; or a port on which nothing listens. */
function startDead(answer?: () => Response) {
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, () => answer!());
  const url = `http://127.0.0.1:${server.addr.port}/`;
  const stop = () => server.shutdown();
  return answer ? { url, stop } : stop().then(() => ({ url, stop: () => Promise.resolve() }));
}

/** A catalogue with an empty collection, and inventories in S3. */
async function start() {
  await using stack = new AsyncDisposableStack();
  const kinto = stack.use(await startServe());
  const s3 = stack.use(serveS3({ bucket: INVENTORY_BUCKET, objects: sampleInventory(FILES) }));
  const folder = await Deno.makeTempDir();
  stack.defer(() => Deno.remove(folder, { recursive: true }));
  const env = {
    SERVER_URL: kinto.url,
    AUTH: "user:pass",
    AWS_ENDPOINT_URL_S3: s3.url,
    S3_FORCE_PATH_STYLE: "true",
    CACHE_FOLDER: folder,
    CSV_DOWNLOAD_DIRECTORY: `${folder}/downloads`,
    NB_RETRY_REQUEST: "0",
  };
  const loaded = await buildhub(["load"], { env });
  assertEquals(loaded.code, 0, loaded.stderr);
  const parts = stack.move();
  return { env, [Symbol.asyncDispose]: () => parts.disposeAsync() };
}

/** Every line `N things = a x + b y` adds up. */
function assertSums(stderr: string): void {
  for (const line of stderr.split("\n").filter((line) => /^\d+ \w+ = \d/.test(line))) {
    const [total = "", parts = ""] = line.split(" = ");
    const sum = parts.split(" + ").reduce((sum, part) => sum + parseInt(part), 0);
    assertEquals(sum, parseInt(total), line);
  }
}

const READ_THE_ARCHIVE: { command: string; stdin?: string; hasBuilds: boolean }[] = [
  { command: "inventory-to-records", stdin: CSV, hasBuilds: true },
  { command: "audit", stdin: CSV, hasBuilds: true },
  { command: "latest-inventory-to-kinto", hasBuilds: true },
  { command: "archive-to-inventory", hasBuilds: false },
  { command: "audit --source crawl", hasBuilds: false },
  { command: "latest-inventory-to-kinto --source crawl", hasBuilds: false },
];

Deno.test.each(DEAD)("Commands fail when the archive is $name", async ({ answer, reason }, t) => {
  await using peers = await start();
  const archive = await startDead(answer);
  const env = { ...peers.env, ARCHIVE_URL: archive.url };
  for (const { command, stdin, hasBuilds } of READ_THE_ARCHIVE) {
    await t.step(command, async () => {
      const { code, stdout, stderr } = await buildhub(command.split(" "), { env, stdin });
      assertEquals(code, 1, stderr);
      assertMatch(stderr, /can't be used, \d+ requests failed in a row|can't be listed/);
      assert(stderr.includes(reason), stderr);
      assert(!/no metadata|[1-9]\d* (missing|incomplete|complete|published)/.test(stderr), stderr);
      assertEquals(/"data"|missing|gone/.test(stdout), false, stdout);
      if (hasBuilds) {
        assertMatch(stderr, /\d+ builds = .* \+ [1-9]\d* failed/);
        assertMatch(stderr, /Stopped early, since the archive can't be used; run it again/);
      }
      assertSums(stderr);
      const warnings = stderr.split("\n").filter((line) => line.startsWith("warning"));
      assert(warnings.length <= 10, stderr);
    });
  }
  await archive.stop();
});

Deno.test("latest-inventory-to-kinto publishes what it could read before the archive died", async () => {
  await using peers = await start();
  let requests = 0;
  let lastAnswered = 60;
  await using archive = serveArchive({
    files: FILES,
    fault: () => ++requests > lastAnswered ? new Response("", { status: 500 }) : undefined,
  });
  const env = { ...peers.env, ARCHIVE_URL: archive.url };
  const first = await buildhub(["latest-inventory-to-kinto"], { env });
  assertEquals(first.code, 1, first.stderr);
  assertMatch(first.stderr, / builds = [1-9]\d* published .* [1-9]\d* failed/);
  assertMatch(first.stderr, /Stopped early/);
  assertSums(first.stderr);
  assert(requests < lastAnswered + 40, `${requests} requests`);
  lastAnswered = Infinity;
  const second = await buildhub(["latest-inventory-to-kinto"], { env });
  assertEquals(second.code, 0, second.stderr);
  assertMatch(second.stderr, / builds = [1-9]\d* published \+ [1-9]\d* unchanged .* 0 failed/);
});

const USE_KINTO: { command: string; stdin?: string }[] = [
  { command: "load" },
  { command: "to-kinto", stdin: "" },
  { command: "to-kinto --skip", stdin: "" },
  { command: "audit", stdin: CSV },
  { command: "latest-inventory-to-kinto" },
  { command: "status" },
];

Deno.test.each(DEAD)("Commands fail when Kinto is $name", async ({ answer, reason }, t) => {
  await using peers = await start();
  const kinto = await startDead(answer);
  await using archive = serveArchive({ files: FILES });
  const env = { ...peers.env, ARCHIVE_URL: archive.url, SERVER_URL: `${kinto.url}v1` };
  for (const { command, stdin } of USE_KINTO) {
    await t.step(command, async () => {
      const { code, stdout, stderr } = await buildhub(command.split(" "), { env, stdin });
      assertEquals([code, stdout], [1, ""], stderr);
      assert(stderr.includes(reason) && stderr.includes(kinto.url), stderr);
    });
  }
  await kinto.stop();
});

Deno.test("Commands fail for an inventory that is empty or something else", async (t) => {
  await using peers = await start();
  await using archive = serveArchive({ files: [] });
  const env = { ...peers.env, ARCHIVE_URL: archive.url };
  const inputs = [
    { name: "nothing", stdin: "", says: "the inventory is empty" },
    { name: "bzip2", stdin: "BZh91AY&SY\n", says: "the inventory looks like bzip2" },
    { name: "four columns", stdin: '"b","k","1","d"\n'.repeat(99), says: "only 4 of 5 columns" },
  ];
  for (const command of ["inventory-to-records", "audit"]) {
    for (const { name, stdin, says } of inputs) {
      await t.step(`${command} of ${name}`, async () => {
        const { code, stdout, stderr } = await buildhub([command], { env, stdin });
        assertEquals([code, stdout], [1, ""], stderr);
        assert(stderr.includes(says), stderr);
        assert(stderr.includes("expected the CSV of an S3 inventory, plain or gzip"), stderr);
        assert(stderr.split("\n").length < 40, stderr);
      });
    }
  }
});
