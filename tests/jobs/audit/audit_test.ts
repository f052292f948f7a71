import { assert, assertEquals, assertMatch } from "@std/assert";
import { serveArchive } from "../../../src/demo/archive_server.ts";
import { gzipSync } from "node:zlib";
import { buildhub } from "../../buildhub.ts";
import { startFaultProxy } from "../../servers/fault_proxy.ts";
import { startKinto } from "../../servers/kinto.ts";
import { startServe } from "../../servers/serve.ts";
import { seededArchive } from "./seeded_archive.ts";

const AUTH = "user:pass";
const HEADERS = { authorization: `Basic ${btoa(AUTH)}`, "content-type": "application/json" };

interface Gap {
  kind: string;
  /** What the audit must say: each id with its state. */
  findings: { id: string; state: string; reason?: string }[];
}

const ids = (state: string, all: readonly string[], reason?: string) =>
  all.map((id) => ({ id, state, ...reason ? { reason } : {} }));

Deno.test.each([
  { name: "Kinto", start: () => startKinto() },
  { name: "serve", start: () => startServe() },
])("audit finds a hundred gaps of ten kinds in $name, and nothing else", async ({ start }) => {
  const seeded = seededArchive({ releases: 70, nightlies: 30, others: 10 });
  await using archive = serveArchive({ files: seeded.documents });
  await using kinto = await start();
  const cache = await Deno.makeTempDir();
  const env = { SERVER_URL: kinto.url, ARCHIVE_URL: archive.url, AUTH, CACHE_FOLDER: cache };
  const records = `${kinto.url}/buckets/build-hub/collections/releases/records`;
  const audit = (csv: string, ...args: string[]) =>
    buildhub(["audit", ...args], { env, stdin: new Uint8Array(gzipSync(csv)) });
  assertEquals((await buildhub(["load"], { env })).code, 0);

  const fixed = await audit(seeded.csv, "--fix");
  assertEquals(fixed.code, 0, fixed.stderr);
  const nothing = await audit(seeded.csv, "--json");
  assertEquals([nothing.code, nothing.stdout], [0, ""], nothing.stderr);

  const group = (name: string) => seeded.ids.get(name)!;
  const release = (number: number, platform: string) => group(`firefox ${number}.0 ${platform}`);
  const whole = (number: number) =>
    ["linux-i686", "linux-x86_64", "macosx", "win32"].flatMap((name) => release(number, name));
  const gaps: Gap[] = [];
  let csv = seeded.csv;
  const gap = (kind: string, findings: Gap["findings"]) => gaps.push({ kind, findings });
  for (let i = 1; i <= 10; i++) {
    gap("one build", ids("missing", release(i, "win32").slice(i % 5, i % 5 + 1)));
    gap("a whole platform", ids("missing", release(10 + i, "macosx")));
    gap("a whole version", ids("missing", whole(20 + i)));
    const locale = ["_fr", "_de", "_ast"][i % 3]!;
    gap("a locale", ids("missing", whole(30 + i).filter((id) => id.endsWith(locale))));
    gap("a day of nightlies", ids("missing", group(`nightly ${i}`)));
    const l10n = group(`nightly ${10 + i}`).filter((id) => id.endsWith("win32_fr"));
    gap("a localized nightly", ids("missing", l10n));
    gap("a candidate", ids("missing", group(`firefox ${1000 + i}.0rc1 win32`).slice(2, 3)));
    const beta = group(`thunderbird ${i}.0b1 linux-i686`);
    gap("another product's platform", ids("missing", beta));
    const gone = release(40 + i, "win32").slice(1, 2);
    csv = csv.split("\n").filter((line) => !line.includes(`/releases/${40 + i}.0/win32/fr/`))
      .join("\n");
    gap("gone from the archive", ids("gone", gone));
    const reason = "no build id in the collection, though the archive has one";
    gap(
      "published without a build id",
      ids("incomplete", [release(50 + i, "mac" + "osx")[0]!], reason),
    );
  }
  assertEquals([gaps.length, new Set(gaps.map(({ kind }) => kind)).size], [100, 10]);
  // What the archive knows nothing more of is incomplete, and no gap.
  const bare =
    `"d","pub/firefox/releases/999.0/win32/fr/Firefox+Setup+999.0.exe","1","2017-06-02T12:20:10Z","m"`;
  csv += `\n${bare}\n`;
  const incomplete = ids("incomplete", ["firefox_999-0_win32_fr"], "no metadata");

  for (const { id, state } of gaps.flatMap(({ findings }) => findings)) {
    const url = `${records}/${id}`;
    if (state === "missing") await done(fetch(url, { method: "DELETE", headers: HEADERS }));
    if (state !== "incomplete") continue;
    const { data: { build: _, last_modified: __, ...data } } = await (await fetch(url)).json();
    await done(fetch(url, { method: "PUT", headers: HEADERS, body: JSON.stringify({ data }) }));
  }
  const expected = [...gaps.flatMap(({ findings }) => findings), ...incomplete];
  const byId = (a: { id: string }, b: { id: string }) => a.id < b.id ? -1 : 1;

  const json = await audit(csv, "--json");
  assertEquals(json.code, 1, json.stderr);
  const found = json.stdout.trim().split("\n").map((line) => JSON.parse(line));
  assertEquals(found.sort(byId), expected.toSorted(byId));

  const text = await audit(csv);
  assertEquals(text.code, 1, text.stderr);
  const lines = text.stdout.trim().split("\n");
  assertEquals(lines.length, 101, text.stdout);
  for (
    const line of [
      "missing firefox release 11.0, macosx: all 6 locales",
      "missing firefox release 21.0: all 24 builds (linux-i686, linux-x86_64, macosx, win32; 6 locales)",
      "missing firefox release 31.0, de: on all 4 platforms",
      "missing firefox nightly 55.0a1, 2015-01-02-03-02-01: all 16 builds",
      "gone firefox release 41.0, win32: fr",
      "incomplete firefox release 999.0, win32: fr",
    ]
  ) assert(lines.includes(line), `${line}\n${text.stdout}`);
  assertSums(text.stderr);

  const again = await audit(csv, "--fix");
  assertEquals(again.code, 1, "what is gone stays");
  const left = await audit(seeded.csv, "--json");
  assertEquals([left.code, left.stdout], [0, ""], left.stderr);
  await Deno.remove(cache, { recursive: true });
});

