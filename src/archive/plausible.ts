import type { ReleaseRecord } from "./record.ts";

/** What each field of a record's target must look like, or the file is something else. */
const PLAUSIBLE: readonly [keyof ReleaseRecord["target"], RegExp][] = [
  ["channel", /^(release|aurora|beta|esr|nightly)(-old-id)?$/],
  ["platform", /^(win|mac|linux|android|maemo|eabi)/],
  ["locale", /^([A-Za-z]{2,3}-?){1,3}$|^[A-Za-z]{2,3}-[A-Za-z]{4,8}$/],
  ["version", /^(\d|\.|-|esr|rc|b|a|pre|funnelcake|real|plugin)+$/],
];

/** The first field that looks wrong, as a reason; undefined when all look right. */
export function implausible(target: ReleaseRecord["target"]): string | undefined {
  const field = PLAUSIBLE.find(([name, pattern]) => !pattern.test(target[name]))?.[0];
  return field && `implausible ${field}`;
}
