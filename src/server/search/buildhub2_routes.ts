import type { Call } from "../http/call.ts";
import { Refusal } from "../http/refusal.ts";
import { type Reply, reply } from "../http/reply.ts";
import type { Handler, Route } from "../http/router.ts";
import type { CollectionPlace } from "./collection_indexes.ts";
import { DslError } from "./dsl/dsl_error.ts";
import { parseRequest, type SizeOptions } from "./dsl/request.ts";
import { SearchUnavailable } from "./search_runner.ts";
import { BUILDHUB2 } from "./search_view.ts";
import type { Searches } from "./searches.ts";

/** Buildhub2's limits. */
const SIZES: SizeOptions = { defaultSize: 10, sizeLimit: 1000 };

/** Scripts of every origin may read the answers, whatever headers their browser sends. */
const HEADERS = { "access-control-allow-origin": "*" };

/**
 * `/api/search`, as Buildhub2 has it: POST with a body in Elasticsearch's query DSL, of any content
 * type. GET gives the first builds, whatever its parameters.
 *
 * @param place the collection that is searched
 */
export function buildhub2Routes(
  searches: Searches,
  place: CollectionPlace,
): Route<Promise<Reply>>[] {
  const handler =
    (bodyOf: (call: Call) => Promise<string> | string): Handler<Promise<Reply>> => async (call) => {
      try {
        searches.checkPermission(call, place);
        const request = parseRequest(await bodyOf(call), SIZES);
        const task = { place, view: BUILDHUB2, request, indexName: "buildhub2" };
        return reply(200, await searches.answer(call, task), HEADERS);
      } catch (error) {
        return errorReply(error);
      }
    };
  const post = handler((call) => searches.bodyOf(call));
  const get = handler(() => "");
  return [{ path: "/api/search", handlers: { POST: post, GET: get, HEAD: get } }];
}

/** Buildhub2's form of an error. @throws {unknown} those of the server */
function errorReply(error: unknown): Reply {
  const failed = (status: number, message: string, headers: Record<string, string> = {}) =>
    reply(status, JSON.stringify({ error: message }), { ...HEADERS, ...headers });
  if (error instanceof DslError) return failed(400, error.reason);
  if (error instanceof Refusal) return failed(error.reply.status, error.message);
  if (error instanceof SearchUnavailable) return failed(503, error.message, error.headers);
  throw error;
}
