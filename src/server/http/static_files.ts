import { hash } from "node:crypto";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { ifNoneMatch } from "@std/http/etag";
import { acceptsEncodings } from "@std/http/negotiation";
import type { Head } from "./call.ts";
import type { Reply } from "./reply.ts";
import type { Route } from "./router.ts";

/** A file to serve. */
export interface StaticFile {
  /** Such as `/docs`. */
  path: string;
  body: string;
  headers: Record<string, string>;
}

/** Content encodings, best first. */
const ENCODINGS: Record<string, (body: string) => Promise<Uint8Array>> = {
  br: (body) =>
    promisify(brotliCompress)(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
  gzip: (body) => promisify(gzip)(body, { level: 9 }),
  identity: (body) => Promise.resolve(new TextEncoder().encode(body)),
};

/**
 * A route for a file: GET and HEAD, with an ETag, in the best encoding that the client accepts. An
 * encoded form is made when it's first requested, and kept.
 */
export function fileRoute({ path, body, headers }: StaticFile): Route<Promise<Reply>> {
  const digest = hash("sha256", body, "hex").slice(0, 12);
  const encoded = new Map<string, Promise<Uint8Array>>();
  const get = async ({ header }: Head): Promise<Reply> => {
    const encoding = encodingFor(header("accept-encoding"));
    const etag = `"${digest}-${encoding}"`;
    const shown: Record<string, string> = { ...headers, etag, vary: "accept-encoding" };
    if (!ifNoneMatch(header("if-none-match"), etag)) {
      return { status: 304, headers: shown, body: null };
    }
    const made = encoded.get(encoding) ?? ENCODINGS[encoding]!(body);
    encoded.set(encoding, made);
    const bytes = await made;
    if (encoding !== "identity") shown["content-encoding"] = encoding;
    shown["content-length"] = String(bytes.length);
    return { status: 200, headers: shown, body: bytes };
  };
  return { path, handlers: { GET: get, HEAD: get } };
}

/** The best encoding for a client, by its Accept-Encoding header. */
function encodingFor(header: string | undefined): string {
  const accepted = acceptsEncodings({ headers: { get: () => header ?? null } });
  return Object.keys(ENCODINGS).find((encoding) => accepted.includes(encoding)) ?? "identity";
}
