/** Why a file is not a build, as `explain` and the summaries show it. */
export type Reason = string;

/** A rule that excludes files although they look like builds. */
export interface Exclusion {
  reason: Reason;
  /** What the path must not contain. */
  path?: RegExp;
  /** What the file's name, in lower case and with dashes for spaces, must not contain. */
  name?: RegExp;
}

/** All of them (docs/domain.md, "Which files are builds"); the first that matches gives the reason. */
export const EXCLUSIONS: readonly Exclusion[] = [
  { reason: "tinderbox build", path: /tinderbox/ },
  { reason: "try build", path: /try-builds/ },
  { reason: "partner repack", path: /partner-repacks/ },
  { reason: "alias of the latest build", path: /latest/ },
  { reason: "contributed build", path: /contrib/ },
  { reason: "version before 1.0", path: /\/0\./ },
  { reason: "experimental build", path: /experimental/ },
  { reason: "namoroka build", path: /namoroka/ },
  { reason: "debug build", path: /debug/ },
  { reason: "SHA-1 installers' folder", path: /sha1-installers/ },
  { reason: "archived candidate", path: /candidates\/archived/ },
  { reason: "stylo-bindings build", path: /stylo-bindings/ },
  { reason: "1.0rc folder", path: /\/1\.0rc\// },
  { reason: "platform folder without a version", path: /\/releases\/win..\// },
  { reason: "dominspector", path: /dominspector/ },
  { reason: "test folder", path: /\/test\/|testing/ },
  { reason: "update tools", path: /\/mar-tools\// },
  { reason: "asan reporter", path: /-asan-reporter\// },
  { reason: "parentheses in the name", path: /[()]/ },
  { reason: "stub installer", name: /^[a-z]+-installer(\.[a-z-]+)?\.exe$|.stub/ },
  { reason: "SDK", name: /.sdk/ },
  { reason: "test package", name: /.tests/ },
  { reason: "crash reporter", name: /.crashreporter/ },
  { reason: "gtk2 xft build", name: /.gtk2.+xft/ },
  { reason: "source archive", name: /.source/ },
  { reason: "asan build", name: /.asan/ },
];

const ANY_PATH = anyOf("path");
const ANY_NAME = anyOf("name");

/**
 * The reason of the first rule that excludes this file; undefined when none does.
 *
 * @param name in lower case and with dashes for spaces
 */
export function excludedBy(path: string, name: string): Reason | undefined {
  if (!ANY_PATH.test(path) && !ANY_NAME.test(name)) return undefined;
  return EXCLUSIONS.find((rule) => rule.path?.test(path) || rule.name?.test(name))?.reason;
}

/** One regular expression of all rules: nearly all files match none of them. */
function anyOf(part: "path" | "name"): RegExp {
  return new RegExp(EXCLUSIONS.flatMap((rule) => rule[part]?.source ?? []).join("|"));
}
