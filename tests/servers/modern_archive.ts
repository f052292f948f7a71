import type { ArchiveFile } from "../../src/demo/archive_tree.ts";
import {
  buildhubDocument,
  classicDocument,
  type SampleBuild,
} from "../../src/demo/sample_metadata.ts";
import { hexOf, numberOf } from "../../src/demo/sample_numbers.ts";

/** A build that {@linkcode modernArchive} holds, and what its record must say. */
export interface ExpectedBuild {
  id: string;
  path: string;
  size: number;
  date: string;
  buildId: string;
  revision: string;
  number?: number;
  target: { platform: string; locale: string; version: string; channel: string };
}

/** How large the tree is. */
export interface ModernArchiveOptions {
  /** @default {[120, 140]} */
  versions?: [first: number, last: number];
  /** @default {LOCALES} */
  locales?: readonly string[];
}

/** Twenty, odd ones among them. */
export const LOCALES: readonly string[] = (
  "ach af ca ca-valencia de en-US es-AR fr fy-NL hsb ja ja-JP-mac ko nb-NO pt-BR son sv-SE " +
  "uk zh-CN zh-TW"
).split(" ");

const PLATFORMS = ["linux-i686", "linux-x86_64", "mac", "win32", "win64", "win64-aarch64"];

/** Candidates' own documents are gone after a year; `buildhub.json` stays. */
const FIRST_BUILDHUB_ONLY = 130;

/**
 * An archive as of today: releases and their candidates, with classic documents and, for the newer
 * versions, with `buildhub.json` alone; nightlies of both kinds, with localized ones; and around
 * them the folders that hold no builds. Always the same.
 */
