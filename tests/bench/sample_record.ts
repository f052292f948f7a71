import type { ReleaseRecord } from "../../src/builds/record.ts";

const PRODUCTS = ["firefox", "firefox", "firefox", "thunderbird", "fennec", "devedition"] as const;
const CHANNELS = ["nightly", "nightly", "nightly", "aurora", "beta", "release", "esr"] as const;
const PLATFORMS = ["win32", "win64", "macosx", "linux-i686", "linux-x86_64"] as const;
const LOCALES = [..."abcdefghijklmnopqrstuvwxyz"].map((letter) => `${letter}a`);

/** A record like those of the archive, told by its number; 25 share a build. */
export function sampleRecord(number: number) {
  const build = Math.floor(number / 25);
  const product = at(PRODUCTS, build);
  const channel = at(CHANNELS, Math.floor(build / PRODUCTS.length));
  const platform = at(PLATFORMS, number);
  const locale = at(LOCALES, Math.floor(number / PLATFORMS.length));
  const version = `${40 + build % 60}.0a1`;
  const date = new Date(Date.UTC(2015, 0, 1) + build * 60_000).toISOString().slice(0, 19) + "Z";
  const buildId = date.replace(/\D/g, "");
  const folder = `https://archive.mozilla.org/pub/${product}/nightly/${buildId}-mozilla-central/`;
  const folderDate = date.replace(/[T:]/g, "-").slice(0, -1);
  const id = `${product}_${channel}_${folderDate}_${version}_${platform}_${locale}`;
  return {
    id: id.replaceAll(".", "-"),
    source: {
      product,
      repository: "https://hg.mozilla.org/mozilla-central",
      tree: "mozilla-central",
      revision: build.toString(16).padStart(40, "0"),
    },
    target: { platform, os: "linux", locale, version, channel },
    download: {
      url: `${folder}${product}-${version}.${locale}.${platform}.tar.bz2`,
      mimetype: "application/x-bzip2",
      size: 50_000_000 + number,
      date,
    },
    build: {
      id: buildId,
      date,
      as: "$(CC)",
      cc: "/usr/bin/ccache /home/worker/workspace/build/src/gcc/bin/gcc -std=gnu99",
      cxx: "/usr/bin/ccache /home/worker/workspace/build/src/gcc/bin/g++ -std=gnu++11",
      ld: "/usr/bin/ld",
      host: "x86_64-pc-linux-gnu",
      target: "x86_64-pc-linux-gnu",
    },
  } satisfies ReleaseRecord;
}

function at<T>(values: readonly T[], index: number): T {
  return values[index % values.length] as T;
}
