import type { Build } from "./build.ts";
import { BUILDHUB_JSON } from "./metadata_file.ts";
import { folderOf } from "./file_path.ts";

/** Where a build's metadata is, by its path alone (docs/domain.md, "Where the metadata lies"). */
export type MetadataPlace =
  /** Beside the en-US build: JSON, or in older times text. */
  | { kind: "nightly"; jsonPath: string; buildhubPath?: string; textPath: string }
  /** In the en-US folder of the same candidate and platform; for Android in the build's own. */
  | { kind: "candidate"; path: string; buildhubPath?: string }
  /**
   * In the en-US folder of the version's highest candidate, under a name that only a listing has; or
   * the release's own `buildhub.json`.
   */
  | {
    kind: "release";
    candidatesFolder: string;
    platform: string;
    filePrefix: string;
    buildhubPath?: string;
  };

/** The year of the first `buildhub.json`, and the first release of that year. */
const FIRST = { year: 2018, version: 58 };

/**
 * Where to look for the metadata of a build.
 *
 * @example
 * ```ts
 * import { classify } from "./classify.ts";
 * import { metadataPlace } from "./metadata_place.ts";
 * const folder = "pub/firefox/nightly/2017/05/2017-05-15-10-02-38-mozilla-central";
 * const build = classify(`${folder}-l10n/firefox-55.0a1.fr.win32.installer.exe`);
 * if (build.kind !== "build") throw new Error();
 * const place = metadataPlace(build);
 * if (place.kind !== "nightly") throw new Error();
 * if (place.jsonPath !== `${folder}/firefox-55.0a1.en-US.win32.json`) throw new Error();
 * ```
 */
export function metadataPlace(build: Build): MetadataPlace {
  if (build.product.family === "android") {
    return { kind: "candidate", path: `${folderOf(build.path)}${BUILDHUB_JSON}` };
  }
  if (build.layout === "nightly") return nightly(build);
  if (build.layout === "candidate") return candidate(build);
  const { path, product, target, platform } = build;
  const { version, locale } = target;
  // EME-free and SHA-1 builds are repacks of the original, and have its metadata.
  const [original, own] = [platform, folderOf(path)].map((text) =>
    text.replace(/-(eme-free|sha1)/gi, "")
  );
  return {
    kind: "release",
    candidatesFolder: `pub/${product.folder}/candidates/${version}-candidates/`,
    platform: original!,
    filePrefix: `${product.filePrefix}-${version}`,
    ...mayHaveBuildhub(version) && own!.endsWith(`/${locale}/`) && {
      buildhubPath: `${own!.slice(0, -locale.length - 1)}en-US/${BUILDHUB_JSON}`,
    },
  };
}

/** Whether a version is recent enough: a request for a document that can't exist costs time. */
function mayHaveBuildhub(version: string): boolean {
  return parseInt(version) >= FIRST.version;
}

/** The path that `explain` shows: the document's, or for a release the folder where the search begins. */
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
  // Fennec's builds of all locales are described by the "multi" one's document.
  const locale = product.family === "fennec" && !path.includes("/en-US/") &&
      !path.includes("macosx")
    ? "multi"
    : "en-US";
  const parts = withoutExtension(name).split(".");
  parts[parts.length - 2] = locale;
  const stem = `${folder}/${parts.join(".")}`;
  const year = Number(/\/nightly\/(\d{4})\//.exec(path)?.[1]);
  return {
    kind: "nightly",
    jsonPath: `${stem}.json`,
    ...year >= FIRST.year && { buildhubPath: `${stem}.${BUILDHUB_JSON}` },
    textPath: `${stem}.txt`,
  };
}

function candidate({ path, product, target }: Build): MetadataPlace {
  const { locale, version } = target;
  const segments = path.replace(/-EME-free/i, "").split("/");
  const name = segments.pop()!;
  segments[segments.lastIndexOf(locale)] = "en-US";
  const stem = product.family === "fennec"
    ? withoutExtension(name).replace(`.${locale}.`, ".en-US.")
    : `${product.filePrefix}-${segments[3]!.replace(/-candidates$/, "")}`;
  const folder = segments.join("/");
  return {
    kind: "candidate",
    path: `${folder}/${stem}.json`,
    ...mayHaveBuildhub(version) && { buildhubPath: `${folder}/${BUILDHUB_JSON}` },
  };
}

function split(path: string): [folder: string, name: string] {
  const slash = path.lastIndexOf("/");
  return [path.slice(0, slash), path.slice(slash + 1)];
}

function withoutExtension(name: string): string {
  return name.replace(/(\.tar)?\.[^.]*$/, "");
}
