import { isObject, type JsonObject } from "../../net/json.ts";
import { type Call, splitTarget } from "../http/call.ts";
import { decodePercent } from "../http/decode_percent.ts";
import { LIMITS } from "../http/limits.ts";
import { parseQuery } from "../http/query_string.ts";
import { Refusal } from "../http/refusal.ts";
import { type Reply, reply } from "../http/reply.ts";
import type { Work } from "../store/work.ts";
import { type Answer, isWork } from "./answer.ts";
import { invalidBody, jsonBodyOf } from "./bodies.ts";
import { checkContentType } from "./media_types.ts";
import { pythonRepr } from "./python_repr.ts";
import { withoutSlashes } from "./redirected.ts";
import {
  type Check,
  mapping,
  Mistakes,
  oneOf,
  optional,
  required,
  sequence,
  text,
} from "./validator.ts";

/** One request of a batch. */
interface Part {
  method?: string;
  path: string;
  headers?: Record<string, string>;
  body?: JsonObject;
}

const headers: Check = (value, name, mistakes) => {
  mapping()(value, name, mistakes);
  if (isObject(value) && !Object.values(value).every((each) => typeof each === "string")) {
    mistakes.add("body", name, `${pythonRepr(value)} contains non string value`);
  }
};

const PART = {
  method: optional(oneOf(["GET", "HEAD", "DELETE", "TRACE", "POST", "PUT", "PATCH"])),
  headers: optional(headers),
  body: optional(mapping()),
};
const PATH = text("path", /^\//);
const DEFAULTS = mapping({ ...PART, path: optional(PATH) });
const REQUEST = mapping({ ...PART, path: required(PATH) });
const BATCH = mapping({ defaults: optional(DEFAULTS), requests: required(sequence(REQUEST)) });

/** How parts are read. */
export interface BatchOptions {
  /** The most requests in a batch. */
  maxRequests: number;
  /** The user of an Authorization header. */
  userOf: (authorization: string | undefined) => string | undefined;
}

/** The requests of a batch. @throws {Refusal} 400 when the batch itself is invalid */
export function batchOf(call: Call, { maxRequests, userOf }: BatchOptions): Call[] {
  checkContentType(call);
  const parts = partsOf(jsonBodyOf(call));
  parts.forEach(checkSize);
  if (parts.length > maxRequests) {
    throw invalidBody("requests", `Number of requests is limited to ${maxRequests}`);
  }
  if (parts.some(({ path }) => `${path} ${decodePercent(path)}`.includes("/batch"))) {
    throw invalidBody("requests", "Recursive call on /batch endpoint is forbidden.");
  }
  return parts.map((part) => callOf(part, call, userOf));
}

/**
 * Answers all requests of a batch, one after the other; each may succeed or fail on its own.
 *
 * @param answer answers one part
 * @param maxLength characters of all answers
 * @throws {Refusal} 400 when the answers are too large together
 */
export function* answerBatch(
  parts: readonly Call[],
  answer: (part: Call) => Answer,
  maxLength: number,
): Work<Reply> {
  let responses = "";
  for (const part of parts) {
    const { status, headers, body } = yield* replyTo(part, answer);
    const text = body === null || part.method === "HEAD" ? '""' : body;
    responses += `${responses && ","}{"path":${JSON.stringify(part.path)},"status":${status},` +
      `"headers":${JSON.stringify(properCase(headers))},"body":${text}}`;
    if (responses.length > maxLength) {
      throw invalidBody(
        "requests",
        `The answers are larger than ${maxLength} bytes together`,
      );
    }
    yield "part";
  }
  return reply(200, `{"responses":[${responses}]}`);
}

function* replyTo(part: Call, answer: (part: Call) => Answer): Work<Reply> {
  try {
    const answered = answer(part);
    return isWork(answered) ? yield* answered : answered;
  } catch (error) {
    // Any other error rolls the whole batch back.
    if (error instanceof Refusal) return error.reply;
    throw error;
  }
}

function callOf(
  { method = "GET", path: target, headers = {}, body = {} }: Part,
  parent: Call,
  userOf: BatchOptions["userOf"],
): Call {
  const own = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  if (Object.keys(body).length > 0) own.set("content-type", "application/json");
  const [bare, search] = splitTarget(target);
  const prefixed = bare.startsWith("/v1") ? bare : `/v1${bare}`;
  const decoded = decodePercent(prefixed) ?? prefixed;
  return {
    method,
    origin: parent.origin,
    target,
    // Redirections, those of a slash at the end, are followed.
    path: prefixed === "/v1/" ? decoded : withoutSlashes(decoded),
    query: parseQuery(search),
    header: (name) => own.get(name.toLowerCase()) ?? parent.header(name),
    receive: () => Promise.resolve(),
    text: () => JSON.stringify(body),
    body: () => body,
    user: own.has("authorization") ? userOf(own.get("authorization")) : parent.user,
    signal: parent.signal,
  };
}

/** Paths and headers have the limits of requests of their own. @throws {Refusal} 400 */
function checkSize({ path, headers = {} }: Part, index: number): void {
  if (path.length > LIMITS.targetLength) {
    throw invalidBody(
      `requests.${index}.path`,
      `Longer than the maximum of ${LIMITS.targetLength} bytes`,
    );
  }
  const length = Object.entries(headers).reduce(
    (sum, [name, value]) => sum + name.length + value.length,
    0,
  );
  if (length > LIMITS.partHeaderLength) {
    throw invalidBody(
      `requests.${index}.headers`,
      `Longer than the maximum of ${LIMITS.partHeaderLength} bytes`,
    );
  }
}

/** Defaults are applied to each request, which multiplies them. @throws {Refusal} 400 */
function checkDefaults(defaults: unknown, requests: readonly unknown[]): void {
  if (requests.length > LIMITS.batchParts) {
    throw invalidBody("requests", `Number of requests is limited to ${LIMITS.batchParts}`);
  }
  if (isObject(defaults) && JSON.stringify(defaults).length * requests.length > LIMITS.bodyBytes) {
    throw invalidBody("defaults", `Larger than ${LIMITS.bodyBytes} bytes, applied to all requests`);
  }
}

/** Checks the form of a batch, and completes its requests with the defaults. */
function partsOf(body: unknown): Part[] {
  if (isObject(body) && Array.isArray(body.requests)) checkDefaults(body.defaults, body.requests);
  const completed = isObject(body) && isObject(body.defaults) && Array.isArray(body.requests)
    ? { ...body, requests: body.requests.map((part) => withDefaults(part, body.defaults)) }
    : body;
  const mistakes = new Mistakes();
  BATCH(completed, "", mistakes);
  mistakes.throwIfAny();
  return (completed as { requests: Part[] }).requests;
}

/** A request with what it lacks from the defaults, at every depth. */
function withDefaults(request: unknown, defaults: unknown): unknown {
  if (!isObject(request) || !isObject(defaults)) return request;
  const result = new Map(Object.entries(request));
  for (const [key, value] of Object.entries(defaults)) {
    result.set(key, result.has(key) ? withDefaults(result.get(key), value) : value);
  }
  return Object.fromEntries(result);
}

/** `content-type` becomes `Content-Type`: clients look for these names within a batch. */
function properCase(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name === "etag" ? "ETag" : name.replace(/(^|-)[a-z]/g, (start) => start.toUpperCase()),
      value,
    ]),
  );
}
