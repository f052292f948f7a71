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

Deno.test("explain of nothing says nothing", async () => {
  assertEquals(await buildhub(["explain"], { stdin: "" }), { code: 0, stdout: "", stderr: "" });
});
