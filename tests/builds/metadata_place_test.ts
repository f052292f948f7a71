import { assertEquals } from "@std/assert";
import { metadataPath, metadataPlace } from "../../src/builds/metadata_place.ts";
import { buildAt } from "./build_at.ts";

const NIGHTLY = "nightly/2017/05/2017-05-15-10-02-38-mozilla-central";
const CANDIDATES = "candidates/50.0-candidates";

/** Paths after `pub/`. */
Deno.test.each<{ path: string; place: string }>([
  {
    path: `firefox/${NIGHTLY}/firefox-55.0a1.en-US.linux-x86_64.tar.bz2`,
    place: `firefox/${NIGHTLY}/firefox-55.0a1.en-US.linux-x86_64.json`,
  },
  {
    path: `firefox/${NIGHTLY}-l10n/firefox-55.0a1.fr.mac.dmg`,
    place: `firefox/${NIGHTLY}/firefox-55.0a1.en-US.mac.json`,
  },
  {
    path: `firefox/${NIGHTLY}-l10n/firefox-55.0a1.ca-valencia.win32.installer.exe`,
    place: `firefox/${NIGHTLY}/firefox-55.0a1.en-US.win32.json`,
  },
  {
    path: `mobile/${NIGHTLY}-android-api-15/fennec-55.0a1.multi.android-arm.apk`,
    place: `mobile/${NIGHTLY}-android-api-15/fennec-55.0a1.multi.android-arm.json`,
  },
  {
    path: `mobile/${NIGHTLY}-android-api-15-l10n/fennec-55.0a1.fr.android-arm.apk`,
    place: `mobile/${NIGHTLY}-android-api-15/fennec-55.0a1.multi.android-arm.json`,
  },
  {
    path: `firefox/${CANDIDATES}/build1/linux-x86_64/fr/firefox-50.0.tar.bz2`,
    place: `firefox/${CANDIDATES}/build1/linux-x86_64/en-US/firefox-50.0.json`,
  },
  {
    path: `firefox/${CANDIDATES}/build2/mac-EME-free/fr/Firefox 50.0.dmg`,
    place: `firefox/${CANDIDATES}/build2/mac/en-US/firefox-50.0.json`,
  },
  {
    path: `firefox/${CANDIDATES}/build3/funnelcake90/win32/en-US/Firefox Setup 50.0.exe`,
    place: `firefox/${CANDIDATES}/build3/funnelcake90/win32/en-US/firefox-50.0.json`,
  },
  {
    path: "devedition/candidates/54.0b1-candidates/build5/win64/de/Firefox Setup 54.0b1.exe",
    place: "devedition/candidates/54.0b1-candidates/build5/win64/en-US/firefox-54.0b1.json",
  },
  {
    path:
      "mobile/candidates/56.0b1-candidates/build1/android-api-15/fr/fennec-56.0b1.fr.android-arm.apk",
    place:
      "mobile/candidates/56.0b1-candidates/build1/android-api-15/en-US/fennec-56.0b1.en-US.android-arm.json",
  },
  {
    path: "fenix/nightly/2026/07/2026-07-01-09-27-14-fenix-154.0a1-android-x86/" +
      "fenix-154.0a1.multi.android-x86.apk",
    place: "fenix/nightly/2026/07/2026-07-01-09-27-14-fenix-154.0a1-android-x86/buildhub.json",
  },
  {
    path: "firefox/releases/50.0/win32-EME-free/fr/Firefox Setup 50.0.exe",
    place: `firefox/${CANDIDATES}/`,
  },
  {
    path: "firefox/releases/50.0/linux-x86_64/fr/firefox-50.0.tar.bz2",
    place: `firefox/${CANDIDATES}/`,
  },
])("metadataPlace() of $path", ({ path, place }) => {
  assertEquals(metadataPath(metadataPlace(buildAt(`pub/${path}`))), `pub/${place}`);
});

Deno.test.each<{ platform: string; expected: string }>([
  { platform: "win32", expected: "win32" },
  { platform: "win32-EME-free", expected: "win32" },
  { platform: "win32-sha1", expected: "win32" },
  { platform: "mac-EME-free", expected: "mac" },
])("metadataPlace() looks for $platform of a release under $expected", ({ platform, expected }) => {
  const build = buildAt(`pub/firefox/releases/50.0/${platform}/fr/Firefox 50.0.dmg`);
  assertEquals(metadataPlace(build), {
    kind: "release",
    candidatesFolder: `pub/firefox/${CANDIDATES}/`,
    platform: expected,
    filePrefix: "firefox-50.0",
  });
});

Deno.test("metadataPlace() names a nightly's text, of the time before JSON", () => {
  const folder = "pub/firefox/nightly/2010/07/2010-07-04-03-mozilla-central";
  const place = metadataPlace(buildAt(`${folder}/firefox-4.0b2pre.en-US.linux-i686.tar.bz2`));
  assertEquals(
    place.kind === "nightly" && place.textPath,
    `${folder}/firefox-4.0b2pre.en-US.linux-i686.txt`,
  );
});
