import { reasonOf } from "../../errors/reason_of.ts";
import type { Accounts } from "../access/accounts.ts";
import { answerBatch } from "./batch.ts";
import type { Call, ServerSettings, Services } from "./call.ts";
import { answerPreflight } from "./cors.ts";
import { parseJson } from "./json.ts";
import { answerList } from "../store/lists.ts";
import { answerObject } from "../store/objects.ts";
import { paramsOf, searchOf } from "./query.ts";
import { ERRNO, methodNotAllowed, noSuchPath, Refusal, type Reply, reply } from "./reply.ts";
import { responseOf } from "./response.ts";
import { routeOf } from "./route.ts";
import { Schemas } from "../store/schemas.ts";
import type { Store } from "../store/store.ts";
import { answerGroups, answerUtility } from "./utilities.ts";

/** Answers an HTTP request. */
export type Handler = (request: Request) => Promise<Response>;

/** What a server is made of. */
export interface KintoServerOptions {
  store: Store;
  accounts: Accounts;
  settings: ServerSettings;
  /** Told of what should not happen: failures of the disk, and of this program. */
  onError: (error: unknown) => void;
  /** @default {Date.now} */
  now?: () => number;
}

/** The largest body that is read; a batch of some thousand records is smaller. */
const MAX_BODY_BYTES = 16 * 1024 * 1024;

const READ_METHODS = ["GET", "HEAD", "OPTIONS"];

/**
 * The part of Kinto's HTTP API that release collections need, on SQLite: the paths below `/v1/`.
 *
 * A request that writes is one transaction, and is answered after its commit; nothing waits within
 * it, so requests don't see each other half done.
 */
export function kintoServer(options: KintoServerOptions): Handler {
  const { store, accounts, settings, onError, now = Date.now } = options;
  const services: Services = { store, settings, schemas: undefined, nonces: new Map(), now };

  async function answer(request: Request): Promise<Reply> {
    try {
      const { method } = request;
      if (settings.isReadonly && !READ_METHODS.includes(method)) throw methodNotAllowed();
      const text = READ_METHODS.includes(method) ? "" : await bodyOf(request);
      const call = callOf(request, text, accounts);
      if (READ_METHODS.includes(method)) return dispatch(call, services, accounts);
      services.schemas ??= await Schemas.load();
      return store.transaction(() => dispatch(call, services, accounts));
    } catch (error) {
      if (error instanceof Refusal) return error.reply;
      onError(error);
      return failure(error);
    }
  }

  return async (request) => responseOf(request, await answer(request));
}

/** Answers one request, or one part of a batch. @throws {Refusal} */
function dispatch(call: Call, services: Services, accounts: Accounts): Reply {
  const route = call.path.startsWith("/v1/") ? routeOf(call.path.slice(3)) : undefined;
  if (route === undefined) return redirected(call);
  if (call.method === "OPTIONS") return answerPreflight(call, route);
  switch (route.type) {
    case "list":
      return answerList(call, services, route);
    case "object":
      return answerObject(call, services, route);
    case "groups":
      return answerGroups(call, services, route);
  }
  if (route.name !== "/batch" || call.method !== "POST") {
    return answerUtility(call, services, route.name);
  }
  const answerPart = (part: Call): Reply => {
    try {
      return dispatch(part, services, accounts);
    } catch (error) {
      // What isn't a refusal undoes the whole batch.
      if (error instanceof Refusal) return error.reply;
      throw error;
    }
  };
  return answerBatch(call, services, answerPart, (header) => accounts.userOf(header));
}

/** What isn't there: without the slash at its end, or with the version in front, it may be. */
function redirected({ path, origin, params }: Call): Reply {
  const query = searchOf(params);
  const to = path === "/v1"
    ? "/v1/"
    : path.startsWith("/v1/") && path.endsWith("/")
    ? path.replace(/\/+$/, "")
    : /^\/(?!v\d)/.test(path)
    ? `/v1${path}`
    : undefined;
  if (to === undefined || /[\r\n]/.test(path)) {
    if (path.startsWith("/v1")) throw noSuchPath();
    throw new Refusal(404, ERRNO.VERSION_NOT_AVAILABLE, {
      message: "The requested API version is not available on this server.",
    });
  }
  const location = `${origin}${encodeURI(to)}${query && `?${query}`}`;
  return { ...reply(307, "", { location }), body: null };
}

/** The request as data. @throws {Refusal} 400 for a path or a query that isn't UTF-8 */
function callOf(request: Request, text: string, accounts: Accounts): Call {
  // Not `new URL`: it would resolve `..` before anybody could refuse it.
  const [, origin = "", rest = ""] = /^(\w+:\/\/[^/?#]*)([^#]*)/.exec(request.url) ?? [];
  const question = rest.indexOf("?");
  const path = question < 0 ? rest : rest.slice(0, question);
  return {
    method: request.method,
    origin,
    path: decodePath(path),
    params: paramsOf(question < 0 ? "" : rest.slice(question + 1)),
    header: (name) => request.headers.get(name) ?? undefined,
    body: () => text === "" ? {} : parseJson(text),
    user: accounts.userOf(request.headers.get("authorization") ?? undefined),
  };
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path.replace(/%(?![0-9a-fA-F]{2})/g, "%25"));
  } catch {
    throw new Refusal(400, ERRNO.INVALID_PARAMETERS, { message: "Invalid URL path." });
  }
}

/** The body as text. @throws {Refusal} 413 before all of it is read, 400 when it isn't UTF-8 */
async function bodyOf(request: Request): Promise<string> {
  const tooLarge = () =>
    new Refusal(413, ERRNO.REQUEST_TOO_LARGE, {
      message: `Request body is larger than ${MAX_BODY_BYTES} bytes.`,
    });
  if (Number(request.headers.get("content-length")) > MAX_BODY_BYTES) throw tooLarge();
  if (request.body === null) return "";
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > MAX_BODY_BYTES) throw tooLarge();
  }
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Refusal(400, ERRNO.INVALID_PARAMETERS, { message: "The body is not UTF-8." });
  }
}

/** 503 when the disk failed, so that clients try again; 500 for a fault of this program. */
function failure(error: unknown): Reply {
  if (reasonOf(error) !== "" && (error as { code?: string }).code === "ERR_SQLITE_ERROR") {
    return new Refusal(503, ERRNO.BACKEND, {
      message:
        "Service temporary unavailable due to overloading or maintenance, please retry later.",
    }, { "retry-after": "3" }).reply;
  }
  return new Refusal(500, ERRNO.UNDEFINED, {
    message: "A programmatic error occurred, developers have been informed.",
  }).reply;
}
