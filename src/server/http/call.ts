import { decodePercent } from "./decode_percent.ts";
import { parseJson } from "./parse_json.ts";
import { parseQuery, type Query } from "./query_string.ts";
import { readBody } from "./read_body.ts";
import { LIMITS } from "./limits.ts";
import { ERRNO, Refusal } from "./refusal.ts";

/** The head of a request, before its URL is decoded: what middleware needs. */
export interface Head {
  method: string;
  /** The server's address as the client knows it, such as `http://localhost:8888`. */
  origin: string;
  /** Path and query as they were sent. */
  target: string;
  /** A header's value; names in any case. */
  header: (name: string) => string | undefined;
}

/** One request, on its own or a part of a batch. */
export interface Call extends Head {
  /** Decoded, with the version, without the query. */
  path: string;
  query: Query;
  /** Reads the body into memory. @throws {Refusal} 400, 413 */
  receive: () => Promise<void>;
  /** The received body; empty for none. */
  text: () => string;
  /** The received body as JSON: `{}` for none. @throws {SyntaxError} */
  body: () => unknown;
  /** The user id; undefined for anonymous. */
  user: string | undefined;
  /** Aborted when the client disconnects. */
  signal: AbortSignal;
}

/** The head of an HTTP request. */
export function headOf(request: Request): Head {
  // Not `new URL`: it would resolve `..` before it can be refused.
  const [, origin = "", target = ""] = /^(\w+:\/\/[^/?#]*)([^#]*)/.exec(request.url) ?? [];
  return {
    method: request.method,
    origin,
    target,
    header: (name) => request.headers.get(name) ?? undefined,
  };
}

/** The path and the query string of a target. */
export function splitTarget(target: string): [path: string, query: string] {
  const question = target.indexOf("?");
  return question < 0 ? [target, ""] : [target.slice(0, question), target.slice(question + 1)];
}

/**
 * An HTTP request with its URL decoded.
 *
 * @throws {Refusal} 414 when it's too long, 400 for a path or a query that isn't UTF-8
 */
export function callOf(request: Request, head: Head, user: string | undefined): Call {
  if (head.target.length > LIMITS.targetLength) {
    throw new Refusal(414, ERRNO.INVALID_PARAMETERS, {
      message: `Path and query are longer than ${LIMITS.targetLength} bytes.`,
    });
  }
  const [encoded, search] = splitTarget(head.target);
  const path = decodePercent(encoded);
  if (path === undefined) {
    throw new Refusal(400, ERRNO.INVALID_PARAMETERS, { message: "Invalid URL path." });
  }
  let text = "";
  let parsed: unknown;
  return {
    ...head,
    path,
    query: parseQuery(search),
    receive: async () => void (text = await readBody(request)),
    text: () => text,
    body: () => text === "" ? {} : parsed ??= parseJson(text),
    user,
    signal: request.signal,
  };
}
