import { assert, assertEquals } from "@std/assert";
import { serveArchive } from "../../src/demo/archive_server.ts";
import { buildhub } from "../buildhub.ts";
import { startKinto } from "../servers/kinto.ts";
import { modernArchive } from "../servers/modern_archive.ts";
import { startMoto } from "../servers/moto.ts";

const { files, builds } = modernArchive({ versions: [129, 130], locales: ["en-US", "fr"] });

/** What S3 has today: the documents of nightlies and candidates, and nothing else. */
const ANNOUNCED = files.filter(({ path }) =>
  /^pub\/firefox\/(nightly|candidates)\/.*buildhub\.json$/.test(path)
);
const CSV = ANNOUNCED.map(({ path, size, last_modified }) =>
  `"b","${path}","${size}","${last_modified}","m"\n`
).join("");
const IDS = [...builds.values()]
  .filter(({ path, target }) => !path.includes("/releases/") && target.locale === "en-US")
  .map(({ id }) => id);

Deno.test("latest-inventory-to-kinto publishes the builds of an inventory of documents, and then of a crawl", async () => {
  const [kinto, moto] = await Promise.all([startKinto({ storage: "memory" }), startMoto()]);
  await using stack = new AsyncDisposableStack();
  [kinto, moto].forEach((peer) => stack.use(peer));
  await using archive = serveArchive({ files });
  const folder = await Deno.makeTempDir();
  stack.defer(() => Deno.remove(folder, { recursive: true }));
  await moto.putInventory({ name: "firefox", pieces: [CSV] });
  const env = {
    ...{ SERVER_URL: kinto.url, ARCHIVE_URL: archive.url, CACHE_FOLDER: folder },
    ...{ AWS_ENDPOINT_URL_S3: moto.url, S3_FORCE_PATH_STYLE: "true", INVENTORIES: "firefox" },
    CSV_DOWNLOAD_DIRECTORY: folder,
  };
  const run = async (source: string, builds: string) => {
    const { code, stderr } = await buildhub(["latest-inventory-to-kinto", "--source", source], {
      env,
    });
    assertEquals(code, 0, stderr);
    assert(stderr.includes(`${builds} + 0 refused + 0 incomplete`), stderr);
    return stderr;
  };
  const published = async () => {
    const url = `${kinto.url}/buckets/build-hub/collections/releases/records?_limit=1000`;
    const { data } = await (await fetch(url)).json();
    return data.map(({ id }: { id: string }) => id).sort();
  };

  const first = await run("s3", `${IDS.length} builds = ${IDS.length} published + 0 unchanged`);
  const others = ANNOUNCED.length - IDS.length;
  assert(
    first.includes(`${ANNOUNCED.length} rows = ${others} ignored + ${IDS.length} builds`),
    first,
  );
  assertEquals(await published(), IDS.toSorted());

  const rest = builds.size - IDS.length;
  await run("crawl,s3", `${builds.size} builds = ${rest} published + ${IDS.length} unchanged`);
  assertEquals(await published(), [...builds.keys()].sort());
  await run("s3,crawl", `${builds.size} builds = 0 published + ${builds.size} unchanged`);

  // The documents' dates are earlier than the listing's: that alone replaces no record.
  for (const { body, ...file } of ANNOUNCED) {
    const document = JSON.parse(body!);
    document.download.date = "2019-06-03T20:49:46.559307+00:00";
    archive.tree.put({ ...file, body: JSON.stringify(document) });
  }
  await Deno.remove(`${folder}/buildhub-archive.sqlite`);
  await run("s3", `${IDS.length} builds = 0 published + ${IDS.length} unchanged`);
});
