import type { OperatingSystem } from "./record.ts";

/** A kind of platform, such as all of Windows. */
export interface PlatformKind {
  /** What its names contain, and begin with where they are plausible. */
  part: string;
  os: OperatingSystem;
}

/** The kinds of platforms, in the order in which a name is searched for their parts. */
export const PLATFORMS: readonly PlatformKind[] = [
  { part: "eabi", os: "android" },
  { part: "linux", os: "linux" },
  { part: "win", os: "win" },
  { part: "mac", os: "mac" },
  { part: "android", os: "android" },
  { part: "maemo", os: "maemo" },
];

/** The beginning of every plausible platform name. */
export const PLATFORM_NAME = new RegExp(`^(${PLATFORMS.map(({ part }) => part).join("|")})`, "i");

/** The operating system of a platform as the archive spells it, in lower case. */
export function systemOf(platform: string): OperatingSystem | undefined {
  return PLATFORMS.find(({ part }) => platform.includes(part))?.os;
}

/**
 * A platform as records spell it: `macosx` for the archive's `mac`.
 *
 * @param platform as the archive spells it, in lower case
 */
export function recordPlatform(platform: string): string {
  return platform.startsWith("mac") ? platform.replaceAll("mac", "macosx") : platform;
}

/** The reverse of {@linkcode recordPlatform}: the spelling of file names. */
export function filePlatform(platform: string): string {
  return platform.replace(/^macosx/, "mac");
}