export function modernArchive(
  { versions: [first, last] = [120, 140], locales = LOCALES }: ModernArchiveOptions = {},
): { files: ArchiveFile[]; builds: Map<string, ExpectedBuild> } {
  const files: ArchiveFile[] = [];
  const builds = new Map<string, ExpectedBuild>();
  const put = (path: string, time: number, body?: string) => {
    const size = body?.length ?? sizeOf(path);
    const last_modified = new Date(time).toISOString().replace(/\.\d+/, "");
    files.push({ path, size, last_modified, ...body !== undefined && { body } });
    return { path, size, date: last_modified };
  };
  const buildhub = (
    described: SampleBuild,
    { path, time, number }: { path: string; time: number; number?: number },
  ) => {
    const builtAt = new Date(time).toISOString().replace(/\.\d+Z/, ".559307+00:00");
    return buildhubDocument(described, { path, size: sizeOf(path), number, builtAt });
  };
  const build = (
    { path, time, id, ...expected }: Omit<ExpectedBuild, "size" | "date"> & { time: number },
  ) => {
    if (builds.has(id)) throw new Error(`${id} is made twice`);
    builds.set(id, { id, ...expected, ...put(path, time) });
  };

  for (let major = first; major <= last; major++) {
    const version = `${major}.0`;
    const tree = "releases/mozilla-release";
    const day = Date.UTC(2023, 10, 21) + (major - 120) * 28 * DAY_MS;
    const buildId = digitsOf(day + 9 * HOUR_MS + major * 1000);
    const of = { app: "firefox", version, channel: "release", tree, buildId };
    const revision = hexOf(`firefox ${tree} ${buildId}`, 40);
    const platforms = major < 136 ? PLATFORMS : [...PLATFORMS, "linux-aarch64"];
    const places = [
      {
        root: `pub/firefox/candidates/${version}-candidates/build2/`,
        made: `${version}rc2`,
        time: day,
      },
      { root: `pub/firefox/releases/${version}/`, made: version, time: day + 5 * DAY_MS },
    ];
    put(
      `pub/firefox/candidates/${version}-candidates/build1/win32/fr/Firefox Setup ${version}.txt`,
      day,
    );
    for (const { root, made, time } of places) {
      for (const platform of platforms) {
        const target = { platform: platform.replace("mac", "macosx"), version: made };
        for (const locale of locales) {
          const path = `${root}${platform}/${locale}/${installerName(major, platform)}`;
          const id = `firefox_${made}_${target.platform}_${locale}`.replaceAll(".", "-");
          const expected = { buildId, revision, number: 2, time, path, id: id.toLowerCase() };
          build({ ...expected, target: { ...target, locale, channel: "release" } });
          put(`${path}.asc`, time);
          put(`${root}update/${platform}/${locale}/firefox-${version}.complete.mar`, time);
          if (made === version) {
            if (locale !== "en-US") continue;
            const body = buildhub({ ...of, platform }, { path, time, number: 2 });
            put(`${root}${platform}/en-US/buildhub.json`, time, body);
            continue;
          }
          put(
            `${root}beetmover-checksums/${platform}/${locale}/firefox-${version}.checksums`,
            time,
          );
          if (locale !== "en-US") continue;
          const described = { ...of, platform };
          const folder = `${root}${platform}/en-US/`;
          put(
            `${folder}buildhub.json`,
            time,
            buildhub(described, { path, time, number: 2 }),
          );
          put(`${folder}firefox-${version}.common.tests.tar.gz`, time);
          if (major >= FIRST_BUILDHUB_ONLY) continue;
          put(`${folder}firefox-${version}.json`, time, classicDocument(described));
        }
        put(`${root}${platform}/xpi/fr.xpi`, time);
      }
      put(`${root}source/firefox-${version}.source.tar.xz`, time);
      put(`${root}jsshell/jsshell-mac.zip`, time);
      put(`${root}mar-tools/win32/mar.exe`, time);
      put(`${root}partner-repacks/acer/v1/win32/en-US/Firefox Setup ${version}.exe`, time);
      put(`${root}SHA256SUMS`, time);
    }
    for (const [index, branch] of ["mozilla-central", "mozilla-central", "oak"].entries()) {
      const time = day + (3 + index * 7) * DAY_MS + 9 * HOUR_MS;
      const stamp = digitsOf(time);
      const made = `${major + 2}.0a1`;
      const dated = stamp.replace(/(....)(..)(..)(..)(..)(..)/, "$1-$2-$3-$4-$5-$6");
      const [year, month] = dated.split("-");
      const folder = `pub/firefox/nightly/${year}/${month}/${dated}-${branch}`;
      const nightly = { ...of, version: made, channel: "nightly", tree: branch, buildId: stamp };
      const revision = hexOf(`firefox ${branch} ${stamp}`, 40);
      for (const platform of platforms) {
        const target = { platform: platform.replace("mac", "macosx"), version: made };
        const suffix = nightlySuffix(major, platform);
        const stem = `${folder}/firefox-${made}.en-US.${platform}`;
        for (const locale of locales) {
          const place = locale === "en-US" ? folder : `${folder}-l10n`;
          const path = `${place}/firefox-${made}.${locale}.${platform}${suffix}`;
          const id = `firefox_nightly_${dated}_${made}_${target.platform}_${locale}`
            .replaceAll(".", "-").toLowerCase();
          put(`${place}/firefox-${made}.${locale}.${platform}.complete.mar`, time);
          if (branch !== "mozilla-central") {
            put(path, time);
            continue;
          }
          const expected = { buildId: stamp, revision, time, path, id };
          build({ ...expected, target: { ...target, locale, channel: "nightly" } });
        }
        const described = { ...nightly, platform };
        const path = stem + suffix;
        put(
          `${stem}.buildhub.json`,
          time,
          buildhub(described, { path, time }),
        );
        if (major < FIRST_BUILDHUB_ONLY) put(`${stem}.json`, time, classicDocument(described));
      }
      put(`${folder}/mar-tools/win32/mar.exe`, time);
    }
  }
  put("pub/firefox/releases/latest/README.txt", 0);
  put("pub/firefox/nightly/latest-mozilla-central/firefox-1.0a1.en-US.mac.dmg", 0);
  put("pub/vpn/releases/2.33.0/mac/MozillaVPN.pkg", 0);
  put("pub/thunderbird/releases/README", 0);
  put("pub/devedition/releases/README", 0);
  put("pub/mobile/releases/README", 0);
  return { files, builds };
}

function sizeOf(path: string): number {
  return 1_000 + numberOf(path, 80_000_000);
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

function digitsOf(time: number): string {
  return new Date(time).toISOString().replace(/\D/g, "").slice(0, 14);
}

function installerName(major: number, platform: string): string {
  if (platform.startsWith("win")) return `Firefox Setup ${major}.0.exe`;
  if (platform === "mac") return `Firefox ${major}.0.dmg`;
  return `firefox-${major}.0.${major < 135 ? "tar.bz2" : "tar.xz"}`;
}

function nightlySuffix(major: number, platform: string): string {
  if (platform.startsWith("win")) return ".installer.exe";
  return platform === "mac" ? ".dmg" : major < 133 ? ".tar.bz2" : ".tar.xz";
}
