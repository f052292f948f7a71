/** What a layout's folders and file name say of a build, as they are spelled there. */
export interface Placed {
  version: string;
  /** As the archive spells it: `mac-EME-free`. */
  platform: string;
  locale: string;
  /** N of a candidate's `/buildN/`. */
  buildNumber?: number;
}

/** A way in which the archive lays out builds. */
export interface Layout {
  name: "nightly" | "candidate" | "funnelcake" | "flat release" | "release";
  /** Whether a path of these segments (`pub`, the product, …, the file) is laid out like this. */
  has(path: string, segments: readonly string[]): boolean;
  /** What it says; undefined where something is missing. */
  read(segments: readonly string[], name: string): Placed | undefined;
}

/**
 * The layouts, the first that fits decides (README, "Layouts").
 *
 * Positions count, whatever lies deeper: existing catalogues hold ids made like this, and an id
 * never changes.
 */
export const LAYOUTS: readonly Layout[] = [
  {
    name: "nightly",
    has: (path) => path.includes("nightly"),
    read(segments, name) {
      const placed = fromFileName(name);
      const folder = segments[5];
      if (!placed || folder === undefined) return undefined;
      const platform = /android-api-\d+/.exec(folder)?.[0] ?? placed.platform;
      return { ...placed, platform };
    },
  },
  {
    name: "candidate",
    has: (path) => path.includes("candidates"),
    read(segments) {
      const version = /^(.+)-candidates$/.exec(segments[3] ?? "")?.[1];
      const buildNumber = /^build(\d+)$/.exec(segments[4] ?? "")?.[1];
      if (version === undefined || buildNumber === undefined) return undefined;
      const candidate = `${version}rc${Number(buildNumber)}`;
      const placed = segments[5]?.includes("funnelcake")
        ? folders(`${candidate}-${segments[5]}`, segments[6], segments[7])
        : folders(candidate, segments[5], segments[6]);
      return placed && { ...placed, buildNumber: Number(buildNumber) };
    },
  },
  {
    name: "flat release",
    has: (_path, segments) => segments.length < 6,
    read: (_segments, name) => fromFileName(name),
  },
  {
    name: "funnelcake",
    has: (path, segments) => path.includes("funnelcake") && segments.length === 8,
    read: (segments) => folders(segments[3], segments[5], segments[6]),
  },
  {
    name: "release",
    has: () => true,
    read: (segments) => folders(segments[3], segments[4], segments[5]),
  },
];

function folders(version?: string, platform?: string, locale?: string): Placed | undefined {
  if (version === undefined || platform === undefined || locale === undefined) return undefined;
  return { version, platform, locale };
}

/** `firefox-55.0a1.en-US.linux-x86_64.tar.bz2`, with dashes for spaces. */
function fromFileName(name: string): Placed | undefined {
  const [first = "", minor, locale, platform] = name.split(".");
  return folders(`${first.split("-")[1]}.${minor}`, platform, locale);
}
