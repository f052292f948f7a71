import { assertEquals } from "@std/assert";
import { classify } from "../../src/builds/classify.ts";

const RELEASE = "pub/firefox/releases/150.0/linux-riscv64/fr";
const NIGHTLY = "pub/firefox/nightly/2026/05/2026-05-15-10-02-38";
const LARGE = 90_000_000;

Deno.test.each([
  { name: "another compression", path: `${RELEASE}/firefox-150.0.tar.zst`, is: true },
  { name: "AppImage", path: `${RELEASE}/firefox-150.0.AppImage`, is: true },
  { name: "a small flatpak", path: `${RELEASE}/firefox.flatpak`, sizeBytes: 900, is: true },
  { name: "a snap", path: `${RELEASE}/firefox_150.0_amd64.snap`, is: true },
  { name: "appx", path: `${RELEASE}/Firefox 150.0.appx`, is: true },
  { name: "rpm", path: `${NIGHTLY}-mozilla-central/firefox-155.0a1.en-US.rpm`, is: true },
  { name: "an unknown extension", path: `${RELEASE}/firefox-150.0.xyz`, is: true },
  { name: "no extension, large", path: `${RELEASE}/firefox-installer`, is: true },
  { name: "an installer of another name", path: `${RELEASE}/Nightly Setup 150.0.exe`, is: true },
  { name: "no extension, small", path: `${RELEASE}/SHA512SUMS`, sizeBytes: 900, is: false },
  { name: "small and unknown", path: `${RELEASE}/firefox-150.0.xyz`, sizeBytes: 900, is: false },
  { name: "a signature", path: `${RELEASE}/firefox-150.0.tar.zst.asc`, is: false },
  { name: "an update", path: `${RELEASE}/firefox-150.0.complete.mar`, is: false },
  { name: "a language pack", path: `${RELEASE}/xpi/fr.xpi`, is: false },
  { name: "a log", path: `${RELEASE}/firefox-150.0.log.gz`, is: false },
  { name: "a JavaScript shell", path: `${RELEASE}/jsshell-linux-riscv64.zip`, is: false },
  { name: "tests", path: `${RELEASE}/firefox-150.0.common.tests.tar.zst`, is: false },
  { name: "sources", path: `${RELEASE}/firefox-150.0.source.tar.zst`, is: false },
  { name: "another product", path: "pub/seamonkey/releases/9/a.tar.zst", is: false },
  { name: "a try build", path: "pub/firefox/try-builds/a/firefox-150.0.tar.zst", is: false },
  { name: "a nightly of a project", path: `${NIGHTLY}-oak/firefox-150.0a1.tar.zst`, is: false },
  { name: "a repackaging", path: `${RELEASE}/firefox-150.0.deb`, is: false },
  { name: "a build", path: `${RELEASE}/firefox-150.0.tar.xz`, is: false },
  { name: "nothing", path: "", is: false },
])("classify() of $name is unknown: $is", ({ path, sizeBytes = LARGE, is }) => {
  assertEquals(classify(path, sizeBytes).kind === "unknown", is);
});

Deno.test("classify() knows the shape of what it doesn't know, and its kind without a size", () => {
  assertEquals<unknown>(classify(`${RELEASE}/firefox-150.0.tar.zst`), {
    kind: "unknown",
    reason: "not an installer",
    shape: "firefox/releases/*/linux-riscv64/*/*.tar.zst",
  });
  assertEquals(classify(`${RELEASE}/firefox-150.0.xyz`).kind, "ignored");
});
