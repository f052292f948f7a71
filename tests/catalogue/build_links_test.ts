import { assertEquals } from "@std/assert";
import type { ReleaseRecord } from "../../src/builds/record.ts";
import {
  checksumsUrl,
  crashReportsUrl,
  downloadUrl,
  metadataUrl,
  mozregression,
  pushLogUrl,
} from "../../src/catalogue/app/build_links.ts";
import { conformanceRecords } from "../conformance.ts";

const ARCHIVE = "https://archive.mozilla.org/";

/** A build of Firefox 54.0; or what of it differs. */
function build(
  { path = "pub/firefox/releases/54.0/win64/fr/Firefox Setup 54.0.exe", ...changes }: {
    path?: string;
    product?: string;
    channel?: string;
    platform?: string;
    tree?: string;
    revision?: string;
    id?: string;
  } = {},
): ReleaseRecord {
  const { tree = "releases/mozilla-release", id = "20170608105825" } = changes;
  return {
    id: "firefox_54-0_win64_fr",
    source: {
      product: changes.product ?? "firefox",
      repository: `https://hg.mozilla.org/${tree}`,
      tree,
      revision: changes.revision ?? "e832ed037a3c",
    },
    target: {
      platform: changes.platform ?? "win64",
      os: "win",
      locale: "fr",
      version: "54.0",
      channel: changes.channel ?? "release",
    },
    download: { url: ARCHIVE + path, mimetype: "application/msdos-windows" },
    build: { id, date: "2017-06-08T10:58:25Z", number: 3 },
  } as ReleaseRecord;
}

Deno.test.each([
  { path: "pub/a/Firefox Setup 135.0.exe", encoded: "pub/a/Firefox%20Setup%20135.0.exe" },
  { path: "pub/a/100% (1).exe", encoded: "pub/a/100%25%20(1).exe" },
  { path: "pub/a/b[1]{2}.exe", encoded: "pub/a/b%5B1%5D%7B2%7D.exe" },
  { path: 'pub/a/"é"?#.exe', encoded: "pub/a/%22%C3%A9%22%3F%23.exe" },
  { path: "pub/a/firefox-1.0+xft.tar.gz", encoded: "pub/a/firefox-1.0+xft.tar.gz" },
])("downloadUrl encodes $path", ({ path, encoded }) => {
  assertEquals(downloadUrl(build({ path })), ARCHIVE + encoded);
});

Deno.test.each(["javascript:alert(1)", "", "https://", "ftp://a/b"])(
  "downloadUrl has none for %j",
  (url) => {
    assertEquals(downloadUrl({ ...build(), download: { ...build().download, url } }), undefined);
  },
);

Deno.test("downloadUrl gives each worked case a URL that curl takes", async () => {
  for (const record of (await conformanceRecords(ARCHIVE)).values()) {
    const url = downloadUrl(record)!;
    assertEquals(/^[\w\-.~:/%+]+$/.test(url), true, url);
    assertEquals(decodeURIComponent(url), record.download.url);
  }
});

Deno.test.each([
  {
    path: "pub/firefox/releases/54.0/win64/fr/Firefox Setup 54.0.exe",
    checksums: "pub/firefox/releases/54.0/SHA256SUMS",
    metadata: "pub/firefox/candidates/54.0-candidates/build3/win64/en-US/firefox-54.0.json",
  },
  {
    path: "pub/firefox/releases/135.0/win64/fr/Firefox Setup 135.0.exe",
    checksums: "pub/firefox/releases/135.0/SHA256SUMS",
    metadata: "pub/firefox/releases/135.0/win64/en-US/buildhub.json",
  },
  {
    path: "pub/firefox/candidates/54.0-candidates/build2/win64/fr/Firefox Setup 54.0.exe",
    checksums: "pub/firefox/candidates/54.0-candidates/build2/SHA256SUMS",
    metadata: "pub/firefox/candidates/54.0-candidates/build2/win64/en-US/firefox-54.0.json",
  },
  {
    path:
      "pub/firefox/nightly/2017/06/2017-06-21-03-02-04-mozilla-central-l10n/firefox-56.0a1.fr.win64.installer.exe",
    checksums: undefined,
    metadata:
      "pub/firefox/nightly/2017/06/2017-06-21-03-02-04-mozilla-central/firefox-56.0a1.en-US.win64.json",
  },
  { path: "elsewhere/a.exe", checksums: undefined, metadata: undefined },
])("checksumsUrl and metadataUrl of $path", ({ path, checksums, metadata }) => {
  assertEquals(checksumsUrl(build({ path })), checksums && ARCHIVE + checksums);
  assertEquals(metadataUrl(build({ path })), metadata && ARCHIVE + metadata);
});

Deno.test.each([
  { product: "firefox", name: "Firefox" },
  { product: "devedition", name: "Firefox" },
  { product: "fennec", name: "Fennec" },
])("crashReportsUrl: reports of $product have the product $name", ({ product, name }) => {
  assertEquals(
    crashReportsUrl(build({ product })),
    `https://crash-stats.mozilla.org/search/?build_id=20170608105825&product=${name}`,
  );
});

Deno.test.each([
  {
    name: "of one repository",
    from: build({ revision: "aaaa" }),
    url:
      "https://hg.mozilla.org/releases/mozilla-release/pushloghtml?fromchange=aaaa&tochange=e832ed037a3c",
  },
  { name: "of two repositories", from: build({ tree: "mozilla-central", revision: "aaaa" }) },
  { name: "of one changeset", from: build() },
])("pushLogUrl between builds $name", ({ from, url }) => {
  assertEquals(pushLogUrl(from, build()), url);
});

const NIGHTLY = { channel: "nightly", tree: "mozilla-central", id: "20170621030204" };

Deno.test.each([
  {
    name: "a nightly",
    from: build({ ...NIGHTLY, id: "20170620030203" }),
    to: build(NIGHTLY),
    command: "mozregression --good 20170620030203 --bad 20170621030204",
  },
  {
    name: "the first nightly",
    from: undefined,
    to: build({ ...NIGHTLY, product: "thunderbird" }),
    command: "mozregression --app thunderbird --launch 20170621030204",
  },
  {
    name: "an old nightly",
    from: undefined,
    to: build({ ...NIGHTLY, id: "2010051503" }),
    command: "mozregression --launch 2017-06-08",
  },
  {
    name: "a release",
    from: build({ revision: "aaaa" }),
    to: build(),
    command: "mozregression --repo mozilla-release --good aaaa --bad e832ed037a3c",
  },
  {
    name: "a product that needs an architecture",
    from: undefined,
    to: build({ ...NIGHTLY, product: "fenix", platform: "android-arm64-v8a" }),
    command: "mozregression --app fenix --arch arm64-v8a --launch 20170621030204",
  },
  { name: "an unknown product", from: undefined, to: build({ product: "klar" }) },
  { name: "a hostile revision", from: undefined, to: build({ revision: "a;reboot" }) },
])("mozregression for $name", ({ from, to, command }) => {
  assertEquals(mozregression(from, to), command);
});
