import { type ArchiveFile, ArchiveTree, type Listing } from "./archive_tree.ts";

/** Options of {@linkcode serveArchive}. */
export interface ArchiveServerOptions {
  /** The archive's files. A tree may change while it is served. */
  files: Iterable<ArchiveFile> | ArchiveTree;
  /** @default {0} any free port */
  port?: number;
  /** Aborting it shuts the server down, as disposing of the server does. */
  signal?: AbortSignal;
  /** Called first for each request; a response that it returns replaces the archive's. */
  fault?: (path: string, request: Request) => Response | Promise<Response> | undefined;
}

/** A running archive server. */
export interface ArchiveServer extends AsyncDisposable {
  /** The root, with its slash: `http://127.0.0.1:8080/`. */
  readonly url: string;
  readonly tree: ArchiveTree;
  /** The number of requests per path, decoded and without the first slash; folders end in one. */
  readonly requests: Map<string, number>;
}

const HEADERS = {
  json: { "content-type": "application/json" },
  html: { "content-type": "text/html" },
};

/**
 * Serves an archive on a port of this machine as archive.mozilla.org does: a folder as JSON or, unless
 * the request accepts that, as a page of links; some JSON documents as `application/octet-stream`;
 * error pages in HTML or XML. HEAD gives a build's size; its content is a placeholder.
 *
 * @example
 * ```ts
 * import { serveArchive } from "./archive_server.ts";
 * const file = { path: "pub/a.json", size: 2, last_modified: "2017-06-02T12:20:10Z", body: "{}" };
 * await using archive = serveArchive({ files: [file] });
 * const response = await fetch(`${archive.url}pub/`, { headers: { accept: "application/json" } });
 * const { prefixes, files } = await response.json();
 * if (prefixes.length !== 0 || files[0].name !== "a.json") throw new Error();
 * if (archive.requests.get("pub/") !== 1) throw new Error();
 * ```
 */
export function serveArchive(options: ArchiveServerOptions): ArchiveServer {
  const { files, port = 0, signal, fault } = options;
  const tree = files instanceof ArchiveTree ? files : new ArchiveTree(files);
  const requests = new Map<string, number>();
  const answer = (request: Request): Response | Promise<Response> => {
    const path = pathOf(request.url);
    if (path === undefined) return notFound(request.url);
    requests.set(path, (requests.get(path) ?? 0) + 1);
    return fault?.(path, request) ?? answerFrom(tree, path, request);
  };
  const server = Deno.serve({ port, hostname: "127.0.0.1", signal, onListen() {} }, answer);
  return {
    url: `http://127.0.0.1:${server.addr.port}/`,
    tree,
    requests,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** The archive's answer to one request, which isn't counted. */
export function answerFrom(tree: ArchiveTree, path: string, request: Request): Response {
  if (request.method !== "GET" && request.method !== "HEAD") {
    return new Response("Method Not Allowed\n", { status: 405, headers: { allow: "GET, HEAD" } });
  }
  if (path === "" || path.endsWith("/")) {
    const listing = tree.list(path);
    if (!listing) return notFound(path);
    return request.headers.get("accept")?.includes("application/json")
      ? new Response(JSON.stringify(listing), { headers: HEADERS.json })
      : new Response(page(path, listing), { headers: HEADERS.html });
  }
  const file = tree.file(path);
  if (!file) return notFound(path);
  const headers = new Headers({
    "content-type": contentType(file),
    "last-modified": new Date(file.last_modified).toUTCString(),
  });
  if (request.method === "HEAD") {
    headers.set("content-length", String(file.size));
    return new Response(null, { headers });
  }
  return new Response(file.body ?? `A build of ${file.size} bytes.\n`, { headers });
}

/** The decoded path of a request; undefined if it can't be decoded to the path of a file. */
function pathOf(url: string): string | undefined {
  const start = url.indexOf("/", "http://".length) + 1;
  const query = url.indexOf("?", start);
  const path = url.slice(start, query < 0 ? undefined : query);
  if (!path.includes("%")) return path;
  if (/%2f/i.test(path)) return undefined;
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

/** One JSON document in four, always the same ones, has the wrong type. */
function contentType({ path, body }: ArchiveFile): string {
  if (body === undefined) return "application/octet-stream";
  if (!path.endsWith(".json")) return "text/plain";
  return sumOf(path) % 4 === 0 ? "application/octet-stream" : "application/json";
}

/** Amazon's XML for some paths, a page for others; never JSON, whatever the request accepts. */
function notFound(path: string): Response {
  if (sumOf(path) % 2 === 0) {
    const body = "<!DOCTYPE html>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n";
    return new Response(body, { status: 404, headers: HEADERS.html });
  }
  const body = '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>NoSuchKey</Code>' +
    `<Message>The specified key does not exist.</Message><Key>${escape(path)}</Key></Error>`;
  return new Response(body, { status: 404, headers: { "content-type": "application/xml" } });
}

function sumOf(path: string): number {
  let sum = 0;
  for (let i = 0; i < path.length; i++) sum += path.charCodeAt(i);
  return sum;
}

function page(path: string, { prefixes, files }: Listing): string {
  const title = `Index of /${escape(path)}`;
  const links = [...prefixes, ...files.map(({ name }) => name)].map((name) =>
    `<li><a href="/${escape(encodeURI(path + name))}">${escape(name)}</a>`
  );
  return `<!DOCTYPE html>\n<title>${title}</title>\n<h1>${title}</h1>\n<ul>\n${
    links.join("\n")
  }\n</ul>\n`;
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
