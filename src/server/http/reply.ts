/** What a handler answers: an HTTP response, or one part of a batch's. */
export interface Reply {
  status: number;
  /** By name in lower case. */
  headers: Record<string, string>;
  /** Text, or bytes that are sent as they are; null for no body. */
  body: string | Uint8Array | null;
}

/** A reply with a JSON body. `body` is its text: stored records are passed on without parsing. */
export function reply(status: number, body: string, headers: Record<string, string> = {}): Reply {
  return { status, headers: { "content-type": "application/json", ...headers }, body };
}

/** ETag and Last-Modified of a timestamp in milliseconds. */
export function timestampHeaders(timestamp: number): Record<string, string> {
  return { etag: `"${timestamp}"`, "last-modified": new Date(timestamp).toUTCString() };
}

/** 304: the client's copy is current. */
export function notModified(timestamp: number): Reply {
  return { status: 304, headers: timestampHeaders(timestamp), body: null };
}

/** For answers that may be private, and may change at any time. */
export const NO_CACHE = { "cache-control": "no-cache, no-store" };
