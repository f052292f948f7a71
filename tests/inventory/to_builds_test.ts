import { assertEquals } from "@std/assert";
import { classify } from "../../src/builds/classify.ts";
import { RowCounts } from "../../src/inventory/row_counts.ts";
import { toBuilds } from "../../src/inventory/to_builds.ts";

const WIN = "pub/firefox/releases/52.0/win32";
const FLAT = "pub/firefox/releases/1.0rc1/firefox-1.0rc1.ca-AD.linux-i686";
const DATE = "2017-06-02T12:20:10Z";

interface Case {
  name: string;
  paths: string[];
  modifiedSince?: string;
  ids: string[];
  ignored?: Record<string, number>;
  unknown?: Record<string, number>;
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
    name: "no files that no rule knows",
    paths: [
      `${WIN}/fr/firefox.snap`,
      "pub/firefox/releases/52.0/a/fr/firefox-52.0.zip",
    ],
    ids: [],
    ignored: { "not an installer": 1, "unknown operating system": 1 },
    unknown: { "firefox/releases/*/win32/*/*.snap": 1, "firefox/releases/*/a/*/*.zip": 1 },
  },
  {
    name: "builds of the last hours only",
    paths: [`${WIN}/fr/Firefox Setup 52.0.exe`, `${WIN}/fr/firefox.snap`],
    modifiedSince: "2017-06-02T12:20:11.000Z",
    ids: [],
    ignored: { "last modified too long ago": 2 },
  },
  {
    name: "a build that is just young enough",
    paths: [`${WIN}/fr/Firefox Setup 52.0.exe`],
    modifiedSince: "2017-06-02T12:20:10.000Z",
    ids: ["firefox_52-0_win32_fr"],
  },
])("toBuilds() gives $name", async ({ paths, modifiedSince, ids, ignored = {}, unknown = {} }) => {
  const counts = new RowCounts();
  counts.rows = paths.length;
  const rows = paths.map((path, i) => {
    const verdict = classify(path);
    if (verdict.kind === "ignored" || verdict.kind === "metadata") throw new Error(path);
    return { path, size: i + 1, lastModified: DATE, verdict };
  });
  const builds = await Array.fromAsync(
    ReadableStream.from([rows.slice(0, 1), rows.slice(1)])
      .pipeThrough(toBuilds({ archiveUrl: "http://a/", counts, modifiedSince })),
  );
  assertEquals(builds.map(({ record }) => record.id), ids);
  assertEquals(Object.fromEntries(counts.ignored.entries()), ignored);
  assertEquals(Object.fromEntries(counts.unknown.entries()), unknown);
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
