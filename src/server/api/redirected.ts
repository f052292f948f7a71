import type { Call } from "../http/call.ts";
import { queryString } from "../http/query_string.ts";
import { ERRNO, noSuchPath, Refusal } from "../http/refusal.ts";
import { type Reply, reply } from "../http/reply.ts";

/**
 * Answers a path without a route as Kinto does: it redirects to the path without the slash at its
 * end, or with the version in front.
 *
 * @throws {Refusal} 404
 */
export function redirected({ path, origin, query }: Call): Reply {
  const to = targetOf(path);
  if (to !== undefined && !/[\r\n]/.test(path)) {
    const search = queryString(query);
    const location = `${origin}${encodeURI(to)}${search && `?${search}`}`;
    return { ...reply(307, "", { location }), body: null };
  }
  if (path.startsWith("/v1")) throw noSuchPath();
  throw new Refusal(404, ERRNO.VERSION_NOT_AVAILABLE, {
    message: "The requested API version is not available on this server.",
  });
}

function targetOf(path: string): string | undefined {
  if (path === "/v1") return "/v1/";
  if (path.startsWith("/v1/")) return path.endsWith("/") ? withoutSlashes(path) : undefined;
  return /^\/(?!v\d)/.test(path) ? `/v1${path}` : undefined;
}

/** The path without slashes at its end. In linear time, unlike a regular expression. */
export function withoutSlashes(path: string): string {
  let end = path.length;
  while (end > 1 && path[end - 1] === "/") end--;
  return path.slice(0, end);
}
