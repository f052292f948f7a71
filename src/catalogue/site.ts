import { hash } from "node:crypto";
import { escape as escaped } from "@std/html/entities";
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

/** Content of the site. */
export interface SiteContent {
  body: string;
  /** Its media type, its cache control and its policy. */
  headers: Record<string, string>;
}

/** A path of the site. */
export interface SiteFile {
  /** Such as `/docs`. */
  path: string;
  /** Its content for a request's URL, as the client sees it. */
  contentFor(url: URL): SiteContent;
}

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
  readonly files: SiteFile[] = [];

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
    const data = { server: server ?? "/v1", bucket, collection };
    this.#data = Object.entries(data)
      .map(([name, value]) => ` data-${name}="${escaped(value)}"`).join("");
    const body = `<div id="app"></div>
<noscript><p>Searching here needs JavaScript. <a href="/docs">The API</a> doesn’t.</p></noscript>`;
    this.addPage("/", ({ search }) => ({ ...metaOf(stateOf(search)), body }));
  }

  /** Adds a page. @param page called with the URL of each request */
  addPage(path: string, page: (url: URL) => Page): void {
    this.files.push({
      path,
      contentFor: (url) => ({
        body: this.#html(page(url)),
        headers: {
          "content-type": "text/html; charset=utf-8",
          "cache-control": "no-cache",
          "content-security-policy": this.#policy,
          "referrer-policy": "no-referrer",
        },
      }),
    });
  }

  #addAsset(name: string, extension: string, body: string, type: string): string {
    const path = `/assets/${name}-${digest(body)}${extension}`;
    const headers = { "content-type": `${type}; charset=utf-8`, ...IMMUTABLE };
    this.files.push({ path, contentFor: () => ({ body, headers }) });
    return path;
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
}

function digest(body: string): string {
  return hash("sha256", body, "hex").slice(0, 12);
}
