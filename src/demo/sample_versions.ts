/** The kinds of metadata documents beside the en-US builds. */
export type Documents = "classic" | "both" | "buildhub" | "lines" | "words" | "none";

/** The common properties of releases and nightlies. */
export interface Version {
  product: "firefox" | "thunderbird" | "devedition" | "mobile";
  version: string;
  channel: string;
  tree: string;
  /** The date of the first candidate: `2017-06-05`. */
  day: string;
  platforms: readonly string[];
  locales: readonly string[];
}

/** A version with its candidates; the last one became the release. */
export interface Release extends Version {
  /** The N of each `/buildN/`; the last one was released. Old versions have none. */
  candidates: readonly number[];
  documents: Documents;
  /** Folders of platforms that only the release has. */
  variants?: readonly string[];
}

/** A build of one day, and its localized siblings. */
export interface Nightly extends Version {
  /** The end of the folder's name, after day and time: `mozilla-central`. */
  branch: string;
  /** The time in the folder's name; only the hour in old ones. */
  time: string;
  documents: Documents;
}

const DESKTOP = ["linux-i686", "linux-x86_64", "mac", "win32", "win64"];
const DESKTOP_TODAY = [
  "linux-aarch64",
  "linux-x86_64",
  "mac",
  "win32",
  "win64",
  "win64-aarch64",
];
const LOCALES = ["ca-valencia", "de", "en-US", "fr", "ja", "pt-BR"];
const BETA = { channel: "beta", tree: "releases/mozilla-beta" };
const RELEASE = { channel: "release", tree: "releases/mozilla-release" };
const CENTRAL = { channel: "nightly", tree: "mozilla-central", branch: "mozilla-central" };

// deno-fmt-ignore
/** Releases of all products and channels, old and new. */
export const RELEASES: readonly Release[] = [
  { product: "firefox", version: "3.6.28", ...RELEASE, day: "2012-03-06", candidates: [],
    platforms: ["linux-i686", "mac", "win32"], locales: ["en-US", "fr"], documents: "none" },
  { product: "firefox", version: "52.2.0esr", channel: "esr", tree: "releases/mozilla-esr52",
    day: "2017-06-07", candidates: [1, 2], platforms: DESKTOP, locales: ["de", "en-US"],
    documents: "classic", variants: ["win32-sha1"] },
  { product: "firefox", version: "54.0", ...RELEASE, day: "2017-06-05", candidates: [1, 2, 3],
    platforms: DESKTOP, locales: LOCALES, documents: "classic",
    variants: ["mac-EME-free", "win32-EME-free"] },
  { product: "firefox", version: "55.0b9", ...BETA, day: "2017-07-13", candidates: [1, 2],
    platforms: DESKTOP, locales: ["en-US", "fr"], documents: "classic" },
  { product: "firefox", version: "59.0b1", ...BETA, day: "2018-01-15", candidates: [9, 11],
    platforms: ["linux-x86_64", "win64"], locales: ["en-US", "fr"], documents: "classic" },
  { product: "firefox", version: "135.0", ...RELEASE, day: "2025-01-27", candidates: [1, 2],
    platforms: DESKTOP_TODAY, locales: ["ca-valencia", "en-US", "fr"], documents: "both" },
  { product: "firefox", version: "140.0b4", ...BETA, day: "2025-06-02", candidates: [1],
    platforms: DESKTOP_TODAY, locales: ["de", "en-US", "fr"], documents: "buildhub" },
  { product: "thunderbird", version: "52.2.1", channel: "release", tree: "releases/comm-esr52",
    day: "2017-06-21", candidates: [1, 2], platforms: DESKTOP, locales: ["de", "en-US", "fr"],
    documents: "classic" },
  { product: "thunderbird", version: "54.0b3", channel: "beta", tree: "releases/comm-beta",
    day: "2017-06-10", candidates: [1], platforms: DESKTOP, locales: ["en-US", "ja"],
    documents: "classic" },
  { product: "devedition", version: "54.0b14", channel: "aurora", tree: "releases/mozilla-beta",
    day: "2017-06-01", candidates: [1, 2], platforms: DESKTOP, locales: ["de", "en-US", "fr"],
    documents: "classic" },
  { product: "mobile", version: "54.0.1", ...RELEASE, day: "2017-06-28", candidates: [1, 2],
    platforms: ["android-api-15", "android-x86"], locales: ["de", "en-US", "fr", "multi"],
    documents: "classic" },
  { product: "mobile", version: "55.0b5", ...BETA, day: "2017-06-30", candidates: [1],
    platforms: ["android-api-15", "android-x86"], locales: ["en-US", "multi"],
    documents: "classic" },
];

