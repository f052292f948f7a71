import { type ListerOptions, listFolder } from "./archive_lister.ts";
import { type ArchiveFile, ArchiveTree } from "./archive_tree.ts";

/** What {@linkcode serveArchive} needs. */
export interface ArchiveServerOptions extends ListerOptions {
  /** The archive's files; a tree that is given may change while it's served. */
  files: Iterable<ArchiveFile> | ArchiveTree;
  /** @default {0} any free port */
  port?: number;
  /** Aborting it shuts the server down, as disposing of the server does. */
  signal?: AbortSignal;
  /** Called with each request; what it returns is sent instead of the archive's answer. */
  fault?: (path: string, request: Request) => Response | Promise<Response> | undefined;
}

/** An archive on a local port. */
export interface ArchiveServer extends AsyncDisposable {
  /** The root, with its slash: `http://127.0.0.1:8080/`. */
  readonly url: string;
  readonly tree: ArchiveTree;
  /** The number of requests by path, decoded and without the first slash; folders end in one. */
  readonly requests: Map<string, number>;
}

/**
 * Serves an archive as archive.mozilla.org does since it moved to Google Cloud Storage. Folders are
 * answered by {@linkcode listFolder}, missing ones with a page, missing files with XML; some JSON
 * documents have the type `application/octet-stream`. HEAD of a file gives its exact size, but
 * builds have no content worth reading.
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
    if (path === undefined) return fileNotFound(request.url);
    requests.set(path, (requests.get(path) ?? 0) + 1);
    return fault?.(path, request) ?? answerFrom(tree, path, request, options);
  };
  const server = Deno.serve({ port, hostname: "127.0.0.1", signal, onListen() {} }, answer);
  return {
    url: `http://127.0.0.1:${server.addr.port}/`,
    tree,
    requests,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** The archive's answer to a request, without the counting. */
export function answerFrom(
  tree: ArchiveTree,
  path: string,
  request: Request,
  options?: ListerOptions,
): Response {
  if (request.method !== "GET" && request.method !== "HEAD") {
    return new Response("Method Not Allowed\n", { status: 405, headers: { allow: "GET, HEAD" } });
  }
  if (path === "" || path.endsWith("/")) return listFolder(tree, path, request, options);
  const file = tree.file(path);
  if (!file) return fileNotFound(path);
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

/** The decoded path of a request; undefined where it can't be decoded. */
function pathOf(url: string): string | undefined {
  const start = url.indexOf("/", "http://".length) + 1;
  const query = url.indexOf("?", start);
  const path = url.slice(start, query < 0 ? undefined : query);
  if (!path.includes("%")) return path;
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

function fileNotFound(path: string): Response {
  const key = path.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
  const body = '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>NoSuchKey</Code>' +
    `<Message>The specified key does not exist.</Message><Key>${key}</Key></Error>`;
  return new Response(body, {
    status: 404,
    headers: { "content-type": "application/xml; charset=UTF-8" },
  });
}

function sumOf(path: string): number {
  let sum = 0;
  for (let i = 0; i < path.length; i++) sum += path.charCodeAt(i);
  return sum;
}
