import { hexOf } from "./sample_numbers.ts";

/** One run of the build machines, as its metadata documents describe it. */
export interface SampleBuild {
  /** `firefox`, `thunderbird` or `fennec`. */
  app: string;
  version: string;
  /** As the archive's folders and files spell it: `mac`, `linux-x86_64`, `android-arm`. */
  platform: string;
  channel: string;
  /** The repository's path: `releases/mozilla-beta`. */
  tree: string;
  /** 14 digits. */
  buildId: string;
}

const COMPILERS = {
  as: "$(CC)",
  cc: "/usr/bin/ccache /home/worker/workspace/build/src/gcc/bin/gcc -std=gnu99",
  cxx: "/usr/bin/ccache /home/worker/workspace/build/src/gcc/bin/g++ -std=gnu++11",
};

/** The classic metadata document, beside en-US builds of candidates and nightlies. */
export function classicDocument(build: SampleBuild): string {
  const { app, version, platform, channel, tree, buildId } = build;
  return JSON.stringify({
    ...COMPILERS,
    ld: "ldd",
    buildid: buildId,
    host_alias: "x86_64-pc-linux-gnu",
    host_cpu: "x86_64",
    host_os: "linux-gnu",
    host_vendor: "pc",
    target_alias: targetOf(platform),
    target_os: platform.replace(/[^a-z].*/, ""),
    moz_app_maxversion: `${version}.*`,
    moz_app_name: app,
    moz_app_vendor: "Mozilla",
    moz_app_version: version,
    moz_pkg_platform: platform,
    // Some build machines also write the name of the variable.
    moz_source_repo: `${platform === "win64" ? "MOZ_SOURCE_REPO=" : ""}${repositoryOf(tree)}`,
    moz_source_stamp: revisionOf(build),
    moz_update_channel: channel,
  });
}

/** The text document from before JSON, in one of its two forms. */
export function textDocument(build: SampleBuild, form: "lines" | "words"): string {
  const revision = revisionOf(build).slice(0, 12);
  return form === "words"
    ? `${build.buildId} ${revision}`
    : `${build.buildId}\nhttp://hg.mozilla.org/${build.tree}/rev/${revision}`;
}

/** `buildhub.json`, beside en-US builds since 2018: much the same under other names. */
export function buildhubDocument(
  build: SampleBuild,
  { path, size, number, builtAt }: {
    path: string;
    size: number;
    number?: number;
    /** When the file was built, as Python writes it. @default {the build id's moment} */
    builtAt?: string;
  },
): string {
  const { app, version, platform, channel, tree, buildId } = build;
  const date = buildId.replace(/^(....)(..)(..)(..)(..)(..)$/, "$1-$2-$3T$4:$5:$6Z");
  return JSON.stringify({
    build: {
      ...COMPILERS,
      date,
      host: "x86_64-pc-linux-gnu",
      id: buildId,
      number,
      target: targetOf(platform),
    },
    download: {
      date: builtAt ?? date,
      mimetype: "application/octet-stream",
      size,
      url: `https://archive.mozilla.org/${encodeURI(path)}`,
    },
    source: {
      product: app,
      repository: repositoryOf(tree),
      revision: revisionOf(build),
      tree: tree.replace("releases/", ""),
    },
    target: { channel, locale: "en-US", os: osOf(platform), platform, version },
  });
}

function repositoryOf(tree: string): string {
  return `https://hg.mozilla.org/${tree}`;
}

/** All builds of one run come from one changeset. */
function revisionOf({ app, tree, buildId }: SampleBuild): string {
  return hexOf(`${app} ${tree} ${buildId}`, 40);
}

function targetOf(platform: string): string {
  const cpu = /64/.test(platform) ? "x86_64" : "i686";
  if (platform.endsWith("aarch64")) return "aarch64-unknown-linux-gnu";
  if (platform.startsWith("win")) return `${cpu}-pc-mingw32`;
  if (platform === "mac") return "x86_64-apple-darwin";
  if (platform === "android-arm") return "arm-unknown-linux-androideabi";
  if (platform === "android-i386") return "i686-unknown-linux-android";
  return `${cpu}-pc-linux-gnu`;
}

function osOf(platform: string): string {
  return /^(linux|win|mac|android)/.exec(platform)?.[0] ?? "";
}
