import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { bytesOf, listedSize } from "../../src/builds/listed_size.ts";
import type { ReleaseRecord } from "../../src/builds/record.ts";
import { answerFrom, type ArchiveServer, serveArchive } from "../../src/demo/archive_server.ts";
import { buildhub, spawnBuildhub } from "../buildhub.ts";
import { byId, conformanceRecords, serveConformanceArchive } from "../conformance.ts";
import { everyFault, startFaultProxy } from "../servers/fault_proxy.ts";
import { modernArchive } from "../servers/modern_archive.ts";

const { files, builds } = modernArchive();
const SMALL = modernArchive({ versions: [129, 131], locales: ["en-US", "fr"] });

Deno.test("archive-to-inventory | inventory-to-records gives exactly the builds of the archive", async () => {
  await using archive = serveArchive({ files });
  await using own = await settings(archive.url);
  const crawl = await crawled(own);
  assertEquals(duplicates(archive), []);
  const listed = archive.requests.size;
  archive.requests.clear();

  const { stdout, stderr, code } = await buildhub(["inventory-to-records"], {
    ...own,
    stdin: crawl.stdout,
  });
  assertEquals(code, 0, stderr);
  assertEquals(duplicates(archive), []);
  assertEquals(facts(byId(stdout), archive.url), sorted(builds));
  assert(stderr.includes(" 0 incomplete"), stderr);

  archive.requests.clear();
  const again = await crawled(own);
  assertEquals(again.stdout, crawl.stdout);
  assert(archive.requests.size < listed / 20, `${archive.requests.size} of ${listed}`);
  assertEquals(sums(again.stderr).rows, builds.size + EXTRA_ROWS);
});

Deno.test.each(["text", "bytes"] as const)(
  "archive-to-inventory | inventory-to-records gives the worked records, from sizes as %s",
  async (sizes) => {
    await using archive = await serveConformanceArchive({ sizes });
    await using own = await settings(archive.url);
    const { stdout } = await crawled(own);
    const isRounded = /"\d+[KM]"/.test(stdout);
    assertEquals(isRounded, sizes === "text");
    const { stdout: lines, stderr, code } = await buildhub(["inventory-to-records"], {
      ...own,
      stdin: stdout,
    });
    assertEquals(code, 0, stderr);
    const expected = await conformanceRecords(archive.url);
    for (const { download } of expected.values()) {
      // Inventories round some sizes, such as 2E+10.
      download.size = archive.tree.file(download.url.slice(archive.url.length))!.size;
    }
    assertEquals(byId(lines), expected);
  },
);

Deno.test("inventory-to-records with SIZES=listed publishes rounded sizes without a request", async () => {
  await using archive = serveArchive({ files: SMALL.files });
  await using own = await settings(archive.url, { SIZES: "listed" });
  const { stdout: stdin } = await crawled(own);
  archive.requests.clear();
  const { stdout, code, stderr } = await buildhub(["inventory-to-records"], { ...own, stdin });
  assertEquals(code, 0, stderr);
  const records = byId(stdout);
  assertEquals(records.size, SMALL.builds.size);
  for (const [id, { download: { size } }] of records) {
    assertEquals(size, bytesOf(listedSize(SMALL.builds.get(id)!.size)));
  }
  const builds = new Set([...SMALL.builds.values()].map(({ path }) => path));
  assertEquals([...archive.requests.keys()].filter((path) => builds.has(path)), []);
});

Deno.test("inventory-to-records publishes no build whose size can't be requested", async () => {
  const path = "pub/firefox/releases/130.0/mac/fr/Firefox 130.0.dmg";
  await using archive = serveArchive({
    files: SMALL.files,
    fault: (asked) => asked === path ? new Response(null, { status: 403 }) : undefined,
  });
  await using own = await settings(archive.url);
  const { stdout: stdin } = await crawled(own);
  const { code, stdout, stderr } = await buildhub(["inventory-to-records"], { ...own, stdin });
  assertEquals(code, 1, stderr);
  assertEquals(byId(stdout).size, SMALL.builds.size - 1);
  assert(!stdout.includes(path));
  assertStringIncludes(stderr, "server replied 403");
  assertStringIncludes(stderr, "1 firefox 130.0 macosx: its exact size can't be requested");
  assertStringIncludes(stderr, " + 0 incomplete + 1 failed");
});

