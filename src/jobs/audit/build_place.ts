/** Where a build stands in the catalogue's matrix: the parts of its record's id, as spelled there. */
export interface BuildPlace {
  product: string;
  /** Empty for releases. */
  channel: string;
  version: string;
  /** A nightly's folder, `2017-05-15-10-02-38`; empty for others. */
  date: string;
  platform: string;
  locale: string;
}

const ID =
  /^([^_]+)_(?:((?:nightly|aurora|beta|esr)(?:-old-id)?|release-old-id)_)?(?:(\d{4}-\d\d-\d\d[-\d]*)_)?([^_]+)_(.+)_([^_]+)$/;

/**
 * The parts of a record's id; nothing is lost. An id of another form is all `version`.
 *
 * @example
 * ```ts
 * import { idAt, placeOf } from "./build_place.ts";
 * const id = "firefox_nightly_2017-05-15-10-02-38_55-0a1_linux-x86_64_en-us";
 * if (placeOf(id).platform !== "linux-x86_64" || idAt(placeOf(id)) !== id) throw new Error();
 * ```
 */
export function placeOf(id: string): BuildPlace {
  const [, product = "", channel = "", date = "", version = id, platform = "", locale = ""] =
    ID.exec(id) ?? [];
  return { product, channel, version, date, platform, locale };
}

/** The id that has these parts. */
export function idAt({ product, channel, version, date, platform, locale }: BuildPlace): string {
  if (product === "") return version;
  return [product, channel, date, version, platform, locale].filter((part) => part !== "")
    .join("_");
}

/** The product, channel and version, for people: `firefox nightly 55.0a1`. */
export function titleOf(
  { product, channel, version }: Pick<BuildPlace, "product" | "channel" | "version">,
): string {
  if (product === "") return "records of other ids";
  // Ids have dashes for dots; before a digit they were dots.
  return `${product} ${channel || "release"} ${version.replaceAll(/-(?=\d)/g, ".")}`;
}
