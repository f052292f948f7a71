import { assert, assertEquals } from "@std/assert";
import { classify } from "../../src/builds/classify.ts";
import { RowCounts } from "../../src/inventory/row_counts.ts";
import { toBuilds } from "../../src/inventory/to_builds.ts";

const WIN = "pub/firefox/releases/52.0/win32";
const FLAT = "pub/firefox/releases/1.0rc1/firefox-1.0rc1.ca-AD.linux-i686";
const CANDIDATE = "pub/firefox/candidates/157.0b3-candidates/build1/win64";
const NIGHTLY =
  "pub/firefox/nightly/2026/11/2026-11-23-09-27-14-mozilla-central/firefox-157.0a1.en-US";
const NIGHTLY_ID = "firefox_nightly_2026-11-23-09-27-14_157-0a1";
const DATE = "2017-06-02T12:20:10Z";

interface Case {
  name: string;
  paths: string[];
  modifiedSince?: string;
  announcedIds?: string[];
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
  {
    name: "the build of a document alone",
    paths: [`${CANDIDATE}/en-US/buildhub.json`],
    ids: ["firefox_beta_157-0b3rc1_win64_en-us"],
  },
  {
    name: "the build of a document before its installer once",
    paths: [`${NIGHTLY}.win64.buildhub.json`, `${NIGHTLY}.win64.installer.exe`],
    ids: [`${NIGHTLY_ID}_win64_en-us`],
    ignored: { "not an installer": 1 },
  },
  {
    name: "the build of a document after its installer once",
    paths: [
      `${CANDIDATE}/en-US/Firefox Setup 157.0b3.exe`,
      `${CANDIDATE}/en-US/buildhub.json`,
      `${CANDIDATE}/fr/Firefox Setup 157.0b3.exe`,
    ],
    ids: ["firefox_beta_157-0b3rc1_win64_en-us", "firefox_beta_157-0b3rc1_win64_fr"],
    ignored: { "not an installer": 1 },
  },
  {
    name: "the builds of documents at their folder's end",
    paths: [
      `${NIGHTLY}.linux-x86_64.buildhub.json`,
      `${NIGHTLY}.win64.buildhub.json`,
      `${NIGHTLY}.win64.installer.exe`,
      `${CANDIDATE}/en-US/buildhub.json`,
      `${CANDIDATE}/en-US/buildhub.json`,
    ],
    ids: [
      `${NIGHTLY_ID}_win64_en-us`,
      `${NIGHTLY_ID}_linux-x86_64_en-us`,
      "firefox_beta_157-0b3rc1_win64_en-us",
    ],
    ignored: { "not an installer": 2 },
  },
  {
    name: "no build of a document that is too old",
    paths: [`${CANDIDATE}/en-US/buildhub.json`],
    modifiedSince: "2017-06-02T12:20:11.000Z",
    ids: [],
    ignored: { "last modified too long ago": 1 },
  },
  {
    name: "no build that an earlier inventory announced",
    paths: [
      `${CANDIDATE}/en-US/Firefox Setup 157.0b3.exe`,
      `${CANDIDATE}/en-US/buildhub.json`,
      `${CANDIDATE}/fr/Firefox Setup 157.0b3.exe`,
    ],
    announcedIds: ["firefox_beta_157-0b3rc1_win64_en-us"],
    ids: ["firefox_beta_157-0b3rc1_win64_fr"],
    ignored: { "another file of the same build": 1, "not an installer": 1 },
  },
])("toBuilds() gives $name", async (
  { paths, modifiedSince, announcedIds = [], ids, ignored = {}, unknown = {} },
) => {
  const counts = new RowCounts();
  counts.rows = paths.length;
  const rows = paths.map((path, i) => {
    const verdict = classify(path);
    if (verdict.kind === "ignored") throw new Error(path);
    return { path, size: i + 1, lastModified: DATE, verdict };
  });
  const builds = await Array.fromAsync(
    ReadableStream.from([rows.slice(0, 1), rows.slice(1)])
      .pipeThrough(toBuilds({
        ...{ archiveUrl: "http://a/", counts, modifiedSince },
        announcedIds: new Set(announcedIds),
      })),
  );
  assertEquals(builds.map(({ id }) => id), ids);
  assertEquals(Object.fromEntries(counts.ignored.entries()), ignored);
  assertEquals(Object.fromEntries(counts.unknown.entries()), unknown);
  assertEquals(counts.builds, ids.length);
  for (const build of builds) {
    if (build.kind === "announced") {
      assertEquals(build.documentDate, DATE);
      assert(paths.includes(build.documentPath), build.documentPath);
      continue;
    }
    const { path, record } = build;
    const { size, date, url } = record.download;
    assertEquals({ size, date, url }, {
      size: paths.indexOf(path) + 1,
      date: DATE,
      url: `http://a/${path}`,
    });
  }
});
