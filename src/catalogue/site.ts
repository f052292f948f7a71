import { hash } from "node:crypto";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import script from "./page.js" with { type: "text" };
import style from "./style.css" with { type: "text" };

/** Where the page finds its builds. */
export interface SiteOptions {
  /** Kinto's URL with the version; undefined: the server that answers with the page. */
  server: string | undefined;
  bucket: string;
  collection: string;
}

/** A file of the site. */
interface File {
  body: string;
  type: string;
  headers: Record<string, string>;
}

/** Compressed forms of a file, made when they're asked for first. */
type Encodings = Partial<Record<"br" | "gzip", Promise<Uint8Array>>>;

const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">
<rect width="16" height="16" rx="4" fill="#1f4fbf"/>
<path d="M4 11.5V8m4 3.5v-7m4 7V6.5" stroke="#fff" stroke-width="2" stroke-linecap="round"/></svg>`;

/** Names with a hash of the content never get another one. */
const FOREVER = { "cache-control": "public, max-age=31536000, immutable" };

/**
 * The catalogue's page and what belongs to it. Scripts and styles are files of their own, so that
 * the policy can forbid all others; nothing is asked of any other host than the Kinto it is about.
 */
export class Site {
  readonly #files = new Map<string, File>();
  readonly #encodings = new Map<string, Encodings>();

  /** What every page begins with. */
  readonly #head: string;
  /** The host that the page's script may ask, beside the site's own. */
  readonly #connect: string;

  constructor({ server, bucket, collection }: SiteOptions) {
    const scriptName = this.#addHashed("catalogue", ".js", script, "text/javascript");
    const styleName = this.#addHashed("catalogue", ".css", style, "text/css");
    const iconName = this.#addHashed("icon", ".svg", ICON, "image/svg+xml");
    this.#connect = ["'self'", ...server ? [new URL(server).origin] : []].join(" ");
    this.#head = `<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="${iconName}">
<link rel="stylesheet" href="${styleName}">`;
    const data = { server: server ?? "/v1", bucket, collection, search: server ? "" : "yes" };
    const attributes = Object.entries(data)
      .map(([name, value]) => ` data-${name}="${escaped(value)}"`).join("");
    const body = `<script type="module" src="${scriptName}"></script>
<div id="app"${attributes}></div>
<noscript><p>Without scripts, ask <a href="/docs">the API</a>.</p></noscript>`;
    this.addPage("/", "Buildhub", body);
  }

  /** Adds a page. @param body is HTML */
  addPage(path: string, title: string, body: string): void {
    const policy = `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; ` +
      `connect-src ${this.#connect}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`;
    this.#files.set(path, {
      body: `<!doctype html>
<html lang="en">
<head>
${this.#head}
<title>${escaped(title)}</title>
</head>
<body>
${body}
</body>
</html>
`,
      type: "text/html; charset=utf-8",
      headers: {
        "cache-control": "no-cache",
        "content-security-policy": policy,
        "referrer-policy": "no-referrer",
      },
    });
  }

  #addHashed(name: string, extension: string, body: string, type: string): string {
    const path = `/assets/${name}-${digest(body)}${extension}`;
    this.#files.set(path, { body, type: `${type}; charset=utf-8`, headers: FOREVER });
    return path;
  }

  /** Whether the site has an answer for a path. */
  has(path: string): boolean {
    return this.#files.has(path) || path.startsWith("/assets/");
  }

  /** Answers a request for one of its paths. */
  async answer(request: Request): Promise<Response> {
    const path = new URL(request.url).pathname;
    const file = this.#files.get(path);
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
      : await this.#encoded(path, file.body, encoding);
    headers["content-length"] = String(body.length);
    return new Response(request.method === "HEAD" ? null : body as BodyInit, { headers });
  }

  #encoded(path: string, body: string, encoding: "br" | "gzip"): Promise<Uint8Array> {
    let known = this.#encodings.get(path);
    if (known === undefined) this.#encodings.set(path, known = {});
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
