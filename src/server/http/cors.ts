import type { Call } from "./call.ts";
import { LIST_METHODS } from "../store/lists.ts";
import { OBJECT_METHODS } from "../store/objects.ts";
import { invalid, type InvalidPart, type Reply, reply } from "./reply.ts";
import type { Route } from "./route.ts";
import { UTILITY_METHODS } from "./utilities.ts";

/** What scripts of other sites may read of an answer. */
export const EXPOSED_HEADERS = [
  "Alert",
  "Backoff",
  "Cache-Control",
  "Content-Length",
  "Content-Type",
  "ETag",
  "Expires",
  "Last-Modified",
  "Next-Page",
  "Pragma",
  "Retry-After",
  "Total-Objects",
  "Total-Records",
].join(", ");

const MAX_AGE_SECONDS = 3600;

/** Answers a browser's question whether it may send a request. @throws {Refusal} 400 */
export function answerPreflight(call: Call, route: Route): Reply {
  const methods = [...methodsOf(route), "OPTIONS"];
  const asked = call.header("Access-Control-Request-Method");
  const errors: InvalidPart[] = [];
  const refuse = (name: string, description: string) => {
    errors.push({ location: "header", name, description });
  };
  if (!call.header("Origin")) refuse("Origin", "this header is mandatory");
  if (!asked) refuse("Access-Control-Request-Method", "this header is mandatory");
  else if (!methods.includes(asked)) refuse("Access-Control-Request-Method", "Method not allowed");
  if (errors.length > 0) throw invalid(errors);
  const headers = (call.header("Access-Control-Request-Headers") ?? "").split(",")
    .map((name) => name.trim()).filter((name) => name !== "");
  return reply(200, "null", {
    "access-control-allow-methods": methods.join(","),
    "access-control-allow-headers": [...new Set([...EXPOSED_HEADERS.split(", "), ...headers])]
      .join(","),
    "access-control-max-age": String(MAX_AGE_SECONDS),
  });
}

/** The methods that a route knows. */
export function methodsOf(route: Route): readonly string[] {
  if (route.type === "list") return LIST_METHODS;
  if (route.type === "object") return OBJECT_METHODS;
  return route.type === "groups" ? ["GET", "HEAD"] : UTILITY_METHODS[route.name];
}
