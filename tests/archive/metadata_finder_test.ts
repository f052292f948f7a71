import { assert, assertEquals, assertRejects } from "@std/assert";
import { Archive } from "../../src/archive/archive.ts";
import { type DocumentCache, MemoryCache } from "../../src/archive/document_cache.ts";
import { isBuildMetadataName, MetadataFinder } from "../../src/archive/metadata_finder.ts";
import { SqliteCache } from "../../src/archive/sqlite_cache.ts";
import { Unavailable } from "../../src/archive/unavailable.ts";
import { type ArchiveServerOptions, serveArchive } from "../../src/demo/archive_server.ts";
import { Gate } from "../../src/net/gate.ts";
import { Http } from "../../src/net/http.ts";
import { Log } from "../../src/reporting/log.ts";
import { buildAt as build } from "../builds/build_at.ts";

const NIGHTLY = "pub/firefox/nightly/2017/05/2017-05-15-10-02-38-mozilla-central";
const CANDIDATES = "pub/firefox/candidates/52.0-candidates";
const RELEASE = "pub/firefox/releases/52.0/linux-x86_64/fr/firefox-52.0.tar.bz2";
const CANDIDATE = `${CANDIDATES}/build2/linux-x86_64/fr/firefox-52.0.tar.bz2`;
const NIGHTLY_BUILD = `${NIGHTLY}-l10n/firefox-55.0a1.fr.mac.dmg`;

/** A document whose build id ends in this number. */
function metadata(number: number): string {
  return JSON.stringify({ buildid: `201705151002${String(number).padStart(2, "0")}` });
}

interface Setup extends Omit<ArchiveServerOptions, "files"> {
  cache?: DocumentCache;
  abort?: AbortSignal;
  parallelRequests?: number;
}

