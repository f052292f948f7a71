import { createHash } from "node:crypto";

/** Options of {@linkcode serveS3}. */
export interface S3ServerOptions {
  bucket: string;
  /** Contents by key. */
  objects: ReadonlyMap<string, Uint8Array>;
  /** @default {0} any free port */
  port?: number;
  /** Aborting it shuts the server down, as disposing of the server does. */
  signal?: AbortSignal;
}

/** A running S3 server. */
export interface S3Server extends AsyncDisposable {
  /** For AWS_ENDPOINT_URL_S3, with path-style addressing. */
  readonly url: string;
}

interface Stored {
  body: Uint8Array<ArrayBuffer>;
  etag: string;
}

/**
 * Serves a read-only bucket on a port of this machine, for any S3 client with path-style addressing:
 * ListObjectsV2 with prefix, delimiter and pages; GetObject and HeadObject with ranges and ETags.
 * Signatures are ignored.
 *
 * @example
 * ```ts
 * import { serveS3 } from "./s3_server.ts";
 * const objects = new Map([["a/b", new TextEncoder().encode("c")]]);
 * await using s3 = serveS3({ bucket: "public", objects });
 * const response = await fetch(`${s3.url}/public/a/b`);
 * if (await response.text() !== "c") throw new Error();
 * ```
 */
export function serveS3({ bucket, objects, port = 0, signal }: S3ServerOptions): S3Server {
  const stored = new Map([...objects].map(([key, content]) => {
    const body = new Uint8Array(content);
    return [key, { body, etag: `"${createHash("md5").update(body).digest("hex")}"` }];
  }));
  const keys = [...stored.keys()].sort();
  const answer = (request: Request): Response => {
    if (request.method !== "GET" && request.method !== "HEAD") {
      return failure(405, "MethodNotAllowed");
    }
    const { pathname, searchParams } = new URL(request.url);
    const [name = "", ...rest] = decode(pathname.slice(1)).split("/");
    if (name !== bucket) return failure(404, "NoSuchBucket", pathname);
    const key = rest.join("/");
    if (key !== "") {
      const object = stored.get(key);
      return object ? content(object, request) : failure(404, "NoSuchKey", key);
    }
    if (searchParams.get("list-type") !== "2") return failure(501, "NotImplemented", pathname);
    return list(bucket, keys, stored, searchParams);
  };
  const server = Deno.serve({ port, hostname: "127.0.0.1", signal, onListen() {} }, answer);
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

function content({ body, etag }: Stored, { headers: asked }: Request): Response {
  const headers: Record<string, string> = {
    "accept-ranges": "bytes",
    "content-type": "application/octet-stream",
    etag,
  };
  if (asked.get("if-none-match") === etag) return new Response(null, { status: 304, headers });
  if ((asked.get("if-match") ?? etag) !== etag) return failure(412, "PreconditionFailed");
  const range = /^bytes=(\d*)-(\d*)$/.exec(asked.get("range") ?? "");
  if (!range || range[0] === "bytes=-") return new Response(body, { headers });
  const [, first = "", last = ""] = range;
  const start = first === "" ? Math.max(0, body.length - Number(last)) : Number(first);
  const end = first === "" || last === "" ? body.length : Math.min(Number(last) + 1, body.length);
  if (start >= end) return failure(416, "InvalidRange");
  headers["content-range"] = `bytes ${start}-${end - 1}/${body.length}`;
  return new Response(body.subarray(start, end), { status: 206, headers });
}

/** A page of keys and common prefixes. */
function list(
  bucket: string,
  keys: readonly string[],
  stored: ReadonlyMap<string, Stored>,
  asked: URLSearchParams,
): Response {
  const prefix = asked.get("prefix") ?? "";
  const delimiter = asked.get("delimiter") ?? "";
  const most = Math.min(Number(asked.get("max-keys") ?? 1000) || 0, 1000);
  const token = asked.get("continuation-token");
  const after = token === null ? asked.get("start-after") ?? "" : decode(token);
  const encode = asked.get("encoding-type") === "url" ? encodeURIComponent : escape;
  const entries: string[] = [];
  let previous = after;
  let isTruncated = false;
  for (const key of keys) {
    // A common prefix that was the last entry of a page covers the keys that start with it.
    const covered = delimiter !== "" && previous.endsWith(delimiter) && previous !== prefix &&
      key.startsWith(previous);
    if (key <= after || !key.startsWith(prefix) || covered) continue;
    if (entries.length === most) {
      isTruncated = true;
      break;
    }
    const cut = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
    if (cut < 0) {
      const { body, etag } = stored.get(key)!;
      entries.push(
        `<Contents><Key>${encode(key)}</Key><LastModified>2025-07-02T01:00:00.000Z</LastModified>` +
          `<ETag>${escape(etag)}</ETag><Size>${body.length}</Size>` +
          "<StorageClass>STANDARD</StorageClass></Contents>",
      );
      previous = key;
    } else {
      previous = key.slice(0, cut + delimiter.length);
      entries.push(`<CommonPrefixes><Prefix>${encode(previous)}</Prefix></CommonPrefixes>`);
    }
  }
  const next = isTruncated
    ? `<NextContinuationToken>${encodeURIComponent(previous)}</NextContinuationToken>`
    : "";
  return xml(
    200,
    `<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>${bucket}</Name>` +
      `<Prefix>${encode(prefix)}</Prefix><KeyCount>${entries.length}</KeyCount>` +
      `<MaxKeys>${most}</MaxKeys><IsTruncated>${isTruncated}</IsTruncated>${next}` +
      (encode === escape ? "" : "<EncodingType>url</EncodingType>") +
      `${entries.join("")}</ListBucketResult>`,
  );
}

function failure(status: number, code: string, resource = ""): Response {
  return xml(
    status,
    `<Error><Code>${code}</Code><Message>${code}</Message>` +
      `<Resource>${escape(resource)}</Resource></Error>`,
  );
}

function xml(status: number, body: string): Response {
  return new Response(`<?xml version="1.0" encoding="UTF-8"?>\n${body}`, {
    status,
    headers: { "content-type": "application/xml" },
  });
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
