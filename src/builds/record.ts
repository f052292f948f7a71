/** What is published of one build: the wire format of the Kinto collection (docs/domain.md). */
export interface ReleaseRecord {
  /** `{product}_{channel_}{version}_{platform}_{locale}`; made from the path alone, never changes. */
  id: string;
  source: {
    product: string;
    /** The repository's URL, such as `https://hg.mozilla.org/mozilla-central`. */
    repository?: string;
    /** The repository's path, such as `releases/mozilla-beta`. */
    tree?: string;
    /** The changeset. */
    revision?: string;
  };
  target: {
    platform: string;
    os: OperatingSystem;
    locale: string;
    version: string;
    channel: string;
  };
  download: {
    /** The archive's URL, with plain spaces. */
    url: string;
    mimetype: string;
    /** Bytes. */
    size: number;
    /** When it was published: UTC, whole seconds, `2017-06-02T12:20:10Z`. */
    date: string;
  };
  /** How it was built. */
  build: {
    /** 10, 12 or 14 digits: when the build began. */
    id: string;
    /** The same as a date: `2017-06-02T12:20:10Z`. */
    date: string;
    /** N of a candidate's `/buildN/`. */
    number?: number;
    as?: string;
    cc?: string;
    cxx?: string;
    ld?: string;
    host?: string;
    target?: string;
  };
}

/** A record without what only the build's metadata knows; its size may be rounded. */
export type ListedRecord = Omit<ReleaseRecord, "build">;

/**
 * The record of a build of which the archive has no metadata: its size is exact, and it has no
 * `build`. INCOMPLETE=publish publishes them.
 */
export type IncompleteRecord = ListedRecord & { build?: undefined };

/** What the collection may hold. */
export type PublishedRecord = ReleaseRecord | IncompleteRecord;

/** What a URL alone gives: neither size, date nor metadata. */
export type UrlRecord = Omit<ListedRecord, "download"> & {
  download: Omit<ReleaseRecord["download"], "size" | "date">;
};

/** The operating systems that builds are made for. */
export type OperatingSystem = "linux" | "win" | "mac" | "android" | "maemo";
