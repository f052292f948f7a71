import { assertEquals } from "@std/assert";
import { buildFrom } from "../../src/builds/build_url.ts";
import { EXCLUSIONS } from "../../src/builds/exclusions.ts";

const NIGHTLY = "pub/firefox/nightly/2017/08/2017-08-25-10-01-26-mozilla-central";
const RELEASE = "pub/firefox/releases/60.0";
const CANDIDATE = "pub/firefox/candidates/60.0-candidates/build2";

Deno.test.each(
  [
    [
      `${NIGHTLY}/firefox-57.0a1.en-US.mac.dmg`,
      "firefox_nightly_2017-08-25-10-01-26_57-0a1_macosx_en-us",
    ],
    [
      `${NIGHTLY}-l10n/firefox-57.0a1.ja-JP-mac.mac.dmg`,
      "firefox_nightly_2017-08-25-10-01-26_57-0a1_macosx_ja-jp-mac",
    ],
    [
      `${NIGHTLY}-l10n/firefox-57.0a1.ca-valencia.win64.installer.exe`,
      "firefox_nightly_2017-08-25-10-01-26_57-0a1_win64_ca-valencia",
    ],
    [
      `${NIGHTLY}/firefox-57.0a1.en-US.win64-aarch64.installer.exe`,
      "firefox_nightly_2017-08-25-10-01-26_57-0a1_win64-aarch64_en-us",
    ],
    [`${CANDIDATE}/mac/fr/Firefox 60.0.dmg`, "firefox_60-0rc2_macosx_fr"],
    [
      "pub/firefox/candidates/60.0-candidates/build11/mac/fr/Firefox 60.0.dmg",
      "firefox_60-0rc11_macosx_fr",
    ],
    [
      "pub/devedition/releases/60.0b3/win64/fr/Firefox Setup 60.0b3.exe",
      "devedition_aurora_60-0b3_win64_fr",
    ],
    [`${RELEASE}/linux-aarch64/sv-SE/firefox-60.0.tar.xz`, "firefox_60-0_linux-aarch64_sv-se"],
    [
      "pub/thunderbird/releases/60.0esr/mac/fr/Thunderbird 60.0esr.dmg",
      "thunderbird_esr_60-0esr_macosx_fr",
    ],
    [
      "pub/mobile/releases/39.0b5/android-api-9/sl/fennec-39.0b5.sl.android-arm.apk",
      "fennec_beta_39-0b5_android-api-9_sl",
    ],
    ["pub/mobile/releases/5.0/maemo5/multi/fennec-5.0.multi.tar.gz", "fennec_5-0_maemo5_multi"],
  ] as const,
)("buildFrom() reads %s", (path, id) => {
  const build = buildFrom(path, "http://archive/");
  assertEquals("record" in build ? build.record.id : build.reason, id);
});

Deno.test.each(
  [
    ["favicon.ico", "not an installer"],
    ["", "not an installer"],
    ["pub/", "not an installer"],
    [`${RELEASE}/linux-x86_64/fr/`, "not an installer"],
    [`${RELEASE}/linux-x86_64/fr/firefox-60.0.tar.bz2.asc`, "not an installer"],
    [`${RELEASE}/linux-x86_64/fr/firefox-60.0.tar`, "not an installer"],
    [`${RELEASE}/linux-x86_64/fr/firefox-60.0.deb`, "repackaging of a build"],
    [`${RELEASE}/win64/fr/Firefox Setup 60.0.msix`, "repackaging of a build"],
    ["pub/calendar/lightning/releases/4.7/linux/lightning.zip", "unknown product"],
    [`${RELEASE}/linux-x86_64/fr/thunderbird-60.0.tar.bz2`, "not named after its product"],
    [`${RELEASE}/win64/fr/firefox-60.0.zip`, "zip on Windows"],
    [`${RELEASE}/win64/fr/Firefox Installer.exe`, "stub installer"],
    [`${RELEASE}/win64/fr/Firefox Installer.ca-valencia.exe`, "stub installer"],
    [`${RELEASE}/win64/fr/Firefox Setup Stub 60.0.exe`, "stub installer"],
    [
      "pub/firefox/nightly/2017/04/2017-04-03-00-40-02-mozilla-aurora/firefox-54.0a2.en-US.mac.dmg",
      "nightly of another repository",
    ],
    [`${CANDIDATE}/fr/firefox-60.0.tar.bz2`, "unknown operating system"],
    [
      "pub/firefox/candidates/60.0-candidates/mac/fr/Firefox 60.0.dmg",
      "not laid out as a candidate",
    ],
    ["pub/firefox/releases/60.0/firefox-60.dmg", "not laid out as a flat release"],
    [`${RELEASE}/solaris/fr/firefox-60.0.tar.bz2`, "unknown operating system"],
    [`${RELEASE}/darwin/fr/firefox-60.0.tar.bz2`, "implausible platform"],
    [`${RELEASE}/mac/1234/Firefox 60.0.dmg`, "implausible locale"],
    ["pub/firefox/releases/sixty/mac/fr/Firefox 60.0.dmg", "implausible version"],
  ] as const,
)("buildFrom() ignores %s: %s", (path, reason) => {
  const build = buildFrom(path, "http://archive/");
  assertEquals("reason" in build ? build.reason : build.record.id, reason);
});

Deno.test("buildFrom() says of files that no rule knows that they are unknown", () => {
  const known = buildFrom(`${RELEASE}/win64/fr/Firefox Installer.exe`, "http://archive/");
  const unknown = buildFrom(`${RELEASE}/riscv/fr/firefox-60.0.tar.bz2`, "http://archive/");
  assertEquals(["unknown" in known, "unknown" in unknown], [false, true]);
});

Deno.test("buildFrom() matches rules against the path, not against the archive's own name", () => {
  const build = buildFrom(`${RELEASE}/mac/fr/Firefox 60.0.dmg`, "http://latest-windows-testing/");
  assertEquals("record" in build && build.record.target.channel, "release");
});

Deno.test("EXCLUSIONS give each a reason of their own", () => {
  assertEquals(new Set(EXCLUSIONS.map(({ reason }) => reason)).size, EXCLUSIONS.length);
});
