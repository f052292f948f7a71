import { assert, assertEquals } from "@std/assert";
import { serveArchive } from "../../src/demo/archive_server.ts";
import { buildhub } from "../buildhub.ts";
import { startKinto } from "../servers/kinto.ts";
import { modernArchive } from "../servers/modern_archive.ts";

const { files, builds } = modernArchive({ versions: [129, 130], locales: ["en-US", "fr"] });

Deno.test("latest-inventory-to-kinto --source crawl publishes the archive's builds, once", async () => {
  await using kinto = await startKinto({ storage: "memory" });
  await using archive = serveArchive({ files });
  const folder = await Deno.makeTempDir();
  const env = { SERVER_URL: kinto.url, ARCHIVE_URL: archive.url, CACHE_FOLDER: folder };
  const run = async (code: number) => {
    const run = await buildhub(["latest-inventory-to-kinto", "--source", "crawl"], { env });
    assertEquals(run.code, code, run.stderr);
    return run.stderr;
  };
  const counts = (published: number, unchanged: number) =>
    `${builds.size} builds = ${published} published + ${unchanged} unchanged + 0 refused + ` +
    "0 incomplete";
  const first = await run(0);
  assert(first.includes(counts(builds.size, 0)), first);
  const url = `${kinto.url}/buckets/build-hub/collections/releases/records?_limit=1000`;
  const { data } = await (await fetch(url)).json();
  assertEquals(
    data.map(({ id }: { id: string }) => id).sort(),
    [...builds.keys()].sort(),
  );
  const second = await run(0);
  assert(second.includes(counts(0, builds.size)), second);
  await Deno.remove(folder, { recursive: true });
});
