import { hash } from "node:crypto";
import { escape as escaped } from "@std/html/entities";
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
export interface SiteFile {
  /** Such as `/docs`. */
  path: string;
  body: string;
  /** Its media type, its cache control and its policy. */
  headers: Record<string, string>;
}

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
  readonly files: SiteFile[] = [];

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
    this.files.push({
      path,
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
      headers: {
        "content-type": "text/html; charset=utf-8",
        "cache-control": "no-cache",
        "content-security-policy": policy,
        "referrer-policy": "no-referrer",
      },
    });
  }

  #addHashed(name: string, extension: string, body: string, type: string): string {
    const path = `/assets/${name}-${digest(body)}${extension}`;
    const headers = { "content-type": `${type}; charset=utf-8`, ...FOREVER };
    this.files.push({ path, body, headers });
    return path;
  }
}

function digest(body: string): string {
  return hash("sha256", body, "hex").slice(0, 12);
}
