import { notAMapping, throwIfAny } from "./body.ts";
import type { Call, Services } from "./call.ts";
import { isObject, type JsonObject } from "./json.ts";
import { pythonRepr, pythonStr } from "./python_repr.ts";
import { paramsOf } from "./query.ts";
import { invalidBody, type InvalidPart, type Reply, reply } from "./reply.ts";
import { checkContentType, jsonBodyOf } from "./resource.ts";

const METHODS = ["GET", "HEAD", "DELETE", "TRACE", "POST", "PUT", "PATCH"];

/** One request of a batch. */
interface Part {
  method?: string;
  path: string;
  headers?: Record<string, string>;
  body?: JsonObject;
}

/**
 * Answers all requests of a batch, one after the other; each may succeed or fail on its own.
 *
 * @param answer answers one
 * @param userOf whom an Authorization header proves
 * @throws {Refusal} when the batch itself is wrong: then none of it was done
 */
export function answerBatch(
  call: Call,
  { settings }: Services,
  answer: (part: Call) => Reply,
  userOf: (authorization: string | undefined) => string | undefined,
): Reply {
  checkContentType(call.header("Content-Type"));
  const parts = partsOf(jsonBodyOf(call));
  if (parts.length > settings.batchMaxRequests) {
    throw invalidBody("requests", `Number of requests is limited to ${settings.batchMaxRequests}`);
  }
  if (parts.some(({ path }) => path.includes("/batch"))) {
    throw invalidBody("requests", "Recursive call on /batch endpoint is forbidden.");
  }
  const responses = parts.map((part) => {
    const subcall = callOf(part, call, userOf);
    const { status, headers, body } = answer(subcall);
    const text = body === null || subcall.method === "HEAD" ? '""' : body;
    return `{"path":${JSON.stringify(subcall.path)},"status":${status},` +
      `"headers":${JSON.stringify(properCase(headers))},"body":${text}}`;
  });
  return reply(200, `{"responses":[${responses.join(",")}]}`);
}

function callOf(
  { method = "GET", path, headers = {}, body = {} }: Part,
  parent: Call,
  userOf: (authorization: string | undefined) => string | undefined,
): Call {
  const own = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  const hasBody = Object.keys(body).length > 0;
  if (hasBody) own.set("content-type", "application/json");
  const question = path.indexOf("?");
  const bare = question < 0 ? path : path.slice(0, question);
  const prefixed = bare.startsWith("/v1") ? bare : `/v1${bare}`;
  return {
    method,
    origin: parent.origin,
    // Redirections, those of a slash at the end, are followed.
    path: decoded(prefixed).replace(/(?<=.)\/+$/, (slash) => prefixed === "/v1/" ? slash : ""),
    params: paramsOf(question < 0 ? "" : path.slice(question + 1)),
    header: (name) => own.get(name.toLowerCase()) ?? parent.header(name),
    body: () => body,
    user: own.has("authorization") ? userOf(own.get("authorization")) : parent.user,
  };
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** Checks the form of a batch, and completes its requests with the defaults. */
function partsOf(body: unknown): Part[] {
  const errors: InvalidPart[] = [];
  const refuse = (name: string, description: string) => {
    errors.push({ location: "body", name, description });
  };
  if (!isObject(body)) throw invalidBody("", notAMapping(body));
  const { defaults, requests, ...unknown } = body;
  if (Object.keys(unknown).length > 0) {
    throw invalidBody("", `Unrecognized keys in mapping: "${pythonRepr(unknown)}"`);
  }
  if (defaults !== undefined) checkPart(defaults, "defaults", false, refuse);
  const parts: Part[] = [];
  if (requests === undefined) refuse("requests", "Required");
  else if (!Array.isArray(requests)) refuse("requests", `"${pythonStr(requests)}" is not iterable`);
  else {
    for (const [index, request] of requests.entries()) {
      const part = isObject(request) && isObject(defaults) ? completed(request, defaults) : request;
      checkPart(part, `requests.${index}`, true, refuse);
      parts.push(part as Part);
    }
  }
  throwIfAny(errors);
  return parts;
}

function checkPart(
  part: unknown,
  name: string,
  needsPath: boolean,
  refuse: (name: string, description: string) => void,
): void {
  if (!isObject(part)) return refuse(name, notAMapping(part));
  const { method, path, headers, body, ...unknown } = part;
  if (Object.keys(unknown).length > 0) {
    return refuse(name, `Unrecognized keys in mapping: "${pythonRepr(unknown)}"`);
  }
  if (method !== undefined && !METHODS.includes(String(method))) {
    refuse(`${name}.method`, `"${pythonStr(method)}" is not one of ${METHODS.join(", ")}`);
  }
  if (path === undefined) {
    if (needsPath) refuse(`${name}.path`, "Required");
  } else if (typeof path !== "string") {
    refuse(`${name}.path`, `${pythonStr(path)} is not a string: {'path': ''}`);
  } else if (!path.startsWith("/")) {
    refuse(`${name}.path`, "String does not match expected pattern");
  }
  if (headers !== undefined) {
    if (!isObject(headers)) refuse(`${name}.headers`, notAMapping(headers));
    else if (!Object.values(headers).every((value) => typeof value === "string")) {
      refuse(`${name}.headers`, `${pythonRepr(headers)} contains non string value`);
    }
  }
  if (body !== undefined && !isObject(body)) refuse(`${name}.body`, notAMapping(body));
}

/** The request with what it lacks from the defaults, at every depth. */
function completed(request: JsonObject, defaults: JsonObject): JsonObject {
  const result = new Map(Object.entries(request));
  for (const [key, value] of Object.entries(defaults)) {
    const own = result.get(key);
    if (own === undefined) result.set(key, value);
    else if (isObject(own) && isObject(value)) result.set(key, completed(own, value));
  }
  return Object.fromEntries(result);
}

/** `content-type` becomes `Content-Type`: within a batch, clients look for these names. */
function properCase(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name === "etag" ? "ETag" : name.replace(/(^|-)[a-z]/g, (start) => start.toUpperCase()),
      value,
    ]),
  );
}
