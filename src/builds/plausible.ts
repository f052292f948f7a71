import { PLATFORM_NAME } from "./platforms.ts";
import type { ReleaseRecord } from "./record.ts";

type Field = keyof ReleaseRecord["target"];

/** The form of each field of a record's target; a file without it is something else. */
const PLAUSIBLE: readonly [Field, RegExp][] = [
  ["channel", /^(release|aurora|beta|esr|nightly)(-old-id)?$/],
  ["platform", PLATFORM_NAME],
  ["locale", /^([A-Za-z]{2,3}-?){1,3}$|^[A-Za-z]{2,3}-[A-Za-z]{4,8}$/],
  ["version", /^(\d|\.|-|esr|rc|b|a|pre|funnelcake|real|plugin)+$/],
];

/** Names the first field that has another form, as a reason; undefined when all have theirs. */
export function implausible(target: Partial<Record<Field, string>>): string | undefined {
  const field = PLAUSIBLE.find(([name, pattern]) => {
    const value = target[name];
    return value !== undefined && !pattern.test(value);
  })?.[0];
  return field && `implausible ${field}`;
}
