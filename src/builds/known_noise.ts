/**
 * Files beside builds that are ignored on purpose, as opposed to those that no rule knows.
 *
 * @module
 */

/** Extensions of files that are never installers, and what they are. */
export const KNOWN_EXTENSIONS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    "signature": ["asc", "sig", "key", "pem", "idsig"],
    "update": ["mar", "snippet"],
    "checksums": [
      ...["checksums", "beet", "md5", "sha1", "sha256", "sha512"],
      ...["md5sums", "sha1sums", "sha256sums", "sha512sums"],
    ],
    "description": [
      ...["txt", "json", "html", "htm", "xml", "info", "ini", "manifest", "properties", "list"],
      ...["csv", "yml", "yaml", "pom", "module", "xhtml", "md", "dat"],
    ],
    "add-on or language pack": ["xpi", "jar", "aar", "rdf", "xul", "dtd"],
    "log": ["log"],
    "compressed file, not an archive": ["gz", "bz2", "xz"],
    "source or script": ["py", "js", "css", "sh", "pl", "diff", "patch", "whl"],
    "library or symbols": ["so", "dll", "dylib", "pdb", "sym", "map"],
    "image": ["png", "ico", "gif", "jpg", "svg"],
  }).flatMap(([reason, extensions]) => extensions.map((extension) => [extension, reason] as const)),
);

/** Packages that aren't builds, by name: in lower case and with dashes for spaces. */
export const KNOWN_NAMES: readonly { name: RegExp; reason: string }[] = [
  { name: /^jsshell-/, reason: "JavaScript shell" },
  { name: /^mozharness/, reason: "build scripts" },
  { name: /^(robocop|bouncer|geckoview|geckodriver|sccache|mochijar)/, reason: "developers' tool" },
  {
    name: /^(target|mar-tools|update|host|generated-files)[-._]/,
    reason: "build machine's output",
  },
  { name: /^(en-us|l10n|setup)\.|[-.]symbols\./, reason: "part of a build" },
];

/** Extensions of installers that no rule reads: unknown files, whatever their size. */
export const FOREIGN_INSTALLERS: readonly string[] = [
  ...["tar.zst", "tar.lz", "tar.lzma", "7z", "zst", "run"],
  ...["rpm", "snap", "flatpak", "appimage"],
  ...["appx", "appxbundle", "msixbundle", "appinstaller"],
  ...["aab", "apks", "ipa"],
];
