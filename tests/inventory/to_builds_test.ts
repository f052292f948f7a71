import { assertEquals } from "@std/assert";
import { RowCounts } from "../../src/inventory/row_counts.ts";
import { toBuilds, unwantedBecause } from "../../src/inventory/to_builds.ts";

const WIN = "pub/firefox/releases/52.0/win32";
const FLAT = "pub/firefox/releases/1.0rc1/firefox-1.0rc1.ca-AD.linux-i686";
const DATE = "2017-06-02T12:20:10Z";

interface Case {
  name: string;
  paths: string[];
  modifiedSince?: string;
  ids: string[];
  ignored?: Record<string, number>;
}

Deno.test.each<Case>([
  { name: "nothing of nothing", paths: [], ids: [] },
  {
    name: "a build",
    paths: [`${WIN}/fr/Firefox Setup 52.0.exe`],
    ids: ["firefox_52-0_win32_fr"],
  },
  {
    name: "the first of the files that share an id",
    paths: [`${FLAT}.installer.tar.gz`, `${FLAT}.tar.gz`],
    ids: ["firefox_1-0rc1_linux-i686_ca-ad"],
    ignored: { "another file of the same build": 1 },
  },
  {
    name: "a row that comes twice once",
    paths: [`${WIN}/fr/Firefox Setup 52.0.exe`, `${WIN}/fr/Firefox Setup 52.0.exe`],
    ids: ["firefox_52-0_win32_fr"],
    ignored: { "another file of the same build": 1 },
  },
  {
    name: "the builds of neighbouring folders",
    paths: [`${WIN}/fr/Firefox Setup 52.0.exe`, `${WIN}/de/Firefox Setup 52.0.exe`],
    ids: ["firefox_52-0_win32_fr", "firefox_52-0_win32_de"],
  },
  {
    name: "no files that only look like builds",
    paths: [
      `${WIN}/fr/Firefox Setup Stub 52.0.exe`,
      "pub/firefox/releases/52.0/a/fr/firefox-52.0.zip",
    ],
    ids: [],
    ignored: { "stub installer": 1, "unknown operating system": 1 },
  },
  {
    name: "builds of the last hours only",
    paths: [`${WIN}/fr/Firefox Setup 52.0.exe`],
    modifiedSince: "2017-06-02T12:20:11.000Z",
    ids: [],
    ignored: { "last modified too long ago": 1 },
  },
  {
    name: "a build that is just young enough",
    paths: [`${WIN}/fr/Firefox Setup 52.0.exe`],
    modifiedSince: "2017-06-02T12:20:10.000Z",
    ids: ["firefox_52-0_win32_fr"],
  },
])("toBuilds() gives $name", async ({ paths, modifiedSince, ids, ignored = {} }) => {
  const counts = new RowCounts();
  counts.rows = paths.length;
  const rows = paths.map((path, i) => ({ path, size: i + 1, lastModified: DATE }));
  const builds = await Array.fromAsync(
    ReadableStream.from([rows.slice(0, 1), rows.slice(1)])
      .pipeThrough(toBuilds({ archiveUrl: "http://a/", products: [], counts, modifiedSince })),
  );
  assertEquals(builds.map(({ record }) => record.id), ids);
  assertEquals(Object.fromEntries(counts.ignored.entries()), ignored);
  assertEquals(counts.builds, ids.length);
  for (const { path, record } of builds) {
    const { size, date, url } = record.download;
    assertEquals({ size, date, url }, {
      size: paths.indexOf(path) + 1,
      date: DATE,
      url: `http://a/${path}`,
    });
  }
});

Deno.test("unwantedBecause() decides by folder, and by file in folders that may hold builds", () => {
  const because = unwantedBecause({ products: ["firefox", "mobile"] });
  const decisions: [path: string, reason: string | undefined][] = [
    [`${WIN}/fr/Firefox Setup 52.0.exe`, undefined],
    [`${WIN}/fr/SHA512SUMS`, "not an installer"],
    [`${WIN}/fr/Firefox Setup 52.0.msi`, "repackaging of a build"],
    [`${WIN}/fr/Firefox Setup 52.0.zip`, "zip on Windows"],
    ["pub/firefox/try-builds/a/firefox-52.0.en-US.win32.exe", "try build"],
    ["pub/firefox/try-builds/a/b/firefox-52.0.en-US.win32.exe", "try build"],
    [`${WIN}/fr/Firefox Setup 52.0.exe`, undefined],
    [`${WIN}/fr/deeper/Thing.exe`, "not named after its product"],
    ["pub/thunderbird/releases/52.0/win32/fr/Thunderbird Setup 52.0.exe", "product not asked for"],
    ["pub/calendar/releases/52.0/win32/fr/Calendar Setup 52.0.exe", "unknown product"],
    ["pub/firefox", "not an installer"],
    ["firefox.exe", "unknown product"],
    ["", "not an installer"],
    ["pub/mobile/nightly/latest-mozilla-central/fennec.apk", "alias of the latest build"],
  ];
  for (const [path, reason] of decisions) assertEquals([path, because(path)], [path, reason]);
  for (const [path, reason] of decisions.toReversed()) {
    assertEquals([path, because(path)], [path, reason]);
  }
});
