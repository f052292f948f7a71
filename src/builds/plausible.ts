import type { ReleaseRecord } from "./record.ts";

type Field = keyof ReleaseRecord["target"];

/** What each field of a record's target must look like, or the file is something else. */
const PLAUSIBLE: readonly [Field, RegExp][] = [
  ["channel", /^(release|aurora|beta|esr|nightly)(-old-id)?$/],
  ["platform", /^(win|mac|linux|android|maemo|eabi)/],
  ["locale", /^([A-Za-z]{2,3}-?){1,3}$|^[A-Za-z]{2,3}-[A-Za-z]{4,8}$/],
  ["version", /^(\d|\.|-|esr|rc|b|a|pre|funnelcake|real|plugin)+$/],
];

/** The first field that looks wrong, as a reason; undefined when all that is known looks right. */
export function implausible(target: Partial<Record<Field, string>>): string | undefined {
  const field = PLAUSIBLE.find(([name, pattern]) => {
    const value = target[name];
    return value !== undefined && !pattern.test(value);
  })?.[0];
  return field && `implausible ${field}`;
}
