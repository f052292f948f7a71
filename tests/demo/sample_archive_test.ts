import { assert, assertEquals } from "@std/assert";
import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { classify } from "../../src/builds/classify.ts";
import { LAYOUTS } from "../../src/builds/layouts.ts";
import { sampleArchive } from "../../src/demo/sample_archive.ts";
import { sampleInventory } from "../../src/demo/sample_inventory.ts";

const FILES = sampleArchive();
const KINDS = ["firefox", "thunderbird", "mobile", "devedition"]
  .concat("release", "beta", "aurora", "esr", "nightly", "nightly-old-id")
  // Fenix and focus, laid out in their own way, are indexed only when they are asked for.
  .concat(LAYOUTS.map(({ name }) => name).filter((name) => name !== "android release"));

Deno.test("sampleArchive() is the same each time, sorted, each path once", () => {
  assertEquals(sampleArchive(), FILES);
  const paths = FILES.map(({ path }) => path);
  assertEquals([...new Set(paths)].sort(), paths);
});

Deno.test("sampleArchive() says the true size of each document", () => {
  for (const { body, size } of FILES) {
    if (body !== undefined) assertEquals(new TextEncoder().encode(body).length, size);
  }
});

Deno.test("sampleArchive() has at least 300 builds, of all products, channels and layouts", () => {
  const builds = FILES.flatMap(({ path }) => {
    const verdict = classify(path);
    return verdict.kind === "build" ? [verdict] : [];
  });
  const ids = new Set(builds.map(({ id }) => id));
  assert(ids.size >= 300);
  assertEquals(ids.size, builds.length);
  const kinds = new Set(builds.flatMap(({ product, layout, target }) => [
    product.folder,
    layout,
    target.channel,
  ]));
  for (const kind of KINDS) assert(kinds.has(kind), kind);
});

Deno.test.each<{ what: string; path: RegExp; least: number }>([
  { what: "firefox releases", path: /^pub\/firefox\/releases\/[^/]+\/[^/]+\/[^/]+\/F/i, least: 50 },
  { what: "thunderbird releases", path: /^pub\/thunderbird\/releases\/.*\.exe$/, least: 4 },
  { what: "devedition releases", path: /^pub\/devedition\/releases\/.*\.dmg$/, least: 2 },
  { what: "mobile releases", path: /^pub\/mobile\/releases\/.*\.multi\..*\.apk$/, least: 2 },
  { what: "nightlies", path: /-(mozilla|comm)-central\/[^/]*\.exe$/, least: 6 },
  { what: "localized nightlies", path: /-central-l10n\/[^/]*\.dmg$/, least: 6 },
  { what: "old-id nightlies", path: /-old-id\/[^/]*\.apk$/, least: 1 },
  { what: "second candidates", path: /\/build2\/win64\/en-US\/[^/]*\.exe$/, least: 5 },
  { what: "eleventh candidates", path: /\/build11\/win64\/en-US\/[^/]*\.exe$/, least: 1 },
  { what: "esr", path: /\/releases\/[\d.]+esr\/.*\.exe$/, least: 3 },
  { what: "EME-free", path: /\/win32-EME-free\/.*\.exe$/, least: 3 },
  { what: "xz", path: /\/linux-aarch64\/.*\.tar\.xz$/, least: 3 },
  { what: "ca-valencia", path: /\/ca-valencia\/.*\.exe$/, least: 5 },
  { what: "funnelcakes", path: /funnelcake\d+\/.*\.exe$/, least: 2 },
  { what: "text documents", path: /en-US\.win32\.txt$/, least: 2 },
  { what: "buildhub.json", path: /[/.]buildhub\.json$/, least: 12 },
  { what: "tinderbox builds", path: /\/tinderbox-builds\//, least: 1 },
  { what: "partner repacks", path: /\/partner-repacks\//, least: 10 },
  { what: "signatures", path: /\.asc$/, least: 300 },
])("sampleArchive() has $what", ({ path, least }) => {
  assert(FILES.filter((file) => path.test(file.path)).length >= least);
});

Deno.test.each(["firefox", "archive"])(
  "sampleInventory() lists each file of the %s inventory once",
  (name) => {
    const objects = sampleInventory(FILES);
    const bucket = `net-mozaws-prod-delivery-${name}`;
    const root = `public/inventories/${bucket}/delivery-${name}/`;
    const manifests = [...objects.keys()].filter((key) =>
      /Z\/manifest\.json$/.test(key) && key.startsWith(root)
    );
    const manifest = JSON.parse(new TextDecoder().decode(objects.get(manifests.sort().at(-1)!)));
    assert(manifests.length > 1);
    assert(manifest.files.length > 1);
    const lines: string[] = [];
    for (const { key, size, MD5checksum } of manifest.files) {
      const piece = objects.get(`public/${key}`)!;
      assertEquals(piece.length, size);
      assertEquals(createHash("md5").update(piece).digest("hex"), MD5checksum);
      lines.push(...gunzipSync(piece).toString().trimEnd().split("\n"));
    }
    const listed = lines.map((line) => {
      const [of, key, size, date] = JSON.parse(`[${line}]`);
      assertEquals(of, bucket);
      const path = decodeURIComponent(key.replaceAll("+", " "));
      return { path, size: Number(size), last_modified: date.replace(".000Z", "Z") };
    });
    assertEquals(
      listed,
      FILES.filter(({ path }) => path.startsWith("pub/firefox/") === (name === "firefox"))
        .map(({ path, size, last_modified }) => ({ path, size, last_modified })),
    );
    assert(lines.some((line) => line.includes('"2E+7"')));
    assert(lines.some((line) => line.includes("Setup+")));
    if (name === "firefox") {
      assert(lines.some((line) => line.includes("/Firefox+Setup+%281.0rc1%2C+ca-AD%29.exe")));
    }
  },
);
