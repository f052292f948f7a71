import { assertEquals } from "@std/assert";
import { Classifier, classify } from "../../src/builds/classify.ts";
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
)("classify() reads the build %s", (path, id) => {
  const verdict = classify(path);
  assertEquals(verdict.kind === "build" ? verdict.id : verdict, id);
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
    [`${RELEASE}/win64/fr/firefox-60.0.zip`, "zip on Windows"],
    [`${RELEASE}/win64/fr/Firefox Installer.exe`, "stub installer"],
    [`${RELEASE}/win64/fr/Firefox Installer.ca-valencia.exe`, "stub installer"],
    [`${RELEASE}/win64/fr/Firefox Setup Stub 60.0.exe`, "stub installer"],
    [
      "pub/firefox/nightly/2017/04/2017-04-03-00-40-02-mozilla-aurora/firefox-54.0a2.en-US.mac.dmg",
      "nightly of another repository",
    ],
  ] as const,
)("classify() ignores %s: %s", (path, reason) => {
  assertEquals<unknown>(classify(path), { kind: "ignored", reason });
});

Deno.test.each(
  [
    [`${RELEASE}/linux-x86_64/fr/thunderbird-60.0.tar.bz2`, "not named after its product"],
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
)("classify() doesn't know %s: %s", (path, reason) => {
  const verdict = classify(path);
  assertEquals(verdict.kind === "unknown" && verdict.reason, reason);
});

const DOCUMENT = "firefox-57.0a1.en-US.mac";
const BETA = "pub/mobile/candidates/56.0b1-candidates/build1/android-api-15";

Deno.test.each(
  [
    [`${CANDIDATE}/mac/en-US/firefox-60.0.json`, "candidate", "classic"],
    [`${CANDIDATE}/mac/en-US/firefox-60.1.json`, undefined, undefined],
    [`${BETA}/en-US/fennec-56.0b1.en-US.android-arm.json`, "candidate", "classic"],
    [`${BETA}/en-US/fennec-56.0b1.json`, undefined, undefined],
    [`${NIGHTLY}/${DOCUMENT}.json`, "nightly", "classic"],
    [`${NIGHTLY}/${DOCUMENT}.mozinfo.json`, undefined, undefined],
    [`${NIGHTLY}/thunderbird-57.0a1.en-US.mac.json`, undefined, undefined],
    [`${NIGHTLY.replace("/firefox/", "/devedition/")}/${DOCUMENT}.json`, undefined, undefined],
    [`${NIGHTLY}/${DOCUMENT}.buildhub.json`, "nightly", "buildhub"],
    [
      `${NIGHTLY.replace("/firefox/", "/devedition/")}/${DOCUMENT}.buildhub.json`,
      undefined,
      undefined,
    ],
    [`${NIGHTLY}/buildhub.json`, undefined, undefined],
    [`${CANDIDATE}/mac/en-US/buildhub.json`, "candidate", "buildhub"],
    [`${RELEASE}/mac/en-US/buildhub.json`, "release", "buildhub"],
    [`${RELEASE}/mac/fr/buildhub.json`, undefined, undefined],
    ["pub/firefox/nightly/latest-mozilla-central/a.buildhub.json", undefined, undefined],
    ["pub/vpn/releases/1.0/mac/en-US/buildhub.json", undefined, undefined],
  ] as const,
)("classify() takes %s for metadata of a %s, %s", (path, of, form) => {
  const verdict = classify(path);
  const found = verdict.kind === "metadata" ? [verdict.of, verdict.form] : [undefined, undefined];
  assertEquals<unknown>(found, [of, form]);
});

Deno.test("Classifier.classify() decides by folder, and by file where builds may be", () => {
  const classifier = new Classifier(["firefox", "mobile"]);
  const win = "pub/firefox/releases/52.0/win32";
  const decisions: [path: string, reason: string | undefined][] = [
    [`${win}/fr/Firefox Setup 52.0.exe`, undefined],
    [`${win}/fr/SHA512SUMS`, "not an installer"],
    [`${win}/fr/Firefox Setup 52.0.msi`, "repackaging of a build"],
    [`${win}/fr/Firefox Setup 52.0.zip`, "zip on Windows"],
    ["pub/firefox/try-builds/a/firefox-52.0.en-US.win32.exe", "try build"],
    ["pub/firefox/try-builds/a/b/firefox-52.0.en-US.win32.exe", "try build"],
    [`${win}/fr/Firefox Setup 52.0.exe`, undefined],
    [`${win}/fr/deeper/Thing.exe`, "not named after its product"],
    ["pub/thunderbird/releases/52.0/win32/fr/Thunderbird Setup 52.0.exe", "product not asked for"],
    ["pub/calendar/releases/52.0/win32/fr/Calendar Setup 52.0.exe", "unknown product"],
    ["pub/firefox", "not an installer"],
    ["firefox.exe", "unknown product"],
    ["", "not an installer"],
    ["pub/mobile/nightly/latest-mozilla-central/fennec.apk", "alias of the latest build"],
    [
      "pub/thunderbird/candidates/52.0-candidates/build1/mac/en-US/thunderbird-52.0.json",
      "product not asked for",
    ],
  ];
  for (const [path, reason] of [...decisions, ...decisions.toReversed()]) {
    const verdict = classifier.classify(path);
    assertEquals([path, "reason" in verdict ? verdict.reason : undefined], [path, reason]);
  }
});

Deno.test("Classifier.classify() tells products that share a folder apart", () => {
  const folder = "pub/focus/releases/157.0/android/klar-157.0-android-x86";
  const path = `${folder}/klar-157.0.multi.android-x86.apk`;
  const reason = "product not asked for";
  assertEquals<unknown>(new Classifier(["focus"]).classify(path), { kind: "ignored", reason });
  assertEquals(new Classifier(["klar"]).classify(path).kind, "build");
});

Deno.test("EXCLUSIONS give each a reason of their own", () => {
  assertEquals(new Set(EXCLUSIONS.map(({ reason }) => reason)).size, EXCLUSIONS.length);
});
