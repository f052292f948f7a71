import { type Head, headOf } from "./call.ts";
import type { Reply } from "./reply.ts";

/** Does something before and after the rest of the server answers. */
export type Middleware = (head: Head, next: (head: Head) => Promise<Reply>) => Promise<Reply>;

/** Answers an HTTP request. */
export type RequestHandler = (request: Request) => Promise<Response>;

/** The headers of a response that scripts of other origins may read. */
export const EXPOSED_HEADERS =
  "Alert, Backoff, Cache-Control, Content-Length, Content-Type, ETag, Expires, Last-Modified, " +
  "Next-Page, Pragma, Retry-After, Total-Objects, Total-Records";

const HEADERS = {
  "access-control-expose-headers": EXPOSED_HEADERS,
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none';",
  "x-content-type-options": "nosniff",
};

/**
 * A server: middleware around what answers, the first one outermost.
 *
 * HEAD and 304 have no body, and every response has the headers that tell browsers what its content
 * and scripts of other origins may do.
 */
export function serverOf(
  middleware: readonly Middleware[],
  answer: (request: Request, head: Head) => Promise<Reply>,
): RequestHandler {
  return async (request) => {
    const innermost = (head: Head) => answer(request, head);
    const outermost = middleware.reduceRight<(head: Head) => Promise<Reply>>(
      (next, use) => (head) => use(head, next),
      innermost,
    );
    const { status, headers, body } = await outermost(headOf(request));
    const isBare = request.method === "HEAD" || status === 304;
    return new Response(isBare ? null : body as BodyInit, {
      status,
      headers: { ...HEADERS, ...headers },
    });
  };
}
