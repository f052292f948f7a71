import { pythonStr } from "./python_repr.ts";

/** What the server answers, before it is an HTTP response or a part of a batch's. */
export interface Reply {
  status: number;
  headers: Record<string, string>;
  /** JSON text; null for no body. */
  body: string | null;
}

/** A reply with a JSON body. `body` is its text: stored records are passed on without parsing. */
export function reply(status: number, body: string, headers: Record<string, string> = {}): Reply {
  return { status, headers: { "content-type": "application/json", ...headers }, body };
}

/** Kinto's error numbers, those that are used here. */
export const ERRNO = {
  MISSING_AUTH_TOKEN: 104,
  INVALID_PARAMETERS: 107,
  INVALID_RESOURCE_ID: 110,
  MISSING_RESOURCE: 111,
  REQUEST_TOO_LARGE: 113,
  MODIFIED_MEANWHILE: 114,
  METHOD_NOT_ALLOWED: 115,
  VERSION_NOT_AVAILABLE: 116,
  FORBIDDEN: 121,
  BACKEND: 201,
  UNDEFINED: 999,
} as const;

const TITLES: Record<number, string> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  412: "Precondition Failed",
  413: "Request Entity Too Large",
  500: "Internal Server Error",
  503: "Service Unavailable",
};

/** A refusal in Kinto's error format; thrown anywhere, it becomes the reply. */
export class Refusal extends Error {
  override name = "Refusal";
  readonly reply: Reply;

  constructor(
    status: number,
    errno: number,
    body: { message?: string; error?: string; details?: unknown },
    headers: Record<string, string> = {},
  ) {
    super(body.message ?? TITLES[status]);
    const { error = TITLES[status], message, details } = body;
    const json = { code: status, errno, error, message, details };
    this.reply = reply(status, JSON.stringify(json), headers);
  }
}

/** One wrong part of a request. */
export interface InvalidPart {
  location: "body" | "header" | "path" | "querystring";
  name: string | null;
  description: string;
}

/** 400 "Invalid parameters", or 406 and 415 in the same form; the first part, by name, is told. */
export function invalid(parts: InvalidPart[], status = 400): Refusal {
  const details = parts.toSorted((a, b) => compare(pythonStr(a.name), pythonStr(b.name)));
  const { location, name, description } = details[0] as InvalidPart;
  const message = name === null
    ? `${location}: ${description}`
    : description.includes(name)
    ? description
    : `${name} in ${location}: ${description}`;
  return new Refusal(status, ERRNO.INVALID_PARAMETERS, {
    error: "Invalid parameters",
    message,
    details,
  });
}

/** 400 about the body. */
export function invalidBody(name: string, description: string): Refusal {
  return invalid([{ location: "body", name, description }]);
}

/** 404 for what isn't stored: `errno` 110 for the object asked for, 111 for one above it. */
export function notFound(resource: string, id: string, errno: number): Refusal {
  return new Refusal(404, errno, { details: { id, resource_name: resource } });
}

/** 404 for a path that leads nowhere. */
export function noSuchPath(): Refusal {
  return new Refusal(404, ERRNO.MISSING_RESOURCE, {
    message: "The resource you are looking for could not be found.",
  });
}

/** 405. */
export function methodNotAllowed(allowed: readonly string[] = []): Refusal {
  return new Refusal(405, ERRNO.METHOD_NOT_ALLOWED, {
    message: "Method not allowed on this endpoint.",
  }, allowed.length > 0 ? { allow: [...allowed, "OPTIONS"].join(", ") } : {});
}

/** ETag and Last-Modified of a timestamp in milliseconds. */
export function timestampHeaders(timestamp: number): Record<string, string> {
  return { etag: `"${timestamp}"`, "last-modified": new Date(timestamp).toUTCString() };
}

/** 304: what the client has is what there is. */
export function notModified(timestamp: number): Reply {
  return { status: 304, headers: timestampHeaders(timestamp), body: null };
}

/** Answers may be private, and change at any time. */
export const NO_CACHE = { "cache-control": "no-cache, no-store" };

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
