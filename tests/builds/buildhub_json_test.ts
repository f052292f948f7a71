import { assertEquals } from "@std/assert";
import { metadataFromJson } from "../../src/builds/build_metadata.ts";
import { classify } from "../../src/builds/classify.ts";
import { metadataPlace } from "../../src/builds/metadata_place.ts";
import { productAt } from "../../src/builds/products.ts";
import { buildAt } from "./build_at.ts";

const NIGHTLY = "pub/firefox/nightly/2026/11/2026-11-01-09-03-02-mozilla-central";
const GROUPS = {
  build: {
    ...{ as: "as", cc: "cc", cxx: "cxx", ld: "ld", host: "host", target: "target" },
    ...{ id: "20261101090302", date: "2026-11-01T09:03:02Z", number: 2 },
  },
  source: {
    product: "firefox",
    repository: "https://hg.mozilla.org/releases/mozilla-beta",
    revision: "abc",
    tree: "mozilla-beta",
  },
  target: { channel: "beta", locale: "en-US", os: "mac", platform: "macosx", version: "157.0b2" },
  download: { url: "https://archive.mozilla.org/pub/Firefox%20157.0b2.dmg", size: 1 },
};

Deno.test("metadataFromJson() reads a buildhub.json, and its tree from the repository", () => {
  const { date: _, number, ...build } = GROUPS.build;
  assertEquals(metadataFromJson(GROUPS), {
    build: { ...build, date: "2026-11-01T09:03:02Z" },
    source: {
      repository: "https://hg.mozilla.org/releases/mozilla-beta",
      tree: "releases/mozilla-beta",
      revision: "abc",
    },
    number,
    channel: "beta",
    packagePlatform: "mac",
    file: { path: "pub/Firefox 157.0b2.dmg", sizeBytes: 1 },
  });
});

Deno.test.each<{ download: unknown; file: unknown }>([
  {
    download: { url: "https://archive.mozilla.org/pub/a/Firefox%20157.0.dmg", size: 71_000_001 },
    file: { path: "pub/a/Firefox 157.0.dmg", sizeBytes: 71_000_001 },
  },
  {
    download: { url: "https://archive.mozilla.org/pub/a/Firefox 157.0.dmg", size: 0 },
    file: { path: "pub/a/Firefox 157.0.dmg", sizeBytes: 0 },
  },
  { download: { url: "https://archive.mozilla.org/a.dmg", size: "68M" }, file: undefined },
  { download: { url: "https://archive.mozilla.org/a.dmg", size: 1.5 }, file: undefined },
  { download: { url: "a.dmg", size: 1 }, file: undefined },
  { download: { size: 1 }, file: undefined },
  { download: null, file: undefined },
  { download: undefined, file: undefined },
])("metadataFromJson() reads the file of $download", ({ download, file }) => {
  assertEquals<unknown>(metadataFromJson({ ...GROUPS, download })?.file, file);
});

Deno.test.each([
  { name: "no groups", document: {} },
  { name: "a build that is a text", document: { build: "20261101090302" } },
  { name: "a build without an id", document: { ...GROUPS, build: { date: "2026-11-01" } } },
  { name: "an id that is no time", document: { ...GROUPS, build: { id: "20261301090302" } } },
])("metadataFromJson() takes $name for no buildhub.json", ({ document }) => {
  assertEquals(metadataFromJson(document), undefined);
});

Deno.test.each([
  {
    path: `${NIGHTLY}-l10n/firefox-159.0a1.fr.win64.installer.exe`,
    buildhub: `${NIGHTLY}/firefox-159.0a1.en-US.win64.buildhub.json`,
  },
  {
    path: "pub/firefox/nightly/2017/05/2017-05-15-10-02-38-mozilla-central/" +
      "firefox-55.0a1.en-US.mac.dmg",
    buildhub: undefined,
  },
  {
    path: "pub/firefox/candidates/157.0-candidates/build2/mac/fr/Firefox 157.0.dmg",
    buildhub: "pub/firefox/candidates/157.0-candidates/build2/mac/en-US/buildhub.json",
  },
  {
    path: "pub/firefox/releases/157.0/mac/fr/Firefox 157.0.dmg",
    buildhub: "pub/firefox/releases/157.0/mac/en-US/buildhub.json",
  },
  { path: "pub/firefox/releases/52.0/mac/fr/Firefox 52.0.dmg", buildhub: undefined },
])("metadataPlace() knows the buildhub.json of $path", ({ path, buildhub }) => {
  const place = metadataPlace(buildAt(path));
  assertEquals("buildhubPath" in place ? place.buildhubPath : undefined, buildhub);
});

