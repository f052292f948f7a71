import type { Handler } from "./kinto_server.ts";

/** Writes a line of JSON for each request, after its answer is made. */
export function withAccessLog(
  handler: Handler,
  write: (line: string) => void,
  now: () => number = Date.now,
): Handler {
  return async (request) => {
    const began = now();
    const response = await handler(request);
    write(JSON.stringify({
      time: new Date(began).toISOString(),
      method: request.method,
      path: request.url.replace(/^\w+:\/\/[^/?#]*/, ""),
      status: response.status,
      ms: now() - began,
      agent: request.headers.get("user-agent"),
    }));
    return response;
  };
}
