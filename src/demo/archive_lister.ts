import { createHash } from "node:crypto";
import { listedSize } from "../builds/listed_size.ts";
import type { ArchiveTree, Listing } from "./archive_tree.ts";

/** How a lister answers. */
export interface ListerOptions {
  /**
   * How sizes of 1,024 bytes and more are given: `"text"` rounds them, such as `"68M"`, as the
   * archive's lister does since 2024; `"bytes"` gives exact numbers, as the one before it did.
   * @default {"text"}
   */
  sizes?: "text" | "bytes";
}

/**
 * Answers the request for a folder as the archive's lister does: in JSON when the Accept header is
 * exactly `application/json`, else in HTML, in one piece however large the folder is. The ETag is a
 * hash of the body; conditional requests are answered in full.
 *
 * @param folder with its slash; `""` for the root
 */
export function listFolder(
  tree: Pick<ArchiveTree, "list">,
  folder: string,
  request: Request,
  { sizes = "text" }: ListerOptions = {},
): Response {
  const listing = tree.list(folder);
  if (!listing) return folderNotFound();
  const isJson = request.headers.get("accept") === "application/json";
  const body = isJson ? jsonOf(listing, sizes) : pageOf(folder, listing);
  const headers: HeadersInit = {
    "content-type": isJson ? "application/json" : "text/html; charset=utf-8",
    etag: createHash("sha256").update(body).digest("hex"),
    vary: "Accept",
  };
  if (request.method !== "HEAD") return new Response(body, { headers });
  headers["content-length"] = String(new TextEncoder().encode(body).length);
  return new Response(null, { headers });
}

/** The bytes that Python's `json.dumps` writes: the ETag depends on them. */
function jsonOf({ prefixes, files }: Listing, sizes: "text" | "bytes"): string {
  const entries = files.map(({ name, size, last_modified }) => {
    const listed = sizes === "text" ? listedSize(size) : size;
    return `{"name": ${ascii(name)}, "size": ${ascii(listed)}, ` +
      `"last_modified": ${ascii(last_modified)}}`;
  });
  return `{"prefixes": [${prefixes.map(ascii).join(", ")}], "files": [${entries.join(", ")}]}`;
}

function ascii(value: string | number): string {
  return JSON.stringify(value).replace(
    /[\x7f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function pageOf(folder: string, { prefixes, files }: Listing): string {
  const title = `Index of /${escape(folder)}`;
  const parent = folder === "" ? [] : [`<li><a href="../">..</a>`];
  const links = [...prefixes, ...files.map(({ name }) => name)].map((name) =>
    `<li><a href="/${escape(encodeURI(folder + name))}">${escape(name)}</a>`
  );
  return `<!DOCTYPE html>\n<title>${title}</title>\n<h1>${title}</h1>\n<ul>\n${
    [...parent, ...links].join("\n")
  }\n</ul>\n`;
}

function folderNotFound(): Response {
  const body = "<!DOCTYPE html>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n";
  return new Response(body, {
    status: 404,
    headers: { "content-type": "text/html; charset=utf-8" },
  });
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
