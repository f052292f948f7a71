import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { acceptsEncodings } from "@std/http/negotiation";
import type { Middleware } from "./middleware.ts";

/** Answers of fewer characters are sent as they are. */
const MIN_LENGTH = 1024;

/** Fast: higher levels make answers hardly smaller. */
const LEVEL = 4;

/** Compresses the answers to searches, whose aggregations repeat the same names many times. */
export const compressSearches: Middleware = async (head, next) => {
  const reply = await next(head);
  const { body, headers } = reply;
  if (typeof body !== "string" || body.length < MIN_LENGTH) return reply;
  if (!/\/search(\?|$)/.test(head.target) || !acceptsGzip(head.header("accept-encoding"))) {
    return reply;
  }
  return {
    ...reply,
    headers: {
      ...headers,
      "content-encoding": "gzip",
      vary: [headers.vary, "accept-encoding"].filter(Boolean).join(", "),
    },
    body: await promisify(gzip)(body, { level: LEVEL }),
  };
};

function acceptsGzip(header: string | undefined): boolean {
  return acceptsEncodings({ headers: { get: () => header ?? null } }).includes("gzip");
}
