/**
 * Records as Buildhub2 showed them: its clients' queries contain its values.
 *
 * The view makes documents, and these are indexed and searched like records. So each value is
 * matched, counted and sorted as it is shown.
 *
 * @module
 */
import type { ReleaseRecord } from "../../../builds/record.ts";

/** A build as Buildhub2 shows it. */
export type Buildhub2Document = Omit<ReleaseRecord, "id"> & { id: string };

/** How a value of a record is shown, and so how it is matched. */
interface ViewedField {
  /** Reads and changes a part of the document. */
  view(document: Buildhub2Document): void;
  /** Why it is another value. */
  reason: string;
}

/** The fields with other values. All others are shown as they are. */
export const VIEWED_FIELDS: Readonly<Record<string, ViewedField>> = {
  "source.product": {
    reason: "DevEdition is Firefox of the channel aurora",
    view({ source }) {
      if (source.product === "devedition") source.product = "firefox";
    },
  },
  "source.tree": {
    reason: "repositories are named without their folder: mozilla-release",
    view({ source }) {
      if (source.tree !== undefined) source.tree = source.tree.replace(/^releases\//, "");
    },
  },
  "target.platform": {
    reason: "the Mac is called mac",
    view({ target }) {
      if (target.platform === "macosx") target.platform = "mac";
    },
  },
  "target.version": {
    reason: "a candidate has the version of the release: 70.0, not 70.0rc2",
    view({ target }) {
      target.version = target.version.replace(/rc\d+$/, "");
    },
  },
  "download.url": {
    reason: "addresses are percent-encoded",
    view({ download }) {
      download.url = download.url.replace(/[^!-~]+/g, encodeURIComponent);
    },
  },
};

/** Buildhub2 had one build of all locales' builds. */
export const LOCALES: ReadonlySet<string> = new Set(["en-US", "multi"]);

/**
 * The documents of a record. Most locales have none. A candidate of a release has two, since beta
 * users get it as well: https://bugzilla.mozilla.org/show_bug.cgi?id=1470948
 *
 * @example
 * ```ts
 * import { buildhub2Documents } from "./buildhub2_view.ts";
 * const [document] = buildhub2Documents({
 *   id: "devedition_aurora_54-0b1_macosx_en-us",
 *   source: { product: "devedition", tree: "releases/mozilla-beta" },
 *   target: { platform: "macosx", os: "mac", locale: "en-US", version: "54.0b1", channel: "aurora" },
 *   download: {
 *     url: "https://archive.mozilla.org/pub/Firefox 54.0b1.dmg",
 *     mimetype: "",
 *     size: 1,
 *     date: "2017-03-08T00:00:00Z",
 *   },
 *   build: { id: "20170307000000", date: "2017-03-07T00:00:00Z" },
 * });
 * if (document?.source.product !== "firefox") throw new Error("not Firefox");
 * if (document.target.platform !== "mac") throw new Error("not mac");
 * ```
 */
export function buildhub2Documents(record: ReleaseRecord): Buildhub2Document[] {
  if (!LOCALES.has(record.target.locale)) return [];
  const { id, source, target, download, build } = record;
  const document: Buildhub2Document = {
    id,
    source: { ...source },
    target: { ...target },
    download: { ...download },
    ...build && { build: { ...build } },
  };
  for (const { view } of Object.values(VIEWED_FIELDS)) view(document);
  const isCandidate = target.channel === "release" && /rc\d+$/.test(target.version);
  if (!isCandidate) return [document];
  const forBeta = {
    ...document,
    id: `${id}@beta`,
    target: { ...document.target, channel: "beta" },
  };
  return [document, forBeta];
}