/** Every line `N things = a x + b y` adds up. */
function assertSums(summary: string): void {
  const lines = summary.split("\n").filter((line) => / = \d/.test(line));
  assert(lines.length >= 3, summary);
  for (const line of lines) {
    const [total = "", parts = ""] = line.split(" = ");
    const sum = parts.split(" + ").reduce((sum, part) => sum + parseInt(part), 0);
    assertEquals(sum, parseInt(total), line);
  }
}

async function done(answer: Promise<Response>): Promise<void> {
  const response = await answer;
  await response.body?.cancel();
  assert(response.ok, `${response.status} ${response.url}`);
}

Deno.test.each([
  { name: "Kinto", start: () => startKinto() },
  { name: "serve", start: () => startServe() },
])("audit --prune lists what is gone from $name, and --yes removes it", async ({ start }) => {
  const seeded = seededArchive({ releases: 2, nightlies: 0, others: 0 });
  await using archive = serveArchive({ files: seeded.documents });
  await using kinto = await start();
  const records = `${kinto.url}/buckets/build-hub/collections/releases/records`;
  const changed = `${records}/firefox_2-0_win32_fr`;
  let isChanging = false;
  await using proxy = await startFaultProxy(kinto.url, {
    async handle(request, forward) {
      // Another client changes a record after the audit has read it.
      if (isChanging && new TextDecoder().decode(request.body).includes("DELETE")) {
        isChanging = false;
        const { data: { last_modified: _, ...data } } = await (await fetch(changed)).json();
        data.build.number = 9;
        const body = JSON.stringify({ data });
        await done(fetch(changed, { method: "PUT", headers: HEADERS, body }));
      }
      return await forward(request);
    },
  });
  const cache = await Deno.makeTempDir();
  const env = { SERVER_URL: proxy.url, ARCHIVE_URL: archive.url, AUTH, CACHE_FOLDER: cache };
  const audit = (stdin: string | Uint8Array, ...args: string[]) =>
    buildhub(["audit", ...args], { env, stdin });
  assertEquals((await buildhub(["load"], { env })).code, 0);
  assertEquals((await audit(seeded.csv, "--fix")).code, 0);
  const total = async () => {
    const { headers } = await fetch(records, { method: "HEAD" });
    return Number(headers.get("total-objects") ?? headers.get("total-records"));
  };
  const lines = seeded.csv.split("\n");
  const left = lines.filter((line) => !line.includes("/releases/2.0/win32/")).join("\n");

  const wrong = await audit(left, "--yes");
  assertEquals([wrong.code, wrong.stderr], [2, "error: --yes needs --prune\n"]);
  const listed = await audit(left, "--prune");
  assertEquals([listed.code, listed.stdout], [
    1,
    "gone firefox release 2.0, win32: all 6 locales\n",
  ]);
  assertMatch(listed.stderr, /^6 gone records would be removed; --yes removes them$/m);
  const unreadable = [
    new Uint8Array(gzipSync(left)).slice(0, -9),
    `what is this?\n${left}`,
  ];
  for (const csv of unreadable) {
    const kept = await audit(csv, "--prune", "--yes");
    assertEquals(kept.code, 1, kept.stderr);
  }
  assertEquals(await total(), 48);

  isChanging = true;
  const pruned = await audit(left, "--prune", "--yes");
  assertEquals(pruned.code, 1, pruned.stderr);
  assertMatch(pruned.stderr, /^6 gone = 5 removed \+ 1 changed \+ 0 refused$/m);
  assertEquals(await total(), 43);
  const again = await audit(left, "--prune", "--yes");
  assertEquals([again.code, await total()], [0, 42], again.stderr);
  const whole = await audit(left, "--prune", "--yes");
  assertEquals([whole.code, whole.stdout], [0, ""], whole.stderr);
  await Deno.remove(cache, { recursive: true });
});