/** An archive of these documents, by path, and a finder that looks there. */
function setup(documents: Record<string, string>, options: Setup = {}) {
  const { cache = new MemoryCache(), abort, parallelRequests, ...rest } = options;
  const server = serveArchive({
    ...rest,
    files: Object.entries(documents).map(([path, body]) => ({
      path,
      size: body.length,
      last_modified: "2017-06-02T12:20:10Z",
      body,
    })),
  });
  const warnings: string[] = [];
  const finderFor = (cache: DocumentCache) => {
    const http = new Http({ retries: 1, backoffMs: 0, signal: abort });
    return new MetadataFinder({
      archive: new Archive({
        url: server.url,
        http,
        gate: new Gate({ slots: parallelRequests ?? 8 }),
      }),
      cache,
      log: new Log({ write: (line) => warnings.push(line) }),
      signal: abort,
    });
  };
  return {
    server,
    warnings,
    finder: finderFor(cache),
    /** A finder of another run, with what that one keeps. */
    finderFor,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

Deno.test.each<{
  name: string;
  path: string;
  documents: Record<string, string>;
  /** The last digits of the build id, and the candidate's number. */
  found?: [seconds: number, buildNumber?: number];
}>([
  {
    name: "a nightly's JSON",
    path: NIGHTLY_BUILD,
    documents: { [`${NIGHTLY}/firefox-55.0a1.en-US.mac.json`]: metadata(1) },
    found: [1],
  },
  {
    name: "a nightly's text, where there is no JSON",
    path: NIGHTLY_BUILD,
    documents: { [`${NIGHTLY}/firefox-55.0a1.en-US.mac.txt`]: "20170515100202 abc\n" },
    found: [2],
  },
  {
    name: "a nightly's text, where its JSON is something else",
    path: NIGHTLY_BUILD,
    documents: {
      [`${NIGHTLY}/firefox-55.0a1.en-US.mac.json`]: "<Error/>",
      [`${NIGHTLY}/firefox-55.0a1.en-US.mac.txt`]: "20170515100202 abc\n",
    },
    found: [2],
  },
  { name: "nothing of a nightly without metadata", path: NIGHTLY_BUILD, documents: {} },
  {
    name: "a candidate's own",
    path: CANDIDATE,
    documents: {
      [`${CANDIDATES}/build2/linux-x86_64/en-US/firefox-52.0.json`]: metadata(2),
      [`${CANDIDATES}/build3/linux-x86_64/en-US/firefox-52.0.json`]: metadata(3),
    },
    found: [2, 2],
  },
  { name: "nothing of a candidate without metadata", path: CANDIDATE, documents: {} },
  {
    name: "a release's, of its highest candidate as a number",
    path: RELEASE,
    documents: Object.fromEntries(
      [1, 2, 9, 10, 11].map((
        number,
      ) => [`${CANDIDATES}/build${number}/linux-x86_64/en-US/firefox-52.0.json`, metadata(number)]),
    ),
    found: [11, 11],
  },
  {
    name: "a release's first document that parses",
    path: RELEASE,
    documents: {
      [`${CANDIDATES}/build1/linux-x86_64/en-US/firefox-52.0.a.json`]: "<Error/>",
      [`${CANDIDATES}/build1/linux-x86_64/en-US/firefox-52.0.b.json`]: "{}",
      [`${CANDIDATES}/build1/linux-x86_64/en-US/firefox-52.0.c.json`]: metadata(3),
      [`${CANDIDATES}/build1/linux-x86_64/en-US/firefox-52.0.d.json`]: metadata(4),
    },
    found: [3, 1],
  },
  {
    name: "never mozinfo, test_packages or another product's",
    path: RELEASE,
    documents: Object.fromEntries(
      [
        "firefox-52.0.mozinfo",
        "firefox-52.0.test_packages",
        "buildhub",
        "fennec-52.0",
        "firefox-53.0",
      ]
        .map((name) => [`${CANDIDATES}/build1/linux-x86_64/en-US/${name}.json`, metadata(1)]),
    ),
  },
  { name: "nothing of a release without candidates", path: RELEASE, documents: {} },
  {
    name: "nothing of a release whose candidates' folder is empty",
    path: RELEASE,
    documents: { [`${CANDIDATES}/`]: "" },
  },
  {
    name: "nothing of a release whose candidates' folder holds something else",
    path: RELEASE,
    documents: { [`${CANDIDATES}/README`]: "", [`${CANDIDATES}/logs/a.json`]: metadata(1) },
  },
  {
    name: "nothing where the highest candidate lacks the platform",
    path: RELEASE,
    documents: {
      [`${CANDIDATES}/build1/linux-x86_64/en-US/firefox-52.0.json`]: metadata(1),
      [`${CANDIDATES}/build2/win32/en-US/firefox-52.0.json`]: metadata(2),
    },
  },
  {
    name: "a repack's, under the platform of its original",
    path: "pub/firefox/releases/52.0/win32-EME-free/fr/Firefox Setup 52.0.exe",
    documents: { [`${CANDIDATES}/build1/win32/en-US/firefox-52.0.json`]: metadata(1) },
    found: [1, 1],
  },
])("MetadataFinder.find() finds $name", async ({ path, documents, found }) => {
  await using archive = setup(documents);
  const result = await archive.finder.find(build(path));
  const [seconds, buildNumber] = found ?? [];
  assertEquals(
    result && { id: result.metadata.build.id, buildNumber: result.buildNumber },
    seconds === undefined
      ? undefined
      : { id: `201705151002${String(seconds).padStart(2, "0")}`, buildNumber },
  );
  assertEquals(archive.finder.pending, 0);
});

Deno.test("MetadataFinder.find() asks for each document once, however many ask at once", async () => {
  const json = `${CANDIDATES}/build1/linux-x86_64/en-US/firefox-52.0.json`;
  await using archive = setup({ [json]: metadata(1) });
  const locales = ["ach", "af", "an", "ar", "ast", "az"];
  const builds = locales.flatMap((locale) => [
    build(RELEASE.replace("/fr/", `/${locale}/`)),
    build(CANDIDATE.replace("/fr/", `/${locale}/`).replace("build2", "build1")),
    build(NIGHTLY_BUILD.replace(".fr.", `.${locale}.`)),
  ]);
  for (let round = 0; round < 2; round++) {
    const found = await Promise.all(builds.map((build) => archive.finder.find(build)));
    assertEquals(found.filter((one) => one !== undefined).length, 2 * locales.length);
  }
  assertEquals(
    archive.server.requests,
    new Map([
      [`${CANDIDATES}/`, 1],
      [json, 1],
      [`${NIGHTLY}/firefox-55.0a1.en-US.mac.json`, 1],
      [`${NIGHTLY}/firefox-55.0a1.en-US.mac.txt`, 1],
      [`${CANDIDATES}/build1/linux-x86_64/en-US/`, 1],
    ]),
  );
});

Deno.test("MetadataFinder.find() requests a slow document once, whatever is found meanwhile", async () => {
  const slow = `${CANDIDATES}/build2/linux-x86_64/en-US/firefox-52.0.json`;
  const held = Promise.withResolvers<Response>();
  const cache = new MemoryCache();
  await using archive = setup({}, {
    cache,
    fault: (path) => path === slow ? held.promise : undefined,
  });
  const first = archive.finder.find(build(CANDIDATE));
  for (let number = 3; number < 3_000; number++) {
    const path = `${CANDIDATES}/build${number}/linux-x86_64/en-US/firefox-52.0.json`;
    cache.set(archive.server.url + path, null);
    await archive.finder.find(build(CANDIDATE.replace("build2", `build${number}`)));
  }
  const second = archive.finder.find(build(CANDIDATE.replace("/fr/", "/de/")));
  held.resolve(new Response(metadata(2)));
  assertEquals(await first, await second);
  assertEquals([...archive.server.requests], [[slow, 1]]);
});

Deno.test("MetadataFinder.find() has no more requests in flight than it may", async () => {
  let inFlight = 0;
  let most = 0;
  const three = Promise.withResolvers<void>();
  await using archive = setup({}, {
    parallelRequests: 3,
    fault: async () => {
      most = Math.max(most, ++inFlight);
      if (inFlight === 3) three.resolve();
      await three.promise;
      inFlight--;
      return new Response(null, { status: 404 });
    },
  });
  await Promise.all(
    Array.from(
      { length: 30 },
      (_, i) => archive.finder.find(build(CANDIDATE.replace("build2", `build${i}`))),
    ),
  );
  assertEquals(most, 3);
});

Deno.test.each([
  { name: "a page", body: "<!DOCTYPE html>" },
  { name: "no listing", body: '{"files": []}' },
  { name: "an entry that can't be read", body: '{"prefixes": ["build1/", null], "files": []}' },
])("MetadataFinder.find() takes $name instead of a listing for a failure", async ({ body }) => {
  const own = "pub/firefox/releases/157.0/mac/en-US/buildhub.json";
  const candidates = "pub/firefox/candidates/157.0-candidates/";
  await using archive = setup({ [own]: metadata(2) }, {
    fault: (path) => path === candidates ? new Response(body) : undefined,
  });
  const release = build("pub/firefox/releases/157.0/mac/fr/Firefox 157.0.dmg");
  await assertRejects(() => archive.finder.find(release), Unavailable);
  assertEquals([archive.finder.failures, archive.warnings.length], [1, 1]);
  // Each attempt found it, and no other document was taken instead.
  assertEquals([...archive.server.requests], [[candidates, 2]]);
});

Deno.test("MetadataFinder.find() takes what can't be fetched for a failure, not for missing", async () => {
  const json = `${CANDIDATES}/build2/linux-x86_64/en-US/firefox-52.0.json`;
  for (const status of [403, 500]) {
    await using archive = setup({}, { fault: () => new Response("no", { status }) });
    for (let time = 0; time < 2; time++) {
      await assertRejects(() => archive.finder.find(build(CANDIDATE)), Unavailable);
    }
    assertEquals(archive.finder.failures, 1);
    assertEquals(archive.warnings.length, 1);
    assert(archive.warnings[0]!.includes(`${archive.server.url}${json}: server replied ${status}`));
    assertEquals(archive.server.requests.get(json), status === 500 ? 2 : 1);
  }
});

/** Places with a better document, and one that is taken without it. */
const FALLBACKS: {
  name: string;
  path: string;
  better: string;
  fallback: Record<string, string>;
}[] = [
  {
    name: "a nightly's text",
    path: NIGHTLY_BUILD,
    better: `${NIGHTLY}/firefox-55.0a1.en-US.mac.json`,
    fallback: { [`${NIGHTLY}/firefox-55.0a1.en-US.mac.txt`]: "20170515100202 abc\n" },
  },
  {
    name: "another document of a release",
    path: RELEASE,
    better: `${CANDIDATES}/build1/linux-x86_64/en-US/firefox-52.0.a.json`,
    fallback: { [`${CANDIDATES}/build1/linux-x86_64/en-US/firefox-52.0.b.json`]: metadata(2) },
  },
];

Deno.test.each(FALLBACKS.flatMap((one) => [
  { ...one, answer: "a page", body: "<!DOCTYPE html>" },
  { ...one, answer: "null", body: "null" },
]))(
  "MetadataFinder.find() doesn't cache $name, taken since the better document was $answer",
  async ({ path, better, fallback, body }) => {
    let isBroken = true;
    const cache = new MemoryCache();
    const files = { ...fallback, [better]: metadata(1) };
    await using archive = setup(files, {
      cache,
      fault: (path) => isBroken && path === better ? new Response(body) : undefined,
    });
    const { finder, finderFor } = archive;
    assertEquals((await finder.find(build(path)))?.metadata.build.id, "20170515100202");
    assertEquals([finder.failures, archive.warnings.length], [1, 1]);
    isBroken = false;
    const next = finderFor(cache);
    assertEquals((await next.find(build(path)))?.metadata.build.id, "20170515100201");
  },
);

Deno.test.each([
  { name: "JSON document", ending: "json", body: "<!DOCTYPE html>" },
  { name: "JSON document", ending: "json", body: "null" },
  { name: "JSON document", ending: "json", body: "[]" },
  { name: "text", ending: "txt", body: "<!DOCTYPE html>" },
])(
  "MetadataFinder.find() takes a $name answered as $body for a failure, not for missing",
  async ({ ending, body }) => {
    const path = `${NIGHTLY}/firefox-55.0a1.en-US.mac.${ending}`;
    await using archive = setup({ [path]: body });
    await assertRejects(() => archive.finder.find(build(NIGHTLY_BUILD)), Unavailable);
    assertEquals([archive.finder.failures, archive.server.requests.get(path)], [1, 2]);
  },
);

Deno.test("MetadataFinder.find() asks in the next run for what was missing, and for nothing else", async () => {
  const folder = await Deno.makeTempDir();
  const open = () =>
    SqliteCache.open(`${folder}/cache.sqlite`, (reason) => assertEquals(reason, ""));
  const json = `${CANDIDATES}/build1/linux-x86_64/en-US/firefox-52.0.json`;
  await using archive = setup({ [json]: metadata(1) });
  const { server, finderFor } = archive;
  const run = async () => {
    const cache = await open();
    const finder = finderFor(cache);
    server.requests.clear();
    const found = [];
    for (const path of [RELEASE, NIGHTLY_BUILD]) {
      found.push((await finder.find(build(path)))?.metadata.build.id);
    }
    cache.close();
    return { found, requests: [...server.requests.keys()] };
  };
  const nightlyJson = `${NIGHTLY}/firefox-55.0a1.en-US.mac.json`;
  const nightlyText = `${NIGHTLY}/firefox-55.0a1.en-US.mac.txt`;
  assertEquals(await run(), {
    found: ["20170515100201", undefined],
    requests: [
      `${CANDIDATES}/`,
      `${CANDIDATES}/build1/linux-x86_64/en-US/`,
      json,
      nightlyJson,
      nightlyText,
    ],
  });
  const file = { size: 1, last_modified: "2017-06-02T12:20:10Z" };
  server.tree.put({ ...file, path: nightlyJson, body: metadata(7) });
  assertEquals(await run(), {
    found: ["20170515100201", "20170515100207"],
    requests: [`${CANDIDATES}/`, nightlyJson],
  });
  // A new candidate: its metadata is the release's now.
  const newer = json.replace("build1", "build2");
  server.tree.put({ ...file, path: newer, body: metadata(2) });
  assertEquals(await run(), {
    found: ["20170515100202", "20170515100207"],
    requests: [`${CANDIDATES}/`, `${CANDIDATES}/build2/linux-x86_64/en-US/`, newer],
  });
  await Deno.remove(folder, { recursive: true });
});

Deno.test("MetadataFinder.find() doesn't take one archive's document for another's", async () => {
  const cache = new MemoryCache();
  const json = `${CANDIDATES}/build2/linux-x86_64/en-US/firefox-52.0.json`;
  await using one = setup({ [json]: metadata(1) }, { cache });
  await using another = setup({ [json]: metadata(2) }, { cache });
  const ids = [];
  for (const { finder } of [one, another]) {
    ids.push((await finder.find(build(CANDIDATE)))?.metadata.build.id);
  }
  assertEquals(ids, ["20170515100201", "20170515100202"]);
});

Deno.test("MetadataFinder.find() fails once its signal is aborted, and remembers no miss", async () => {
  const controller = new AbortController();
  const cache = new MemoryCache();
  await using archive = setup({}, {
    cache,
    abort: controller.signal,
    fault: () => {
      controller.abort(new RangeError("stopped"));
      return new Response("busy", { status: 503 });
    },
  });
  await assertRejects(() => archive.finder.find(build(CANDIDATE)), RangeError, "stopped");
  const json = `${CANDIDATES}/build2/linux-x86_64/en-US/firefox-52.0.json`;
  assertEquals([cache.get(archive.server.url + json), archive.finder.failures], [undefined, 0]);
});

Deno.test.each<{ name: string; isMetadata: boolean }>([
  { name: "firefox-52.0.json", isMetadata: true },
  { name: "fennec-56.0b1.en-US.android-arm.json", isMetadata: true },
  { name: "firefox-52.0.en-US.linux-x86_64.mozinfo.json", isMetadata: false },
  { name: "firefox-52.0.en-US.linux-x86_64.test_packages.json", isMetadata: false },
  { name: "buildhub.json", isMetadata: false },
  { name: "firefox-52.0.buildhub.json", isMetadata: false },
  { name: "firefox-52.0.txt", isMetadata: false },
])("isBuildMetadataName() of $name is $isMetadata", ({ name, isMetadata }) => {
  assertEquals(isBuildMetadataName(name), isMetadata);
});
