import type { ArchiveFile } from "../../../src/demo/archive_tree.ts";

/** An archive made for an audit: its inventory, and the metadata that it serves. */
export interface SeededArchive {
  csv: string;
  documents: ArchiveFile[];
  /** The ids of all builds, by what they have in common: `firefox 1.0 win32`. */
  ids: Map<string, string[]>;
}

const PLATFORMS = ["linux-i686", "linux-x86_64", "mac", "win32"];
const LOCALES = ["en-US", "fr", "de", "pt-BR", "ja", "ast"];
const DATE = "2017-06-02T12:20:10Z";

/** How much there is of what. */
export interface SeededSizes {
  /** Firefox releases, each of 24 builds. */
  releases: number;
  /** Days of nightlies, each of 16 builds. */
  nightlies: number;
  /** Candidates of Firefox, and betas of Thunderbird, each of 24 builds. */
  others: number;
}

/** Builds of several layouts, every one with metadata. */
export function seededArchive({ releases, nightlies, others }: SeededSizes): SeededArchive {
  const lines: string[] = [];
  const documents: ArchiveFile[] = [];
  const ids = new Map<string, string[]>();
  const add = (path: string, id: string, group: string) => {
    const key = path.replaceAll(" ", "+");
    lines.push(`"delivery","${key}","48015500","${DATE}","e8d5056625558760cc767e67b16a6840"\n`);
    const list = ids.get(group);
    if (list) list.push(id.toLowerCase());
    else ids.set(group, [id.toLowerCase()]);
  };
  const document = (path: string) => {
    const body = JSON.stringify({ buildid: "20170302120751", moz_source_stamp: "44d6a57ab554" });
    documents.push({ path, size: body.length, last_modified: DATE, body });
  };
  const folders = (product: string, version: string, kind: "releases" | "candidates") => {
    const candidate = `pub/${product}/candidates/${version}-candidates/build1`;
    const folder = kind === "releases" ? `pub/${product}/releases/${version}` : candidate;
    const said = kind === "releases" ? version : `${version}rc1`;
    const channel = version.includes("b") ? "beta_" : "";
    for (const platform of PLATFORMS) {
      const shown = platform.replace("mac", "macosx");
      for (const locale of LOCALES) {
        add(
          `${folder}/${platform}/${locale}/${product}-${version}.tar.bz2`,
          `${product}_${channel}${said.replaceAll(".", "-")}_${shown}_${locale}`,
          `${product} ${said} ${shown}`,
        );
      }
      document(`${candidate}/${platform}/en-US/${product}-${version}.json`);
    }
  };
  for (let number = 1; number <= releases; number++) folders("firefox", `${number}.0`, "releases");
  for (let number = 1; number <= others; number++) {
    folders("firefox", `${number + 1000}.0`, "candidates");
    folders("thunderbird", `${number}.0b1`, "releases");
  }
  for (let day = 0; day < nightlies; day++) {
    const date = new Date(Date.UTC(2015, 0, 1, 3, 2, 1) + day * 86_400_000).toISOString();
    const stamp = date.slice(0, 19).replaceAll(/[T:]/g, "-");
    const folder = `pub/firefox/nightly/${stamp.slice(0, 4)}/${
      stamp.slice(5, 7)
    }/${stamp}-mozilla-central`;
    for (const locale of LOCALES.slice(0, 4)) {
      for (const platform of PLATFORMS) {
        add(
          `${folder}${
            locale === "en-US" ? "" : "-l10n"
          }/firefox-55.0a1.${locale}.${platform}.tar.bz2`,
          `firefox_nightly_${stamp}_55-0a1_${platform.replace("mac", "macosx")}_${locale}`,
          `nightly ${day}`,
        );
      }
    }
    for (const platform of PLATFORMS) document(`${folder}/firefox-55.0a1.en-US.${platform}.json`);
  }
  return { csv: lines.join(""), documents, ids };
}
