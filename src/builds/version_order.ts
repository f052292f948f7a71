/** What may follow the numbers, in order: `pre` and `a` long before the release, `esr` after it. */
const STAGES: Readonly<Record<string, string>> = { pre: "0", a: "1", b: "2", rc: "3", esr: "6" };

/** The release itself: the end of the version. */
const END = "5";

/** Everything else, such as `funnelcake`: special builds of what stands before it. */
const SPECIAL = "7";

/** Numbers beyond the fourth. */
const MORE = "9";

/**
 * A text that sorts as versions do: 9.0 before 10.0, `a` before `b` before `rc` before the release,
 * then `esr`. A text that isn't a version sorts first.
 *
 * @example
 * ```ts
 * import { versionKey } from "./version_order.ts";
 * const versions = ["9.0", "10.0a1", "10.0b2", "10.0b11", "10.0rc1", "10.0", "10.0esr", "10.0.1"];
 * const keys = versions.map(versionKey);
 * if (keys.some((key, i) => i > 0 && keys[i - 1]! >= key)) throw new Error(keys.join());
 * ```
 */
export function versionKey(version: string): string {
  const [numbers] = /^\d+(\.\d+)*/.exec(version) ?? [];
  if (numbers === undefined) return ` ${version}`;
  const parts = numbers.split(".").map(padded);
  while (parts.length < 4) parts.push(padded(""));
  const stages = version.slice(numbers.length).toLowerCase().matchAll(
    /(esr|rc|pre|[a-z]+)\W*(\d*)|(\d+)/g,
  );
  const rest = [...stages].map(([, name, number = "", alone]) =>
    name === undefined
      ? SPECIAL + padded(alone ?? "")
      : name in STAGES
      ? STAGES[name] + padded(number)
      : SPECIAL + name + padded(number)
  );
  return [parts.slice(0, 4).join(""), ...parts.slice(4).map((part) => MORE + part), ...rest, END]
    .join("");
}

/** Compares two versions for `sort()`: negative when the first is the older one. */
export function compareVersions(a: string, b: string): number {
  const [keyA, keyB] = [versionKey(a), versionKey(b)];
  if (keyA !== keyB) return keyA < keyB ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}

function padded(digits: string): string {
  return digits.padStart(6, "0");
}
