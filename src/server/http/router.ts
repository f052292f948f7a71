import type { Call } from "./call.ts";
import { answerPreflight } from "./cors.ts";
import { methodNotAllowed } from "./refusal.ts";
import type { Reply } from "./reply.ts";

/** The values of a path's parameters, by name. */
export type PathParams = Record<string, string>;

/** Answers one request. `R` is a reply, or for handlers that may wait the promise of one. */
export type Handler<R> = (call: Call, params: PathParams) => R;

/** A path with the handlers of its methods. */
export interface Route<R> {
  /** Such as `/v1/buckets/:bucket`; a parameter is one segment that isn't empty. */
  path: string;
  handlers: Readonly<Record<string, Handler<R>>>;
}

/**
 * Finds the handler for a path and a method. `OPTIONS` is answered for every route.
 *
 * @example
 * ```ts
 * import { Router } from "./router.ts";
 * import { assertEquals } from "@std/assert";
 * const router = new Router([{ path: "/v1/buckets/:bucket", handlers: {} }]);
 * assertEquals(router.match("/v1/buckets/b")?.params, { bucket: "b" });
 * assertEquals(router.match("/v1/buckets/b/"), undefined);
 * ```
 */
export class Router<R> {
  readonly #routes: { handlers: Route<R>["handlers"]; segments: string[] }[];

  constructor(routes: readonly Route<R>[]) {
    this.#routes = routes.map(({ path, handlers }) => ({ handlers, segments: path.split("/") }));
  }

  /** The route of a decoded path, with its parameters; undefined when there is none. */
  match(path: string): { handlers: Route<R>["handlers"]; params: PathParams } | undefined {
    const parts = path.split("/");
    const found = this.#routes.find(({ segments }) =>
      segments.length === parts.length &&
      segments.every((segment, i) => segment[0] === ":" ? parts[i] !== "" : segment === parts[i])
    );
    if (found === undefined) return undefined;
    const params: PathParams = {};
    for (const [i, segment] of found.segments.entries()) {
      if (segment[0] === ":") params[segment.slice(1)] = parts[i]!;
    }
    return { handlers: found.handlers, params };
  }

  /**
   * Answers a request.
   *
   * @param otherwise answers when no route matches
   * @throws {Refusal} 405, and what the handler refuses
   */
  answer(call: Call, otherwise: (call: Call) => Reply): R | Reply {
    const found = this.match(call.path);
    if (found === undefined) return otherwise(call);
    const { handlers, params } = found;
    const methods = Object.keys(handlers);
    if (call.method === "OPTIONS") return answerPreflight(call, methods);
    const handler = methods.includes(call.method) ? handlers[call.method] : undefined;
    if (handler === undefined) throw methodNotAllowed(methods);
    return handler(call, params);
  }
}