Deno.test("audit says nothing gone when the inventory is cut off", async () => {
  const seeded = seededArchive({ releases: 2, nightlies: 0, others: 0 });
  await using archive = serveArchive({ files: seeded.documents });
  await using kinto = await startServe();
  const cache = await Deno.makeTempDir();
  const env = { SERVER_URL: kinto.url, ARCHIVE_URL: archive.url, AUTH, CACHE_FOLDER: cache };
  const gzip = new Uint8Array(gzipSync(seeded.csv));
  assertEquals((await buildhub(["load"], { env })).code, 0);
  assertEquals((await buildhub(["audit", "--fix"], { env, stdin: gzip })).code, 0);
  const cut = await buildhub(["audit"], { env, stdin: gzip.slice(0, gzip.length >> 1) });
  assertEquals([cut.code, cut.stdout], [1, ""], cut.stderr);
  assert(cut.stderr.includes("The inventory wasn't read to its end: nothing is said gone"));
  // Other products' records aren't compared with an inventory that doesn't have them.
  const none = await buildhub(["audit"], { env, stdin: "" });
  assertEquals([none.code, none.stdout], [0, ""], none.stderr);
  assert(none.stderr.includes("48 records = 0 present + 0 incomplete + 0 gone + 48 of products"));
  const wrong = await buildhub(["audit", "--source", "moon"], { env });
  assertEquals(wrong.code, 2);
  assert(wrong.stderr.includes("--source moon is none of stdin, s3, crawl"), wrong.stderr);
  await Deno.remove(cache, { recursive: true });
});
