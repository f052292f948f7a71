import { hash } from "node:crypto";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { type Meta, metaOf } from "./app/meta.ts";
import { stateOf } from "./app/state.ts";
import script from "./page.js" with { type: "text" };
import style from "./style.css" with { type: "text" };

/** Where the page finds its builds. */
export interface SiteOptions {
  /** Kinto's URL with the version; undefined for the server that serves the page. */
  server: string | undefined;
  bucket: string;
  collection: string;
}

/** What differs between pages. */
export interface Page extends Meta {
  /** HTML. */
  body: string;
}

/** A response without its encoding. */
interface File {
  body: string;
  type: string;
  headers: Record<string, string>;
}

/** Compressed forms of a body, made when they are first requested. */
type Encodings = Partial<Record<"br" | "gzip", Promise<Uint8Array>>>;

/** Compressed bodies that are kept; pages differ by their query string. */
const MOST_ENCODED = 100;

const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">
<rect width="16" height="16" rx="4" fill="#1f4fbf"/>
<path d="M4 11.5V8m4 3.5v-7m4 7V6.5" stroke="#fff" stroke-width="2" stroke-linecap="round"/></svg>`;

/** The content of a path with a hash in it never changes. */
const IMMUTABLE = { "cache-control": "public, max-age=31536000, immutable" };

/**
 * The catalogue's pages and their assets. Scripts and styles are files, so that the content security
 * policy can forbid inline ones; the only other origin the page sends requests to is its Kinto's.
 */
export class Site {
  readonly #assets = new Map<string, File>();
  readonly #pages = new Map<string, (url: URL) => Page>();
  /** By digest of the body. */
  readonly #encodings = new Map<string, Encodings>();

  /** The part of the head that all pages share. */
  readonly #head: string;
  /** Attributes of the body, for the page's script. */
  readonly #data: string;
  readonly #policy: string;

  constructor({ server, bucket, collection }: SiteOptions) {
    const scriptName = this.#addAsset("catalogue", ".js", script, "text/javascript");
    const styleName = this.#addAsset("catalogue", ".css", style, "text/css");
    const iconName = this.#addAsset("icon", ".svg", ICON, "image/svg+xml");
    const connect = ["'self'", ...server ? [new URL(server).origin] : []].join(" ");
    this.#policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; " +
      `connect-src ${connect}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`;
    this.#head = `<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta property="og:site_name" content="Buildhub">
<meta property="og:type" content="website">
<meta name="twitter:card" content="summary">
<link rel="icon" href="${iconName}">
<link rel="stylesheet" href="${styleName}">
<script type="module" src="${scriptName}"></script>`;
    const data = { server: server ?? "/v1", bucket, collection, search: server ? "" : "yes" };
    this.#data = Object.entries(data)
      .map(([name, value]) => ` data-${name}="${escaped(value)}"`).join("");
    const body = `<div id="app"></div>
<noscript><p>Searching here needs JavaScript. <a href="/docs">The API</a> doesn’t.</p></noscript>`;
    this.addPage("/", ({ search }) => ({ ...metaOf(stateOf(search)), body }));
  }

  /** Adds a page. @param page called with the URL of each request */
  addPage(path: string, page: (url: URL) => Page): void {
    this.#pages.set(path, page);
  }

  #addAsset(name: string, extension: string, body: string, type: string): string {
    const path = `/assets/${name}-${digest(body)}${extension}`;
    this.#assets.set(path, { body, type: `${type}; charset=utf-8`, headers: IMMUTABLE });
    return path;
  }

  /** Whether the site answers requests for a path. */
  has(path: string): boolean {
    return this.#pages.has(path) || path.startsWith("/assets/");
  }

  /** Answers a request for one of its paths. */
  async answer(request: Request): Promise<Response> {
    const file = this.#fileFor(request);
    if (file === undefined) return new Response("Not found\n", { status: 404 });
    if (request.method !== "GET" && request.method !== "HEAD") {
      return new Response("Method not allowed\n", { status: 405, headers: { allow: "GET, HEAD" } });
    }
    const accepted = request.headers.get("accept-encoding") ?? "";
    const encoding = /\bbr\b/.test(accepted) ? "br" : /\bgzip\b/.test(accepted) ? "gzip" : "";
    const etag = `"${digest(file.body)}${encoding && `-${encoding}`}"`;
    const headers: Record<string, string> = {
      ...file.headers,
      "content-type": file.type,
      "x-content-type-options": "nosniff",
      vary: "accept-encoding",
      etag,
    };
    if (request.headers.get("if-none-match") === etag) {
      return new Response(null, { status: 304, headers });
    }
    if (encoding !== "") headers["content-encoding"] = encoding;
    const body = encoding === ""
      ? new TextEncoder().encode(file.body)
      : await this.#encoded(file.body, encoding);
    headers["content-length"] = String(body.length);
    return new Response(request.method === "HEAD" ? null : body as BodyInit, { headers });
  }

  #fileFor(request: Request): File | undefined {
    const url = new URL(request.url);
    const page = this.#pages.get(url.pathname);
    if (page === undefined) return this.#assets.get(url.pathname);
    // Behind a proxy that terminates TLS.
    if (request.headers.get("x-forwarded-proto") === "https") url.protocol = "https:";
    return {
      body: this.#html(page(url)),
      type: "text/html; charset=utf-8",
      headers: {
        "cache-control": "no-cache",
        "content-security-policy": this.#policy,
        "referrer-policy": "no-referrer",
      },
    };
  }

  #html({ title, description, body }: Page): string {
    return `<!doctype html>
<html lang="en">
<head>
${this.#head}
<title>${escaped(title)}</title>
<meta name="description" content="${escaped(description)}">
<meta property="og:title" content="${escaped(title)}">
<meta property="og:description" content="${escaped(description)}">
</head>
<body${this.#data}>
${body}
</body>
</html>
`;
  }

  #encoded(body: string, encoding: "br" | "gzip"): Promise<Uint8Array> {
    const key = digest(body);
    let known = this.#encodings.get(key);
    if (known === undefined) {
      if (this.#encodings.size >= MOST_ENCODED) this.#encodings.clear();
      this.#encodings.set(key, known = {});
    }
    return known[encoding] ??= encoding === "br"
      ? promisify(brotliCompress)(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } })
      : promisify(gzip)(body, { level: 9 });
  }
}

/** Text for HTML, also within quotes. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

function digest(body: string): string {
  return hash("sha256", body, "hex").slice(0, 12);
}
