import type { Product } from "./products.ts";

/** What a layout's folders and file name say about a build, as they spell it. */
export interface Placed {
  version: string;
  /** As the archive spells it: `mac-EME-free`. */
  platform: string;
  locale: string;
  /** N of a candidate's `/buildN/`. */
  buildNumber?: number;
}

/** One of the ways in which the archive lays out builds. */
export interface Layout {
  name: "nightly" | "android release" | "candidate" | "funnelcake" | "flat release" | "release";
  /** Whether a path of these segments (`pub`, the product, …, the file) is laid out like this. */
  has(path: string, segments: readonly string[], product: Product): boolean;
  /** Reads it; undefined when something is missing. */
  read(segments: readonly string[], name: string): Placed | undefined;
}

/**
 * The layouts; the first that fits decides (docs/domain.md, "Layouts").
 *
 * Positions count, whatever is deeper: existing catalogues hold ids made like this, and an id
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
      const platform = /android-api-[^-]+/.exec(folder)?.[0] ?? placed.platform;
      return { ...placed, platform };
    },
  },
  {
    name: "android release",
    has: (_path, _segments, { family }) => family === "android",
    read(segments, name) {
      const numbered = segments[2] === "candidates"
        ? candidateOf(segments)
        : { version: segments[3]! };
      if (!numbered || segments.length !== androidDepth(segments) + 1) return undefined;
      const [, platform, locale] = name.split(".").reverse();
      const placed = folders(numbered.version, platform, locale);
      return placed && { ...placed, ...numbered };
    },
  },
  {
    name: "candidate",
    has: (path) => path.includes("candidates"),
    read(segments) {
      const numbered = candidateOf(segments);
      if (!numbered) return undefined;
      const placed = segments[5]?.includes("funnelcake")
        ? folders(`${numbered.version}-${segments[5]}`, segments[6], segments[7])
        : folders(numbered.version, segments[5], segments[6]);
      return placed && { ...numbered, ...placed };
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

/** Whether a release's folders of these segments are a funnelcake's: the version's, or the next. */
export function isFunnelcake(segments: readonly string[]): boolean {
  return segments.slice(3, 5).some((segment) => segment.includes("funnelcake"));
}

/**
 * How many folders lead to the builds of a product of the `android` family, the last being
 * `fenix-157.0-android-arm64-v8a`; 0 where there are none.
 */
export function androidDepth([, , kind, , third, fourth]: readonly string[]): number {
  if (kind === "releases") return third === undefined || third === "android" ? 6 : 0;
  if (kind === "candidates") return fourth === undefined || fourth === "android" ? 7 : 0;
  return 0;
}

/** `50.0rc2` and 2, of `50.0-candidates` and `build2`. */
export function candidateOf(segments: readonly string[]) {
  const version = /^(.+)-candidates$/.exec(segments[3] ?? "")?.[1];
  const digits = /^build(\d+)$/.exec(segments[4] ?? "")?.[1];
  if (version === undefined || digits === undefined) return undefined;
  return { version: `${version}rc${Number(digits)}`, buildNumber: Number(digits) };
}

function folders(version?: string, platform?: string, locale?: string): Placed | undefined {
  if (version === undefined || platform === undefined || locale === undefined) return undefined;
  return { version, platform, locale };
}

/** `firefox-55.0a1.en-US.linux-x86_64.tar.bz2`, with dashes for spaces. */
function fromFileName(name: string): Placed | undefined {
  const [first = "", minor, locale, platform] = name.split(".");
  return folders(`${first.split("-")[1]}.${minor}`, platform, locale);
}
