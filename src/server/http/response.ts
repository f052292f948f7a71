import { EXPOSED_HEADERS } from "./cors.ts";
import type { Reply } from "./reply.ts";

const SECURITY_HEADERS = {
  "access-control-expose-headers": EXPOSED_HEADERS,
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none';",
  "x-content-type-options": "nosniff",
};

/** A reply as an HTTP response: HEAD and 304 have no body, and scripts of other sites may read it. */
export function responseOf(request: Request, { status, headers, body }: Reply): Response {
  const isBare = request.method === "HEAD" || status === 304;
  const origin: Record<string, string> = request.headers.has("origin")
    ? { "access-control-allow-origin": "*" }
    : {};
  return new Response(isBare ? null : body, {
    status,
    headers: { ...SECURITY_HEADERS, ...headers, ...origin },
  });
}
