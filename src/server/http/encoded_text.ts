import { hash } from "node:crypto";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { ifNoneMatch } from "@std/http/etag";
import { acceptsEncodings } from "@std/http/negotiation";
import { LruCache } from "../../storage/lru_cache.ts";
import type { Call } from "./call.ts";
import type { Reply } from "./reply.ts";
import type { Route } from "./router.ts";

/** A text to answer with. */
export interface Content {
  body: string;
  /** Its media type, and others. */
  headers: Record<string, string>;
}

/** Encoded texts that are kept. */
const MAX_KEPT = 100;

/** Content encodings, best first. */
const ENCODINGS: Record<string, (body: string) => Promise<Uint8Array>> = {
  br: (body) =>
    promisify(brotliCompress)(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
  gzip: (body) => promisify(gzip)(body, { level: 9 }),
  identity: (body) => Promise.resolve(new TextEncoder().encode(body)),
};

/**
 * Answers with texts: in the best encoding that the client accepts, with an ETag. An encoded text is
 * made when it's first requested, and kept.
 */
export class EncodedTexts {
  readonly #encoded = new LruCache<Promise<Uint8Array>>(MAX_KEPT);

  /** The route of a text. @param contentOf is called with each request */
  route(path: string, contentOf: (call: Call) => Content): Route<Promise<Reply>> {
    const get = (call: Call) => this.#answer(call, contentOf(call));
    return { path, handlers: { GET: get, HEAD: get } };
  }

  async #answer({ header }: Call, content: Content): Promise<Reply> {
    const encoding = encodingFor(header("accept-encoding"));
    const key = `${hash("sha256", content.body, "hex").slice(0, 12)}-${encoding}`;
    const headers: Record<string, string> = {
      ...content.headers,
      etag: `"${key}"`,
      vary: "accept-encoding",
    };
    if (!ifNoneMatch(header("if-none-match"), `"${key}"`)) {
      return { status: 304, headers, body: null };
    }
    const body = await this.#encoded.get(key, () => ENCODINGS[encoding]!(content.body));
    if (encoding !== "identity") headers["content-encoding"] = encoding;
    headers["content-length"] = String(body.length);
    return { status: 200, headers, body };
  }
}

/** The best encoding for a client, by its Accept-Encoding header. */
function encodingFor(header: string | undefined): string {
  const accepted = acceptsEncodings({ headers: { get: () => header ?? null } });
  return Object.keys(ENCODINGS).find((encoding) => accepted.includes(encoding)) ?? "identity";
}
