import { Buffer } from "node:buffer";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { sleep } from "../../src/net/sleep.ts";

/** What can go wrong between a client and a server. */
export const FAULTS = [
  /** The answer comes late, and whole. */
  "latency",
  /** The connection is reset, and the target never saw the request. */
  "reset-before",
  /** The target did what was asked, and the connection is reset before a byte of its answer. */
  "reset-after",
  /** 503; the target never saw the request. */
  "unavailable",
  /** 429 with Retry-After; the target never saw the request. */
  "throttled",
  /** The target's answer with its Content-Length, and only half of its body. */
  "truncated",
  /** The target's answer in chunks, the last ones missing. */
  "cut-chunks",
  /** Status 200 and an XML error page instead of the target's answer. */
  "garbage",
] as const;

/**
 * What broken or hostile servers answer. Never a part of {@linkcode everyFault} by itself: a client
 * can't always recover from these, and some make it wait as long as it is willing to.
 */
export const HOSTILE_FAULTS = [
  /** Status 200 and an HTML page instead of the target's answer. */
  "html",
  /** Status 200 and no body instead of the target's answer. */
  "empty",
  /** 503 with `Retry-After: 999999999`; the target never saw the request. */
  "endless-wait",
  /** 503 with a Retry-After in 2099; the target never saw the request. */
  "distant-date",
  /** The target's answer with `Backoff: 86400000`. */
  "long-backoff",
  /** The target's JSON, each of its string values beginning with a NUL. */
  "nul",
  /** The target's answer, leading to another page: Kinto's Next-Page, or S3's continuation token. */
  "endless-pages",
] as const;

/** One of {@linkcode FAULTS} or {@linkcode HOSTILE_FAULTS}. */
export type Fault = typeof FAULTS[number] | typeof HOSTILE_FAULTS[number];

const ALL_FAULTS: readonly Fault[] = [...FAULTS, ...HOSTILE_FAULTS];

/** A whole request, on its way to the target. */
export interface ProxyRequest {
  method: string;
  /** Path and query. */
  path: string;
  /** Lower-cased names. */
  headers: Record<string, string | string[] | undefined>;
  body: Uint8Array<ArrayBuffer>;
}

/** A whole answer, on its way back. */
export interface ProxyResponse {
  status: number;
  /** Lower-cased names; the proxy sets Transfer-Encoding, and Content-Length unless HEAD asks. */
  headers: Record<string, string | string[] | undefined>;
  body: Uint8Array<ArrayBuffer>;
}

/** How a {@linkcode FaultProxy} behaves. */
export interface FaultProxyOptions {
  /** The same seed gives the same faults to the same requests. @default {1} */
  seed?: number;
  /** The share of requests that each fault hits; see {@linkcode everyFault}. @default {{}} */
  faults?: Partial<Record<Fault, number>>;
  /** Only these requests are hit. @default {() => true} */
  only?: (request: ProxyRequest) => boolean;
  /** How late `latency` is. @default {50} */
  latencyMs?: number;
  /** What `throttled` asks for. @default {0} */
  retryAfterSeconds?: number;
  /**
   * Stands between proxy and target: may change the request, the answer, both, or not forward at
   * all. `random` gives values in [0, 1) that depend on the seed and the request only. Requests hit
   * by a fault that keeps them from the target don't pass here.
   *
   * @default {(request, forward) => forward(request)}
   */
  handle?: (
    request: ProxyRequest,
    forward: (request: ProxyRequest) => Promise<ProxyResponse>,
    random: () => number,
  ) => Promise<ProxyResponse>;
}

/** A running proxy. */
export interface FaultProxy extends AsyncDisposable {
  /** The target's URL, path included, with the proxy's own host and port. */
  readonly url: string;
  /** Requests that came in. */
  readonly requests: number;
  /** How often each fault was injected. */
  readonly injected: Readonly<Record<Fault, number>>;
}

