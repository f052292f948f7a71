import type { Call } from "./call.ts";
import { EXPOSED_HEADERS, type Middleware } from "./middleware.ts";
import { invalid, type InvalidPart } from "./refusal.ts";
import { type Reply, reply } from "./reply.ts";

const MAX_AGE_SECONDS = 3600;

/** Lets scripts of every origin read the responses. */
export const cors: Middleware = async (head, next) => {
  const reply = await next(head);
  if (head.header("origin") === undefined) return reply;
  return { ...reply, headers: { ...reply.headers, "access-control-allow-origin": "*" } };
};

/** Answers a browser's question whether a script may send a request. @throws {Refusal} 400 */
export function answerPreflight({ header }: Call, allowed: readonly string[]): Reply {
  const methods = [...allowed, "OPTIONS"];
  const requested = header("Access-Control-Request-Method");
  const errors: InvalidPart[] = [];
  const refuse = (name: string, description: string) =>
    errors.push({ location: "header", name, description });
  if (!header("Origin")) refuse("Origin", "this header is mandatory");
  if (!requested) refuse("Access-Control-Request-Method", "this header is mandatory");
  else if (!methods.includes(requested)) {
    refuse("Access-Control-Request-Method", "Method not allowed");
  }
  if (errors.length > 0) throw invalid(errors);
  const headers = `${EXPOSED_HEADERS},${header("Access-Control-Request-Headers") ?? ""}`.split(",")
    .map((name) => name.trim()).filter((name) => name !== "");
  return reply(200, "null", {
    "access-control-allow-methods": methods.join(","),
    "access-control-allow-headers": [...new Set(headers)].join(","),
    "access-control-max-age": String(MAX_AGE_SECONDS),
  });
}