Deno.test.each([
  {
    path: "pub/fenix/releases/157.0/android/fenix-157.0-android-arm64-v8a/" +
      "fenix-157.0.multi.android-arm64-v8a.apk",
    id: "fenix_157-0_android-arm64-v8a_multi",
  },
  {
    path: "pub/fenix/releases/157.0.1/android/fenix-157.0.1-android-armeabi-v7a/" +
      "fenix-157.0.1.multi.android-armeabi-v7a.apk",
    id: "fenix_157-0-1_android-armeabi-v7a_multi",
  },
  {
    path: "pub/fenix/candidates/157.0b2-candidates/build1/android/fenix-157.0b2-android-x86/" +
      "fenix-157.0b2.multi.android-x86.apk",
    id: "fenix_beta_157-0b2rc1_android-x86_multi",
  },
  {
    path: "pub/focus/releases/157.0/android/focus-157.0-android-x86/" +
      "focus-157.0.multi.android-x86.apk",
    id: "focus_157-0_android-x86_multi",
  },
  {
    path: "pub/focus/releases/157.0/android/klar-157.0-android-x86/" +
      "klar-157.0.multi.android-x86.apk",
    id: "klar_157-0_android-x86_multi",
  },
  ...["fenix", "focus", "klar"].flatMap((product) =>
    ["", "-arm64-v8a", "-armeabi-v7a", "-x86", "-x86_64"].map((abi) => ({
      path: `pub/${product.replace("klar", "focus")}/nightly/2026/07/` +
        `2026-07-01-09-27-14-${product}-154.0a1-android${abi}/` +
        `${product}-154.0a1.multi.android${abi}.apk`,
      id: `${product}_nightly_2026-07-01-09-27-14_154-0a1_android${abi}_multi`,
    }))
  ),
  {
    path: "pub/fenix/nightly/2026/07/2026-07-01-09-27-14-try/" +
      "fenix-154.0a1.multi.android-x86.apk",
    id: "nightly of another repository",
  },
  {
    path: "pub/firefox/candidates/157.0-candidates/build1/linux-x86_64-asan-reporter/en-US/" +
      "firefox-157.0.tar.xz",
    id: "asan reporter",
  },
  {
    path: "pub/mobile/nightly/2020/01/2020-01-10-09-03-02-mozilla-esr68-android-api-16/" +
      "fennec-68.5a1.multi.android-arm.apk",
    id: "fennec_nightly_2020-01-10-09-03-02_68-5a1_android-api-16_multi",
  },
  {
    path: "pub/firefox/nightly/2020/01/2020-01-10-09-03-02-mozilla-esr68/" +
      "firefox-68.5a1.en-US.mac.dmg",
    id: "nightly of another repository",
  },
  {
    path: "pub/fenix/releases/157.0/fenix-157.0.multi.android-x86.apk",
    id: "not laid out as a android release",
  },
])("classify() reads $path", ({ path, id }) => {
  const verdict = classify(path);
  assertEquals(verdict.kind === "build" ? verdict.id : "reason" in verdict && verdict.reason, id);
});

Deno.test.each([
  { path: "pub/focus/", key: "focus" },
  { path: "pub/focus/releases/1/android/klar-1/klar-1.multi.android-x86.apk", key: "klar" },
  { path: "pub/mobile/releases/", key: "mobile" },
  { path: "pub/vpn/releases/", key: undefined },
])("productAt() of $path is $key", ({ path, key }) => {
  assertEquals(productAt(path)?.key, key);
});
