import { assert, assertEquals } from "@std/assert";
import type { PublishedRecord } from "../../src/builds/record.ts";
import type { ArchiveFile } from "../../src/demo/archive_tree.ts";
import { buildhubDocument } from "../../src/demo/sample_metadata.ts";
import { serveArchive } from "../../src/demo/archive_server.ts";
import { buildhub } from "../buildhub.ts";
import { startServe } from "../servers/serve.ts";

const DATE = "2026-07-01T10:27:14Z";
const ROOT = "pub/fenix/nightly/2026/07/2026-07-01-09-27-14-fenix-154.0a1-";
const PLATFORMS = ["android", "android-arm64-v8a", "android-x86"];
const idOf = (platform: string) => `fenix_nightly_2026-07-01-09-27-14_154-0a1_${platform}_multi`;
const SIZE = 97_654_321;

/** Nightlies without metadata, as they are in the archive. */
const FILES: ArchiveFile[] = PLATFORMS.map((platform) => ({
  path: `${ROOT}${platform}/fenix-154.0a1.multi.${platform}.apk`,
  size: SIZE,
  last_modified: DATE,
}));

Deno.test("INCOMPLETE=publish publishes builds without metadata, and completes them later", async () => {
  await using serve = await startServe();
  await using archive = serveArchive({ files: FILES });
  const folder = await Deno.makeTempDir();
  const env = { SERVER_URL: serve.url, ARCHIVE_URL: archive.url, PRODUCTS: "fenix" };
  const run = async (
    { incomplete, cache = "one", command = ["latest-inventory-to-kinto"] }: {
      incomplete: string;
      cache?: string;
      command?: string[];
    },
  ) => {
    const { code, stderr, stdout } = await buildhub([...command, "--source", "crawl"], {
      env: { ...env, INCOMPLETE: incomplete, CACHE_FOLDER: `${folder}/${cache}` },
    });
    assertEquals(code, 0, stderr + stdout);
    return stderr;
  };
  const records = async () => {
    const url = `${serve.url}/buckets/build-hub/collections/releases/records`;
    const { data } = await (await fetch(url)).json();
    return new Map<string, PublishedRecord>(
      data.map((record: PublishedRecord) => [record.id, record]),
    );
  };
  const includes = (text: string, line: string) => assert(text.includes(line), text);

  includes(
    await run({ incomplete: "skip" }),
    "3 builds = 0 published + 0 unchanged + 0 refused + 3",
  );
  assertEquals((await records()).size, 0);

  const first = await run({ incomplete: "publish" });
  includes(first, "3 builds = 3 published + 0 unchanged + 0 refused + 0 incomplete");
  includes(first, "  3 of them without metadata");
  for (const record of (await records()).values()) {
    assertEquals([record.build, record.download.size], [undefined, SIZE]);
  }
  includes(await run({ incomplete: "publish" }), "= 0 published + 3 unchanged");
  const audited = await run({ incomplete: "publish", command: ["audit"] });
  includes(audited, "3 records = 3 present + 0 incomplete + 0 gone");

  const [file] = FILES as [ArchiveFile];
  const body = buildhubDocument({
    ...{ app: "fenix", version: "154.0a1", platform: "android", channel: "nightly" },
    ...{ tree: "mozilla-central", buildId: "20260701092714" },
  }, file);
  const path = `${ROOT}android/buildhub.json`;
  archive.tree.put({ path, size: body.length, last_modified: DATE, body });
  const later = await run({ incomplete: "publish" });
  includes(later, "3 builds = 1 published + 2 unchanged + 0 refused + 0 incomplete");
  assertEquals((await records()).get(idOf("android"))?.build?.id, "20260701092714");

  archive.tree.delete(path);
  const last = await run({ incomplete: "publish", cache: "two" });
  includes(last, "3 builds = 0 published + 3 unchanged + 0 refused + 0 incomplete");
  assertEquals((await records()).get(idOf("android"))?.build?.id, "20260701092714");
  await Deno.remove(folder, { recursive: true });
});
