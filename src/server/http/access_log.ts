import { LIMITS } from "./limits.ts";
import type { Middleware } from "./middleware.ts";

/** Writes a line of JSON for each request, after it is answered. */
export function accessLog(write: (line: string) => void, now: () => number = Date.now): Middleware {
  return async (head, next) => {
    const began = now();
    const reply = await next(head);
    write(JSON.stringify({
      time: new Date(began).toISOString(),
      method: head.method,
      path: head.target.slice(0, LIMITS.targetLength),
      status: reply.status,
      ms: now() - began,
      agent: head.header("user-agent") ?? null,
    }));
    return reply;
  };
}
