import type { Build } from "./build_url.ts";

/** Where a build's metadata lies, as far as its path tells (README, "Where the metadata lies"). */
export type MetadataPlace =
  /** Beside the en-US build: JSON, or in older times text. */
  | { kind: "nightly"; jsonPath: string; textPath: string }
  /** In the en-US folder of the same candidate and platform. */
  | { kind: "candidate"; path: string }
  /** In the en-US folder of the highest candidate of the version; only listings tell its name. */
  | { kind: "release"; candidatesFolder: string; platform: string; filePrefix: string };

/**
 * Where to look for the metadata of a build.
 *
 * @example
 * ```ts
 * import { type Build, buildFrom } from "./build_url.ts";
 * import { metadataPlace } from "./metadata_place.ts";
 * const folder = "pub/firefox/nightly/2017/05/2017-05-15-10-02-38-mozilla-central";
 * const build = buildFrom(`${folder}-l10n/firefox-55.0a1.fr.win32.installer.exe`, "http://a/");
 * const place = metadataPlace(build as Build);
 * if (place.kind !== "nightly") throw new Error();
 * if (place.jsonPath !== `${folder}/firefox-55.0a1.en-US.win32.json`) throw new Error();
 * ```
 */
export function metadataPlace(build: Build): MetadataPlace {
  if (build.layout === "nightly") return nightly(build);
  if (build.layout === "candidate") return candidate(build);
  const { product, record, platform } = build;
  const { version } = record.target;
  return {
    kind: "release",
    candidatesFolder: `pub/${product.folder}/candidates/${version}-candidates/`,
    // EME-free and SHA-1 builds are repacks of the original, and have its metadata.
    platform: platform.replace(/-(eme-free|sha1)/gi, ""),
    filePrefix: `${product.filePrefix}-${version}`,
  };
}

/** The path that `explain` names: the document, or for releases the folder where the search begins. */
export function metadataPath(place: MetadataPlace): string {
  switch (place.kind) {
    case "nightly":
      return place.jsonPath;
    case "candidate":
      return place.path;
    case "release":
      return place.candidatesFolder;
  }
}

function nightly({ path, product }: Build): MetadataPlace {
  const [folder, name] = split(path.replace("-l10n", "").replace(".installer", ""));
  // Android's builds of all locales come from the "multi" one.
  const locale = product.folder === "mobile" && !path.includes("/en-US/") &&
      !path.includes("macosx")
    ? "multi"
    : "en-US";
  const parts = withoutExtension(name).split(".");
  parts[parts.length - 2] = locale;
  const stem = `${folder}/${parts.join(".")}`;
  return { kind: "nightly", jsonPath: `${stem}.json`, textPath: `${stem}.txt` };
}

function candidate({ path, product, record }: Build): MetadataPlace {
  const { locale } = record.target;
  const segments = path.replace(/-EME-free/i, "").split("/");
  const name = segments.pop()!;
  segments[segments.lastIndexOf(locale)] = "en-US";
  const stem = product.folder === "mobile"
    ? withoutExtension(name).replace(`.${locale}.`, ".en-US.")
    : `${product.filePrefix}-${segments[3]!.replace(/-candidates$/, "")}`;
  return { kind: "candidate", path: `${segments.join("/")}/${stem}.json` };
}

function split(path: string): [folder: string, name: string] {
  const slash = path.lastIndexOf("/");
  return [path.slice(0, slash), path.slice(slash + 1)];
}

function withoutExtension(name: string): string {
  return name.replace(/(\.tar)?\.[^.]*$/, "");
}
