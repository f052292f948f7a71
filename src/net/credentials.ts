/**
 * User names and passwords: how they're sent, and how URLs are shown without them. Nothing searches
 * texts for passwords: they are kept out of URLs and messages where these are made.
 *
 * @module
 */

/** What comes before the host of a URL: all up to the last `@` before the path. */
const USERINFO = /^([a-z][a-z\d+.-]*:\/\/)([^/?#\\]*)@/i;

/** `localhost:8888/v1`: a URL without its scheme. */
const HOST = /^[\w.-]+(:\d+)?([/?#]|$)/;

/** A URL, and the `user:password` that it contained. */
export interface SplitUrl {
  /** Without credentials. */
  url: string;
  /** `user:password`, decoded; the password is empty for a URL with a token alone. */
  auth?: string;
}

/**
 * Takes the credentials out of a URL.
 *
 * @example
 * ```ts
 * import { splitUrl } from "./credentials.ts";
 * const { url, auth } = splitUrl("https://me:a%40b@archive.example/pub/");
 * if (url !== "https://archive.example/pub/" || auth !== "me:a@b") throw new Error(url);
 * ```
 */
export function splitUrl(text: string): SplitUrl {
  const [all, scheme, userinfo] = USERINFO.exec(text) ?? [];
  if (all === undefined || userinfo === undefined) return { url: text };
  const [, user = "", password = ""] = /^([^:]*):?(.*)$/s.exec(userinfo) ?? [];
  return { url: scheme + text.slice(all.length), auth: `${decoded(user)}:${decoded(password)}` };
}

/**
 * A URL, or what was given instead of one, for messages: without credentials.
 *
 * @example
 * ```ts
 * import { shownUrl } from "./credentials.ts";
 * if (shownUrl("https://token@a.example/v1") !== "https://***@a.example/v1") throw new Error();
 * if (shownUrl("user:password") !== "***") throw new Error();
 * ```
 */
export function shownUrl(text: string): string {
  const { url, auth } = splitUrl(text);
  if (auth !== undefined && URL.canParse(url)) return text.replace(USERINFO, "$1***@");
  const isPlain = auth === undefined && !text.includes("@") &&
    (HOST.test(text) || /^\w+:\/\//.test(text) || !text.includes(":"));
  return isPlain ? text : "***";
}

/**
 * The value of an Authorization header.
 *
 * @param auth `user:password`; the password may contain colons
 */
export function basicAuthorization(auth: string): string {
  return `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(auth)))}`;
}

/** What a server replied, for messages: some servers repeat the headers that they get. */
export function withoutAuthorization(reply: string, authorization: string | undefined): string {
  const [, credentials = ""] = authorization?.split(" ") ?? [];
  return credentials === "" ? reply : reply.replaceAll(credentials, "***");
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
