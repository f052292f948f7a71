import { STATUS_CODES } from "node:http";
import { type Reply, reply } from "./reply.ts";

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

/** The title of a status; Kinto has an older one for 413. */
function titleOf(status: number): string | undefined {
  return status === 413 ? "Request Entity Too Large" : STATUS_CODES[status];
}

/** A refusal in Kinto's error format; wherever it is thrown, it becomes the reply. */
export class Refusal extends Error {
  override name = "Refusal";
  readonly reply: Reply;

  constructor(
    status: number,
    errno: number,
    body: { message?: string; error?: string; details?: unknown },
    headers: Record<string, string> = {},
  ) {
    super(body.message ?? titleOf(status));
    const { error = titleOf(status), message, details } = body;
    const json = { code: status, errno, error, message, details };
    this.reply = reply(status, JSON.stringify(json), headers);
  }
}

/** One invalid part of a request. */
export interface InvalidPart {
  location: "body" | "header" | "path" | "querystring";
  name: string | null;
  description: string;
}

/** 400 "Invalid parameters", or 406 and 415 in that form; the message is about the first, by name. */
export function invalid(parts: InvalidPart[], status = 400): Refusal {
  // Python sorts the missing name as "None".
  const key = ({ name }: InvalidPart) => name ?? "None";
  const details = parts.toSorted((a, b) => key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0);
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

/** 400 about one part. */
export function invalidPart(
  location: InvalidPart["location"],
  name: string | null,
  description: string,
): Refusal {
  return invalid([{ location, name, description }]);
}

/** 404 for an object that isn't stored: `errno` 110 for the requested one, 111 for a parent. */
export function notFound(resource: string, id: string, errno: number): Refusal {
  return new Refusal(404, errno, { details: { id, resource_name: resource } });
}

/** 404 for a path without a route. */
export function noSuchPath(): Refusal {
  return new Refusal(404, ERRNO.MISSING_RESOURCE, {
    message: "The resource you are looking for could not be found.",
  });
}

/** 405. */
export function methodNotAllowed(allowed: readonly string[] = [], details?: string): Refusal {
  return new Refusal(405, ERRNO.METHOD_NOT_ALLOWED, {
    message: "Method not allowed on this endpoint.",
    details,
  }, allowed.length > 0 ? { allow: [...allowed, "OPTIONS"].join(", ") } : {});
}

/** 401 for anonymous clients, 403 for others. */
export function denied(user: string | undefined): Refusal {
  if (user !== undefined) {
    return new Refusal(403, ERRNO.FORBIDDEN, {
      message: "This user cannot access this resource.",
    });
  }
  return new Refusal(401, ERRNO.MISSING_AUTH_TOKEN, {
    message: "Please authenticate yourself to use this endpoint.",
  }, { "www-authenticate": 'Basic realm="Realm"' });
}
