import type { Call } from "../http/call.ts";
import { LIMITS } from "../http/limits.ts";
import { ERRNO, Refusal } from "../http/refusal.ts";
import { type Reply, reply } from "../http/reply.ts";
import type { Handler, Route } from "../http/router.ts";
import { DslError } from "./dsl/dsl_error.ts";
import {
  parseRequest,
  requestByText,
  type SearchRequest,
  type SizeOptions,
} from "./dsl/request.ts";
import { SearchUnavailable } from "./search_runner.ts";
import { RECORDS } from "./search_view.ts";
import type { Searches } from "./searches.ts";

/**
 * `/v1/buckets/BUCKET/collections/COLLECTION/search`, as the plugin kinto-elasticsearch has it: POST
 * with a body in Elasticsearch's query DSL, GET with `q` in Lucene's syntax.
 *
 * Like there, a collection that doesn't exist has no records.
 *
 * @param paginateBy the most hits of an answer, and how many a request gets that doesn't say
 */
export function kintoSearchRoutes(
  searches: Searches,
  paginateBy: number = LIMITS.pageObjects,
): Route<Promise<Reply>>[] {
  const size = Math.min(paginateBy, LIMITS.pageObjects);
  const sizes: SizeOptions = { defaultSize: size, maxSize: size };
  const handler =
    (requestOf: (call: Call) => Promise<SearchRequest> | SearchRequest): Handler<Promise<Reply>> =>
    async (call, { bucket = "", collection = "" }) => {
      const place = { bucket, collection };
      searches.checkPermission(call, place);
      try {
        const request = await requestOf(call);
        const indexName = `kinto-${bucket}-${collection}`;
        const task = { place, view: RECORDS, request, indexName };
        return reply(200, await searches.answer(call, task));
      } catch (error) {
        throw refusalOf(error);
      }
    };
  const post = handler(async (call) => parseRequest(await searches.bodyOf(call), sizes));
  const get = handler(({ query }) => requestByText([query.get("q") ?? []].flat().at(-1), sizes));
  const path = "/v1/buckets/:bucket/collections/:collection/search";
  return [{ path, handlers: { POST: post, GET: get, HEAD: get } }];
}

/** The plugin's answer to an error of Elasticsearch. */
function refusalOf(error: unknown): unknown {
  if (error instanceof DslError) {
    const { type, reason } = error;
    return new Refusal(400, ERRNO.INVALID_PARAMETERS, {
      message: reason,
      details: { type, reason },
    });
  }
  if (!(error instanceof SearchUnavailable)) return error;
  return new Refusal(503, ERRNO.BACKEND, { message: error.message }, error.headers);
}
