import { createGzip } from "node:zlib";
import { createWriteStream } from "node:fs";
import { once } from "node:events";
import type { ArchiveFile } from "../../src/demo/archive_tree.ts";

const PLATFORMS = ["linux-x86_64", "linux-i686", "mac", "win32"];
const EXTENSIONS = ["complete.mar", "tar.bz2.asc", "txt", "checksums", "langpack.xpi"];

/** Writes an inventory of `rows` rows, none of them a build, 40 % only known by more than a suffix. */
export async function writeNoBuilds(path: string, rows: number): Promise<void> {
  await writeGzip(path, noBuilds(rows));
}

/** Writes an inventory of which 3 % are builds. @returns the files that the archive must serve */
export async function writeSomeBuilds(path: string, rows: number): Promise<ArchiveFile[]> {
  const files: ArchiveFile[] = [];
  const builds = buildLines(rows * 0.03, files);
  const others = noBuilds(rows);
  function* mixed() {
    let written = 0;
    for (const folder of builds) {
      yield folder.join("");
      written += folder.length;
      for (let i = folder.length * 32; i > 0 && written < rows; i--, written++) {
        yield others.next().value!;
      }
    }
    for (; written < rows; written++) yield others.next().value!;
  }
  await writeGzip(path, mixed());
  return files;
}

function* noBuilds(rows: number): Generator<string> {
  for (let row = 0, folder = 0; row < rows; folder++) {
    const tree = folder % 2 === 0
      ? `tinderbox-builds/mozilla-inbound-linux64/${1_400_000_000 + folder * 977}`
      : `try-builds/dev${folder % 977}@mozilla.com-${
        folder.toString(16).padStart(12, "0")
      }/try-linux64`;
    for (let file = 0; file < 5 + folder % 55 && row < rows; file++, row++) {
      const extension = row * 7919 % 100 < 40 ? "tar.bz2" : EXTENSIONS[file % EXTENSIONS.length];
      const name = `firefox-${30 + file % 40}.0a1.en-US.linux-x86_64.${extension}`;
      yield line(`pub/firefox/${tree}/${name}`, 1000 + row * 7919 % 90_000_000);
    }
  }
}

/** The lines of one folder at a time: two thirds nightlies, a third releases. */
function* buildLines(builds: number, files: ArchiveFile[]): Generator<string[]> {
  let written = 0;
  for (let day = 0; written < builds * 2 / 3; day++) {
    const date = new Date(Date.UTC(2010, 0, 1, 3, 2, day) + day * 86_400_000).toISOString();
    const stamp = date.slice(0, 19).replaceAll(/[T:]/g, "-");
    const folder = `pub/firefox/nightly/${date.slice(0, 4)}/${date.slice(5, 7)}/${stamp}`;
    for (const [suffix, locale] of [["", "en-US"], ["-l10n", "fr"]] as const) {
      const names = PLATFORMS.map((platform) =>
        `${folder}-mozilla-central${suffix}/firefox-55.0a1.${locale}.${platform}.` +
        (platform === "win32" ? "installer.exe" : platform === "mac" ? "dmg" : "tar.bz2")
      );
      yield names.map((name) => line(name, 48_015_500));
      written += names.length;
    }
    for (const platform of PLATFORMS) {
      const name = `firefox-55.0a1.en-US.${platform}.json`;
      files.push(document(`${folder}-mozilla-central/${name}`, stamp.replaceAll("-", "")));
    }
  }
  for (let version = 1; written < builds; version++) {
    for (const platform of PLATFORMS) {
      const lines: string[] = [];
      for (let locale = 0; locale < 12 && written < builds; locale++, written++) {
        const code = String.fromCharCode(97 + locale) + "a";
        const name = platform === "mac"
          ? `Firefox ${version}.0.dmg`
          : `firefox-${version}.0.tar.bz2`;
        const setup = platform === "win32" ? `Firefox Setup ${version}.0.exe` : name;
        lines.push(
          line(`pub/firefox/releases/${version}.0/${platform}/${code}/${setup}`, 29_956_016),
        );
      }
      yield lines;
      const folder = `pub/firefox/candidates/${version}.0-candidates/build2/${platform}/en-US`;
      files.push(document(`${folder}/firefox-${version}.0.json`, "20170302120751"));
    }
  }
}

function line(path: string, size: number): string {
  const key = path.replaceAll(" ", "+");
  const second = String(size % 60).padStart(2, "0");
  return `"net-mozaws-prod-delivery-firefox","${key}","${size}",` +
    `"2016-05-14T12:20:${second}.000Z","${pseudoMd5(path)}"\n`;
}

/** 32 hexadecimal digits, others for each path: a constant would compress as no real inventory does. */
function pseudoMd5(path: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < path.length; at++) hash = Math.imul(hash ^ path.charCodeAt(at), 0x01000193);
  let digits = "";
  for (let part = 0; part < 4; part++) {
    hash = Math.imul(hash ^ hash >>> 15, 0x2c1b3c6d) + part | 0;
    digits += (hash >>> 0).toString(16).padStart(8, "0");
  }
  return digits;
}

function document(path: string, buildid: string): ArchiveFile {
  const body = JSON.stringify({
    as: "$(CC)",
    buildid,
    cc: "/builds/worker/workspace/build/src/gcc/bin/gcc -std=gnu99",
    cxx: "/builds/worker/workspace/build/src/gcc/bin/g++ -std=gnu++11",
    host_alias: "x86_64-pc-linux-gnu",
    host_cpu: "x86_64",
    ld: "/usr/bin/ld",
    moz_app_id: "{ec8030f7-c20a-464f-9b0e-13a3a9e97384}",
    moz_app_name: "firefox",
    moz_source_repo: "https://hg.mozilla.org/mozilla-central",
    moz_source_stamp: "9e3880ee302ed4b1884495a652f29f73698e375a",
    moz_update_channel: "nightly",
    target_alias: "x86_64-pc-linux-gnu",
  });
  return { path, size: body.length, last_modified: "2017-06-02T12:20:10Z", body };
}

async function writeGzip(path: string, lines: Iterable<string>): Promise<void> {
  const gzip = createGzip();
  const done = once(gzip.pipe(createWriteStream(path)), "finish");
  let buffered = "";
  for (const text of lines) {
    buffered += text;
    if (buffered.length < 1 << 20) continue;
    if (!gzip.write(buffered)) await once(gzip, "drain");
    buffered = "";
  }
  gzip.end(buffered);
  await done;
}
