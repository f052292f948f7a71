import { assertEquals } from "@std/assert";
import { buildhub } from "../buildhub.ts";

const BUILD = "https://archive.mozilla.org/pub/firefox/releases/52.0/mac/fr/Firefox 52.0.dmg";

Deno.test("explain --json prints one object a line, whatever the lines are like", async () => {
  const stdin = `${BUILD}\r\n\n  \nhttps://example.com/\npub/firefox/%FF\nno newline`;
  const { code, stdout } = await buildhub(["explain", "--json"], { stdin });
  const lines = stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  assertEquals(code, 0);
  assertEquals(lines.map(({ url, kind, reason }) => [url, kind, reason]), [
    [BUILD, "build", "release"],
    ["https://example.com/", "ignored", "not under https://archive.mozilla.org/"],
    ["pub/firefox/%FF", "ignored", "not an installer"],
    ["no newline", "ignored", "not under https://archive.mozilla.org/"],
  ]);
});

Deno.test("explain tells people where a build's metadata would be", async () => {
  const { stdout } = await buildhub(["explain", BUILD]);
  assertEquals(
    stdout,
    `${BUILD}
  build: release
  id        firefox_52-0_macosx_fr
  product   firefox 52.0, channel release
  target    macosx, fr
  metadata  https://archive.mozilla.org/pub/firefox/candidates/52.0-candidates/
`,
  );
});

Deno.test.each([
  {
    path: "pub/firefox/candidates/157.0b3-candidates/build1/win64/en-US/buildhub.json",
    kind: "candidate-metadata",
    reason: "metadata of a candidate, as a buildhub.json",
  },
  {
    path: "pub/firefox/releases/157.0/win64/en-US/buildhub.json",
    kind: "release-metadata",
    reason: "metadata of a release, as a buildhub.json",
  },
  {
    path: "pub/firefox/nightly/2026/11/2026-11-23-09-27-14-mozilla-central/" +
      "firefox-157.0a1.en-US.win64.buildhub.json",
    kind: "nightly-metadata",
    reason: "metadata of a nightly, as a buildhub.json",
  },
  {
    path: "pub/firefox/candidates/55.0b12-candidates/build1/mac/en-US/firefox-55.0b12.json",
    kind: "candidate-metadata",
    reason: "metadata of a candidate",
  },
  {
    path: "pub/firefox/releases/150.0/haiku/fr/firefox-150.0.tar.xz",
    kind: "ignored",
    reason: "no rule knows this file: unknown operating system",
  },
])("explain --json says $kind of $path", async ({ path, kind, reason }) => {
  const { stdout } = await buildhub(["explain", "--json", path]);
  const expected = { url: path, kind, reason, record: null, metadataUrl: null };
  assertEquals(JSON.parse(stdout), expected);
});

Deno.test("explain of nothing says nothing", async () => {
  assertEquals(await buildhub(["explain"], { stdin: "" }), { code: 0, stdout: "", stderr: "" });
});

Deno.test.each([
  BUILD,
  BUILD.replace("https:", "http:"),
  BUILD.replaceAll(" ", "%20"),
  "pub/firefox/releases/52.0/mac/fr/Firefox 52.0.dmg",
  "/pub/firefox/releases/52.0/mac/fr/Firefox 52.0.dmg",
  "pub/firefox/releases/52.0/mac/fr/Firefox+52.0.dmg",
])("explain knows the build at %s", async (text) => {
  const { stdout } = await buildhub(["explain", "--json", text]);
  const { url, record } = JSON.parse(stdout);
  assertEquals([url, record.id, record.download.url], [text, "firefox_52-0_macosx_fr", BUILD]);
});
