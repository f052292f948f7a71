import { assertEquals } from "@std/assert";
import { Archive } from "../../src/archive/archive.ts";
import { Crawl } from "../../src/crawl/crawl.ts";
import { CrawlState } from "../../src/crawl/crawl_state.ts";
import { type ArchiveServer, serveArchive } from "../../src/demo/archive_server.ts";
import { Http } from "../../src/net/http.ts";
import { Log } from "../../src/reporting/log.ts";

const YEAR = "pub/firefox/nightly/2016/";
const DAY = `${YEAR}03/2016-03-01-03-02-04-mozilla-central/`;
const DATE = "2016-03-01T09:00:00Z";

const FILES = ["linux-i686.tar.bz2", "win32.installer.exe"]
  .map((ending) => ({ path: `${DAY}firefox-47.0a1.en-US.${ending}`, size: 1, last_modified: DATE }))
  .concat([{
    path: "pub/firefox/releases/45.0/win32/fr/Firefox Setup 45.0.exe",
    size: 1,
    last_modified: DATE,
  }]);

/** What a server in trouble answers with status 200 for a folder that isn't empty. */
const HOLES = [
  { name: "an empty listing", body: '{"prefixes": [], "files": []}', fails: "always" },
  {
    name: "a listing of nothing but the folder itself",
    body: `{"prefixes": [], "files": [{"name": "", "size": 0, "last_modified": "${DATE}"}]}`,
    fails: "when it had content",
  },
  {
    name: "a listing with an entry that can't be read",
    body: '{"prefixes": [null], "files": []}',
    fails: "always",
  },
  { name: "a page", body: "<!DOCTYPE html>", fails: "always" },
] as const;

/** An archive of which one folder may be answered with something else, and the state of its crawls. */
async function start() {
  const hole: { folder?: string; body: string } = { body: "" };
  const archive: ArchiveServer = serveArchive({
    files: FILES,
    fault: (path) => path === hole.folder ? new Response(hole.body) : undefined,
  });
  const folder = await Deno.makeTempDir();
  return {
    hole,
    /** A whole crawl: how many rows it has, and how many folders failed. */
    async crawl({ isFull = false } = {}) {
      using state = await CrawlState.open(`${folder}/crawl.sqlite`, (reason) => {
        throw new Error(reason);
      });
      const crawl = new Crawl({
        archive: new Archive({ url: archive.url, http: new Http({ retries: 0 }) }),
        log: new Log({ write() {} }),
        ...{ state, products: ["firefox"], parallelRequests: 4, isFull },
      });
      let rows = 0;
      for await (const { files } of crawl.folders()) rows += files.length;
      return { rows, failed: crawl.counts.failed };
    },
    async [Symbol.asyncDispose]() {
      await archive[Symbol.asyncDispose]();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

const WHOLE = { rows: FILES.length, failed: 0 };

Deno.test.each(
  HOLES.flatMap((hole) => [YEAR, `${YEAR}03/`, DAY].map((folder) => ({ ...hole, folder }))),
)("Crawl finds later what $name of $folder hid at first", async ({ body, fails, folder }) => {
  await using scene = await start();
  Object.assign(scene.hole, { folder, body });
  assertEquals(await scene.crawl(), { rows: 1, failed: fails === "always" ? 1 : 0 });
  scene.hole.folder = undefined;
  assertEquals(await scene.crawl(), WHOLE);
});

Deno.test.each(HOLES)(
  "Crawl takes $name of a folder that had folders for a failure",
  async (it) => {
    await using scene = await start();
    assertEquals(await scene.crawl(), WHOLE);
    // Folders of the first levels are requested by every crawl.
    Object.assign(scene.hole, { folder: "pub/firefox/nightly/", body: it.body });
    assertEquals(await scene.crawl(), { rows: 1, failed: 1 });
    scene.hole.folder = undefined;
    assertEquals(await scene.crawl(), WHOLE);
  },
);

Deno.test("Crawl accepts that a folder has no folders any more when it requests everything", async () => {
  await using scene = await start();
  assertEquals(await scene.crawl(), WHOLE);
  const file = { name: "README", size: 1, last_modified: DATE };
  const body = JSON.stringify({ prefixes: [], files: [file] });
  Object.assign(scene.hole, { folder: "pub/firefox/nightly/", body });
  assertEquals(await scene.crawl(), { rows: 1, failed: 1 });
  assertEquals(await scene.crawl({ isFull: true }), { rows: 1, failed: 0 });
  assertEquals(await scene.crawl(), { rows: 1, failed: 0 });
});