Deno.test("archive-to-inventory | inventory-to-records gives the same through a faulty network", async () => {
  await using archive = serveArchive({ files: SMALL.files });
  const options = { seed: 5, faults: everyFault(0.1), latencyMs: 1 };
  await using proxy = await startFaultProxy(archive.url, options);
  await using clean = await settings(archive.url);
  await using own = await settings(proxy.url, { NB_RETRY_REQUEST: "10" });
  const { stdout: stdin } = await crawled(own);
  assertEquals(stdin, (await crawled(clean)).stdout);
  const { stdout, stderr, code } = await buildhub(["inventory-to-records"], { ...own, stdin });
  assertEquals(code, 0, stderr);
  assertEquals(facts(byId(stdout), proxy.url), sorted(SMALL.builds));
});

Deno.test("archive-to-inventory, killed again and again, repeats few requests and gives the same", async () => {
  let requests = 0;
  let answered = Infinity;
  let held = Promise.withResolvers<void>();
  let reached = Promise.withResolvers<void>();
  await using archive = serveArchive({
    files,
    // Requests after the last one that is answered wait until the process is killed.
    async fault(path, request) {
      if (++requests > answered) {
        reached.resolve();
        await held.promise;
      }
      return answerFrom(archive.tree, path, request);
    },
  });
  await using clean = await settings(archive.url);
  const whole = await crawled(clean);
  const folders = requests;
  requests = 0;
  await using own = await settings(archive.url);
  for (const share of [0.3, 0.6]) {
    answered = folders * share;
    [held, reached] = [Promise.withResolvers(), Promise.withResolvers()];
    const child = spawnBuildhub(["archive-to-inventory"], own.env);
    await child.stdin.close();
    const output = [child.stdout, child.stderr].map((it) => it.pipeTo(new WritableStream()));
    await reached.promise;
    child.kill("SIGKILL");
    await Promise.all([child.status, ...output]);
    held.resolve();
  }
  answered = Infinity;
  assertEquals((await crawled(own)).stdout, whole.stdout);
  assert(requests < folders + 2 * 600, `${requests} requests for ${folders} folders`);
});

Deno.test("archive-to-inventory reports a folder that can't be listed, and requests it again", async () => {
  const broken = "pub/firefox/releases/130.0/mac/fr/";
  let isBroken = true;
  await using archive = serveArchive({
    files: SMALL.files,
    fault: (path) => isBroken && path === broken ? new Response("", { status: 503 }) : undefined,
  });
  await using own = await settings(archive.url, { NB_RETRY_REQUEST: "1" });
  const first = await buildhub(["archive-to-inventory"], own);
  assertEquals(first.code, 1);
  assert(first.stderr.includes(`${broken} can't be listed`), first.stderr);
  assertEquals(sums(first.stderr).failed, 1);
  assertEquals(sums(first.stderr).rows, SMALL.builds.size - 1 + SMALL_EXTRA_ROWS);

  isBroken = false;
  archive.requests.clear();
  const second = await crawled(own);
  assertEquals(sums(second.stderr).rows, SMALL.builds.size + SMALL_EXTRA_ROWS);
  assertEquals(archive.requests.get(broken), 1);
  assert(second.stdout.includes(broken));
});

Deno.test("archive-to-inventory finds what has come since, and only that with --since", async () => {
  await using archive = serveArchive({ files: SMALL.files });
  await using own = await settings(archive.url);
  await using fresh = await settings(archive.url);
  const first = await crawled(own);
  const now = new Date().toISOString();
  const day = now.slice(0, 10);
  const dated = `pub/firefox/nightly/${day.slice(0, 7).replace("-", "/")}/${day}-09-00-00`;
  const paths = [
    `${dated}-mozilla-central/firefox-190.0a1.en-US.mac.dmg`,
    "pub/firefox/candidates/188.0-candidates/build1/mac/fr/Firefox 188.0.dmg",
    "pub/firefox/releases/187.0/mac/fr/Firefox 187.0.dmg",
  ];
  for (const path of paths) archive.tree.put({ path, size: 1, last_modified: now });
  const second = await crawled(own);
  const lines = (text: string) => text.trim().split("\n");
  const known = new Set(lines(first.stdout));
  const added = lines(second.stdout).filter((line) => !known.has(line));
  assertEquals(added.map(pathOfLine).sort(), paths.toSorted());
  assertEquals(lines(second.stdout).length, known.size + paths.length);
  for (const settings of [own, fresh]) {
    archive.requests.clear();
    const since = await crawled(settings, ["--since", day]);
    assertEquals(lines(since.stdout).map(pathOfLine).sort(), paths.toSorted());
    assert(archive.requests.size < 40, `${archive.requests.size} requests`);
  }
});