/** The same share of requests for each fault, `rate` in all. */
export function everyFault(
  rate: number,
  faults: readonly Fault[] = FAULTS,
): Partial<Record<Fault, number>> {
  return Object.fromEntries(faults.map((fault) => [fault, rate / faults.length]));
}

/**
 * Starts an HTTP proxy in front of `target` that does to its clients what networks do.
 *
 * Which request is hit depends on the seed, the request's method, path and body, and on how often
 * the same one came before: not on the order of requests sent in parallel. A repeated request rolls
 * the dice anew.
 */
export async function startFaultProxy(
  target: string,
  options: FaultProxyOptions = {},
): Promise<FaultProxy> {
  const { seed = 1, faults = {}, only = () => true, latencyMs = 50, retryAfterSeconds = 0 } =
    options;
  const { handle = (request, forward) => forward(request) } = options;
  const injected = Object.fromEntries(ALL_FAULTS.map((fault) => [fault, 0])) as Record<
    Fault,
    number
  >;
  const seen = new Map<number, number>();
  const stopped = new AbortController();
  // No connection is kept: one that the target closed would be a fault that nobody counted.
  const agent = new http.Agent({ keepAlive: false });
  const forward = (request: ProxyRequest) => send(new URL(target).origin, request, agent);
  let requests = 0;

  const answer = async (incoming: http.IncomingMessage, outgoing: http.ServerResponse) => {
    const request: ProxyRequest = {
      method: incoming.method ?? "GET",
      path: incoming.url ?? "/",
      headers: { ...incoming.headers },
      body: await bytesOf(incoming),
    };
    requests++;
    const print = fingerprint(request);
    const time = (seen.get(print) ?? 0) + 1;
    seen.set(print, time);
    const random = randomFrom(seed ^ print ^ Math.imul(time, 0x9e3779b1));
    const fault = only(request) ? pick(faults, random()) : undefined;
    if (fault) injected[fault]++;
    switch (fault) {
      case "reset-before":
        return void incoming.socket.resetAndDestroy();
      case "unavailable":
        return void outgoing.writeHead(503).end("injected by the fault proxy");
      case "throttled":
        return void outgoing.writeHead(429, { "retry-after": String(retryAfterSeconds) })
          .end("injected by the fault proxy");
      case "endless-wait":
      case "distant-date":
        return void outgoing.writeHead(503, { "retry-after": ABSURD_WAITS[fault] })
          .end("injected by the fault proxy");
    }
    const answered = await handle(withoutToken(request), forward, random);
    const changed = fault === "nul"
      ? withNuls(answered)
      : fault === "endless-pages"
      ? withNextPage(answered, request.path, requests)
      : answered;
    const { status, headers, body } = changed;
    const half = body.subarray(0, body.length >> 1);
    switch (fault) {
      case "reset-after":
        return void incoming.socket.resetAndDestroy();
      case "truncated":
        outgoing.writeHead(status, { ...headers, "content-length": String(body.length) });
        return void outgoing.write(half, () => incoming.socket.destroy());
      case "cut-chunks":
        delete headers["content-length"];
        outgoing.writeHead(status, { ...headers, "transfer-encoding": "chunked" });
        return void outgoing.write(half, () => incoming.socket.destroy());
      case "garbage":
        return void outgoing.writeHead(200, { "content-type": "application/xml" })
          .end('<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>InternalError</Code></Error>');
      case "html":
        return void outgoing.writeHead(200, { "content-type": "text/html" })
          .end("<!DOCTYPE html>\n<title>Please wait</title>");
      case "empty":
        return void outgoing.writeHead(200, headers).end();
      case "long-backoff":
        headers["backoff"] = "86400000";
        break;
      case "latency":
        await sleep(latencyMs, stopped.signal);
    }
    const length = request.method === "HEAD" || status === 304 || status === 204
      ? {}
      : { "content-length": String(body.length) };
    outgoing.writeHead(status, { ...headers, ...length }).end(body);
  };

  const server = http.createServer((incoming, outgoing) => {
    // The client or the target went away: what is left is to close the connection.
    answer(incoming, outgoing).catch(() => incoming.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = new URL(target);
  url.port = String((server.address() as AddressInfo).port);
  url.hostname = "127.0.0.1";
  return {
    url: target.endsWith("/") ? url.href : url.href.replace(/\/$/, ""),
    injected,
    get requests() {
      return requests;
    },
    async [Symbol.asyncDispose]() {
      stopped.abort();
      server.closeAllConnections();
      agent.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const ABSURD_WAITS = {
  "endless-wait": "999999999",
  "distant-date": "Thu, 01 Jan 2099 00:00:00 GMT",
} as const;

function withNuls({ status, headers, body }: ProxyResponse): ProxyResponse {
  const text = new TextDecoder().decode(body).replace(/(":\s*")/g, "$1\\u0000");
  return { status, headers, body: new TextEncoder().encode(text) };
}

/** The request for the first page instead of one that {@linkcode withNextPage} made up. */
function withoutToken(request: ProxyRequest): ProxyRequest {
  return { ...request, path: request.path.replace(/continuation-token=endless-\d+&?/, "") };
}

function withNextPage(
  { status, headers, body }: ProxyResponse,
  path: string,
  count: number,
): ProxyResponse {
  const text = new TextDecoder().decode(body);
  if (!text.includes("<ListBucketResult")) {
    // The same page again: Kinto refuses a token that isn't its own.
    const next = `http://127.0.0.1${path}${path.includes("?") ? "&" : "?"}_${count}`;
    return { status, headers: { ...headers, "next-page": next }, body };
  }
  const listing = text
    .replace(
      /<IsTruncated>.*?<\/IsTruncated>|<NextContinuationToken>.*?<\/NextContinuationToken>/g,
      "",
    )
    .replace(
      "</ListBucketResult>",
      `<IsTruncated>true</IsTruncated><NextContinuationToken>endless-${count}</NextContinuationToken>$&`,
    );
  return { status, headers, body: new TextEncoder().encode(listing) };
}

/** The target's answer; the Host header stays the client's, so that links lead through the proxy. */
function send(origin: string, request: ProxyRequest, agent: http.Agent): Promise<ProxyResponse> {
  const { method, path, body } = request;
  const headers: Record<string, string | string[] | undefined> = { ...request.headers };
  delete headers["transfer-encoding"];
  delete headers["connection"];
  if (body.length > 0 || "content-length" in headers) {
    headers["content-length"] = String(body.length);
  }
  const sent = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]]
  );
  return new Promise((resolve, reject) => {
    const outgoing = http.request(`${origin}${path}`, {
      method,
      headers: Object.fromEntries(sent),
      agent,
    }, async (response) => {
      try {
        const headers: ProxyResponse["headers"] = { ...response.headers };
        for (const name of ["transfer-encoding", "connection", "keep-alive"]) delete headers[name];
        // It's the size of the body, except of one that HEAD asks about.
        if (method !== "HEAD") delete headers["content-length"];
        resolve({ status: response.statusCode ?? 502, headers, body: await bytesOf(response) });
      } catch (error) {
        reject(error);
      }
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

async function bytesOf(message: http.IncomingMessage): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of message) chunks.push(chunk);
  return new Uint8Array(Buffer.concat(chunks));
}

function pick(faults: Partial<Record<Fault, number>>, value: number): Fault | undefined {
  for (const fault of ALL_FAULTS) {
    value -= faults[fault] ?? 0;
    if (value < 0) return fault;
  }
}

/** FNV-1a, 32 bits. */
function fingerprint({ method, path, headers, body }: ProxyRequest): number {
  let hash = 0x811c9dc5;
  const add = (byte: number) => hash = Math.imul(hash ^ byte, 0x01000193);
  for (const byte of new TextEncoder().encode(`${method} ${path} ${headers.range ?? ""}`)) {
    add(byte);
  }
  for (const byte of body) add(byte);
  return hash;
}

/** mulberry32. */
function randomFrom(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), seed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
