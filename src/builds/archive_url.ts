/**
 * Three spellings of one location: the S3 key (`pub/…/Firefox+Setup+52.0.exe`), the path
 * (`pub/…/Firefox Setup 52.0.exe`), and the URL, which is the archive's base and the path.
 *
 * @module
 */

/**
 * The path of an S3 key as inventories and events spell it: a space is `+`, other characters may be
 * percent-encoded. An invalid escape stays as it is.
 *
 * @example
 * ```ts
 * import { pathOfKey } from "./archive_url.ts";
 * if (pathOfKey("pub/a/Firefox+Setup+%281%29.exe") !== "pub/a/Firefox Setup (1).exe") throw 1;
 * ```
 */
export function pathOfKey(key: string): string {
  return decodedPath(key.includes("+") ? key.replaceAll("+", " ") : key);
}

/** The path of a URL of this archive; undefined for a URL of another site. */
export function pathOfUrl(url: string, archiveUrl: string): string | undefined {
  return url.startsWith(archiveUrl) ? decodedPath(url.slice(archiveUrl.length)) : undefined;
}

/** The URL to fetch: the record's, with the characters encoded that URLs don't allow. */
export function requestUrl(path: string, archiveUrl: string): string {
  return archiveUrl + encodeURI(path).replaceAll("#", "%23").replaceAll("?", "%3F");
}

/** A path without percent-encoding; one that can't be decoded stays as it is. */
export function decodedPath(text: string): string {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