Deno.test.each<{ args: string[]; products: string; code: number; says: string }>([
  {
    args: ["--since", "yesterday"],
    products: "mobile",
    code: 2,
    says: "is no date such as 2026-11-01",
  },
  { args: [], products: "netscape", code: 2, says: "netscape" },
  { args: [], products: "fenix", code: 1, says: "pub/fenix/ can't be listed" },
])("archive-to-inventory says $says", async ({ args, products, code, says }) => {
  await using archive = serveArchive({ files: SMALL.files });
  await using own = await settings(archive.url, { PRODUCTS: products });
  const run = await buildhub(["archive-to-inventory", ...args], own);
  assertEquals(run.code, code, run.stderr);
  assert(run.stderr.includes(says), run.stderr);
});

/** Installers that the rules leave out, which rows have all the same: two a version and platform. */
const EXTRA_ROWS = extraRows(files.map(({ path }) => path));
const SMALL_EXTRA_ROWS = extraRows(SMALL.files.map(({ path }) => path));

/** Test packages beside candidates' en-US builds. */
function extraRows(paths: string[]): number {
  return paths.filter((path) => path.endsWith(".common.tests.tar.gz")).length;
}

/** A cache folder of its own, and the archive. */
async function settings(url: string, env: Record<string, string> = {}) {
  const folder = await Deno.makeTempDir();
  return {
    env: { ARCHIVE_URL: url, CACHE_FOLDER: folder, ...env },
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

async function crawled(own: { env: Record<string, string> }, args: string[] = []) {
  const run = await buildhub(["archive-to-inventory", ...args], own);
  assertEquals(run.code, 0, run.stderr);
  sums(run.stderr);
  return run;
}

/** The summary's numbers, once they add up. */
function sums(stderr: string) {
  const folders = /(\d+) folders = (.*)/.exec(stderr)!;
  const total = /(\d+) files = (.*)/.exec(stderr)!;
  const parts = (text: string) => [...text.matchAll(/\d+/g)].map(Number);
  for (const [, sum, terms] of [folders, total]) {
    assertEquals(parts(terms!).reduce((a, b) => a + b), Number(sum), stderr);
  }
  const [listed, unchanged, , , , failed] = parts(folders[2]!);
  return { listed, unchanged, failed, rows: parts(total[2]!)[0] };
}

function duplicates({ requests }: ArchiveServer): [string, number][] {
  return [...requests].filter(([, times]) => times > 1);
}

function pathOfLine(line: string): string {
  return decodeURIComponent(line.split('","')[1]!.replaceAll("+", " "));
}

/** What the tree says of its builds, in the form of {@linkcode facts}. */
function sorted(builds: Map<string, unknown>): Map<string, unknown> {
  return new Map([...builds].toSorted(([a], [b]) => a < b ? -1 : 1));
}

/** What records say of builds, as {@linkcode modernArchive} tells it. */
function facts(records: Map<string, ReleaseRecord>, url: string): Map<string, unknown> {
  return new Map(
    [...records].toSorted(([a], [b]) => a < b ? -1 : 1).map(([id, { source, ...record }]) => {
      const { target: { os: _, ...target }, download, build } = record;
      return [id, {
        id,
        buildId: build?.id,
        revision: source.revision,
        ...build?.number !== undefined && { number: build.number },
        target,
        path: download.url.slice(url.length),
        size: download.size,
        date: download.date,
      }];
    }),
  );
}
