import { assertEquals } from "@std/assert";
import { classify } from "../../src/builds/classify.ts";
import { classifyFolder } from "../../src/builds/classify_folder.ts";
import { sampleArchive } from "../../src/demo/sample_archive.ts";
import { readTree } from "../servers/conformance_tree.ts";
import { modernArchive } from "../servers/modern_archive.ts";
import { foldersOf, isAtOddPlace } from "./odd_place.ts";

/** The same numbers on every machine: mulberry32. */
function randomFrom(seed: number): (end: number) => number {
  return (end) => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), seed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % end;
  };
}

const OWN = [
  "pub/firefox/releases/56.0.1-funnelcake131/v1/win64/en-US/Firefox Setup 56.0.1.exe",
  "pub/firefox/releases/1.0rc1/firefox-1.0rc1.ca-AD.linux-i686.installer.tar.gz",
  "pub/firefox/candidates/49.0-candidates/build3/funnelcake90/win32/en-US/Firefox Setup 49.0.exe",
  "pub/fenix/releases/157.0/android/fenix-157.0-android-x86/fenix-157.0.multi.android-x86.apk",
  "pub/focus/candidates/157.0-candidates/build1/android/klar-157.0-android-x86/klar-157.0.multi.android-x86.apk",
  "pub/fenix/nightly/2026/07/2026-07-01-09-27-14-fenix-154.0a1-android-arm64-v8a/fenix-154.0a1.multi.android-arm64-v8a.apk",
  "pub/focus/nightly/2026/07/2026-07-01-09-27-14-klar-154.0a1-android/klar-154.0a1.multi.android.apk",
  "pub/mobile/nightly/2020/01/2020-01-10-09-03-02-mozilla-esr68-android-api-16/fennec-68.5a1.multi.android-arm.apk",
];

Deno.test("classifyFolder() ignores no folder on the way to a build", async () => {
  const { files } = modernArchive({ versions: [129, 131], locales: ["en-US", "ca-valencia"] });
  const known = [
    ...[...await readTree(), ...sampleArchive(), ...files].map(({ path }) => path),
    ...OWN,
  ];
  const parts = [...new Set(known.flatMap((path) => path.split("/")))];
  const random = randomFrom(7);
  const pick = <T>(items: readonly T[]): T => items[random(items.length)]!;
  const changed = (path: string): string => {
    const segments = path.split("/");
    for (let times = 1 + random(3); times > 0; times--) {
      const at = 1 + random(segments.length - 1);
      const other = pick([() => pick(parts), () => pick(pick(known).split("/"))])();
      segments.splice(at, random(3) === 0 ? 0 : 1, ...random(4) === 0 ? [] : [other]);
    }
    return segments.join("/");
  };
  let builds = 0;
  const check = (path: string) => {
    if (classify(path).kind !== "build" || isAtOddPlace(path)) return;
    builds++;
    for (const folder of foldersOf(path)) {
      assertEquals(classifyFolder(folder).kind, "open", `${folder} of ${path}`);
    }
  };
  known.forEach(check);
  const accepted = known.filter((path) => classify(path).kind === "build");
  for (let times = 0; times < 300_000; times++) check(changed(pick(accepted)));
  assertEquals(builds > 20_000, true, `${builds} builds`);
});

Deno.test.each(
  [
    ["pub/vpn/", "unknown product"],
    ["pub/firefox/tinderbox-builds/", "tinderbox build"],
    ["pub/firefox/nightly/latest-mozilla-central/", "alias of the latest build"],
    [
      "pub/firefox/nightly/2017/04/2017-04-03-00-40-02-mozilla-aurora/",
      "nightly of another repository",
    ],
    [
      "pub/firefox/nightly/2017/04/2017-04-03-00-40-02-mozilla-central/mar-tools/",
      "update tools",
    ],
    ["pub/firefox/releases/60.0/source/", "unknown operating system"],
    ["pub/firefox/releases/60.0/update/", "unknown operating system"],
    ["pub/firefox/releases/60.0/mac/1234/", "implausible locale"],
    ["pub/firefox/releases/sixty/mac/", "implausible version"],
    ["pub/firefox/candidates/60.0/", "not laid out as a candidate"],
    ["pub/firefox/candidates/60.0-candidates/logs/", "not laid out as a candidate"],
    [
      "pub/firefox/candidates/60.0-candidates/build1/beetmover-checksums/",
      "unknown operating system",
    ],
    ["pub/firefox/candidates/60.0-candidates/build1/partner-repacks/", "partner repack"],
    [
      "pub/firefox/candidates/60.0-candidates/build1/linux-x86_64-asan-reporter/",
      "asan reporter",
    ],
    [
      "pub/firefox/nightly/2026/07/2026-07-01-09-27-14-fenix-154.0a1-android/",
      "nightly of another repository",
    ],
    ["pub/fenix/nightly/2026/07/2026-07-01-09-27-14-try/", "nightly of another repository"],
    ["pub/fenix/nightly/2026/07/2026-07-01-09-27-14-fenix-154.0a1-android-x86/", undefined],
    ["pub/focus/nightly/2026/07/2026-07-01-09-27-14-klar-154.0a1-android-x86_64/", undefined],
    ["pub/fenix/releases/157.0/docs/", "not laid out as an android release"],
    ["pub/firefox/releases/60.0/", undefined],
    ["pub/firefox/candidates/60.0-candidates/build1/linux-aarch64/", undefined],
    ["pub/firefox/nightly/2017/", undefined],
  ] as const,
)("classifyFolder() says of %s: %s", (folder, reason) => {
  const verdict = classifyFolder(folder);
  assertEquals(verdict.kind === "ignored" ? verdict.reason : undefined, reason);
});