// deno-fmt-ignore
/** Nightlies with each kind of metadata. The one of mozilla-aurora isn't indexed. */
export const NIGHTLIES: readonly Nightly[] = [
  { product: "firefox", version: "3.7a5pre", ...CENTRAL, day: "2010-05-15", time: "03",
    platforms: ["linux-i686", "mac", "win32"], locales: ["en-US"], documents: "lines" },
  { product: "firefox", version: "56.0a1", ...CENTRAL, day: "2017-06-21", time: "03-02-04",
    platforms: DESKTOP, locales: LOCALES, documents: "classic" },
  { product: "firefox", version: "56.0a1", ...CENTRAL, day: "2017-06-22", time: "10-03-38",
    platforms: DESKTOP, locales: ["en-US", "fr"], documents: "none" },
  { product: "firefox", version: "54.0a2", channel: "aurora", tree: "releases/mozilla-aurora",
    branch: "mozilla-aurora", day: "2017-04-03", time: "00-40-02", platforms: ["linux-x86_64"],
    locales: ["en-US"], documents: "classic" },
  { product: "firefox", version: "142.0a1", ...CENTRAL, day: "2025-07-01", time: "09-44-17",
    platforms: DESKTOP_TODAY, locales: ["ca-valencia", "en-US", "fr"], documents: "buildhub" },
  { product: "thunderbird", version: "12.0a1", channel: "nightly", tree: "comm-central",
    branch: "comm-central", day: "2012-01-05", time: "03-00-27", platforms: ["linux-i686", "win32"],
    locales: ["en-US"], documents: "words" },
  { product: "thunderbird", version: "56.0a1", channel: "nightly", tree: "comm-central",
    branch: "comm-central", day: "2017-07-03", time: "03-02-08", platforms: DESKTOP,
    locales: ["de", "en-US", "fr"], documents: "classic" },
  { product: "mobile", version: "55.0a1", ...CENTRAL, branch: "mozilla-central-android-api-15",
    day: "2017-05-30", time: "10-01-27", platforms: ["android-api-15"],
    locales: ["de", "fr", "multi"], documents: "classic" },
  { product: "mobile", version: "55.0a1", ...CENTRAL, day: "2017-05-30", time: "10-01-27",
    branch: "mozilla-central-android-api-15-old-id", platforms: ["android-api-15"],
    locales: ["multi"], documents: "classic" },
  { product: "mobile", version: "55.0a1", ...CENTRAL, branch: "mozilla-central-android-x86",
    day: "2017-05-30", time: "10-01-27", platforms: ["android-x86"],
    locales: ["fr", "multi"], documents: "classic" },
];

/** Files that aren't builds: most of a real inventory. */
export const NOISE: readonly string[] = [
  "favicon.ico",
  "pub/",
  "pub/calendar/lightning/releases/5.4/linux/lightning.xpi",
  "pub/firefox/nightly/latest-mozilla-central/firefox-56.0a1.en-US.linux-x86_64.tar.bz2",
  "pub/firefox/nightly/experimental/graphics/firefox-30.0a1.en-US.linux-x86_64.tar.bz2",
  "pub/firefox/releases/0.10.1/firefox-1.0PR-i686-linux-gtk2+xft-installer.tar.gz",
  "pub/firefox/releases/1.0rc1/Firefox Setup (1.0rc1, ca-AD).exe",
  "pub/firefox/releases/latest/README.txt",
  "pub/firefox/tinderbox-builds/mozilla-central-linux64/1497960164/firefox-56.0a1.en-US.linux-x86_64.tar.bz2",
  "pub/firefox/try-builds/a@example.org-0123456789ab/try-linux64/firefox-56.0a1.en-US.linux-x86_64.tar.bz2",
  "pub/labs/README",
  "pub/vpn/releases/2.33.0/mac/MozillaVPN.pkg",
];

/** Builds with an unusual layout. The first and last have no metadata. */
export const ODD_BUILDS: readonly string[] = [
  "pub/firefox/releases/1.0rc1/firefox-1.0rc1.ca-AD.linux-i686.installer.tar.gz",
  "pub/firefox/candidates/54.0-candidates/build3/funnelcake117/win32/en-US/Firefox Setup 54.0.exe",
  "pub/firefox/releases/56.0.1-funnelcake131/v1/win64/en-US/Firefox Setup 56.0.1.exe",
];
