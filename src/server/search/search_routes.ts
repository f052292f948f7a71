import { ifNoneMatch } from "@std/http/etag";
import { isKintoId } from "../../settings/kinto_id.ts";
import { principalsOf } from "../access/accounts.ts";
import { Permissions } from "../access/permissions.ts";
import type { Call } from "../http/call.ts";
import { denied, noSuchPath } from "../http/refusal.ts";
import { notModified, type Reply, reply, timestampHeaders } from "../http/reply.ts";
import type { Handler, PathParams, Route } from "../http/router.ts";
import type { Store } from "../store/store.ts";
import { SearchIndexes } from "./search_indexes.ts";
import { PAGE_SIZE, type SearchQuery, searchQueryOf } from "./search_query.ts";

/** Raised when the form of the answers changes; a part of them. */
const VERSION = 1;

const PATH = "/v1/__search__/:bucket/:collection";

/**
 * `GET /v1/__search__/BUCKET/COLLECTION`, and the newest builds in it, beside Kinto's API: Kinto has
 * no paths that begin so. Who may read the collection's records may search them.
 */
export function searchRoutes(store: Store): Route<Promise<Reply>>[] {
  const indexes = new SearchIndexes(store);
  const route = (path: string, queryOf: (call: Call) => SearchQuery | undefined) => {
    const get: Handler<Promise<Reply>> = async (call, params) => {
      const reply = await answer(call, params, queryOf);
      // Always: a browser may cache the answer, and reuse it for a page of another origin.
      return { ...reply, headers: { ...reply.headers, "access-control-allow-origin": "*" } };
    };
    return { path, handlers: { GET: get, HEAD: get } };
  };

  async function answer(
    call: Call,
    { bucket = "", collection = "" }: PathParams,
    queryOf: (call: Call) => SearchQuery | undefined,
  ): Promise<Reply> {
    if (!isKintoId(bucket) || !isKintoId(collection)) throw noSuchPath();
    const uri = `/buckets/${bucket}/collections/${collection}/records`;
    const place = { kind: "record", bucket, collection } as const;
    const permissions = new Permissions(store, principalsOf(call.user));
    if (permissions.onList("read", place, uri) !== "all") throw denied(call.user);

    const query = queryOf(call);
    const before = store.list(uri);
    if (before && !ifNoneMatch(call.header("if-none-match"), `"${before.timestamp}"`)) {
      return notModified(before.timestamp);
    }
    const found = await indexes.of(uri);
    if (found === undefined) throw noSuchPath();
    const { search, list } = found;
    const records = query ? search.page(query) : search.newest();
    // Stored records go out as the text that they are.
    const parts = [
      `"version":${VERSION},"timestamp":${list.timestamp}`,
      `"data":[${store.dataOf(records).join(",")}]`,
    ];
    if (query) {
      const { count, overview } = search.find(query);
      const pages = Math.ceil(count / PAGE_SIZE);
      parts.push(`"count":${count},"page":${query.page},"pages":${pages}`, overview.slice(1, -1));
    }
    return reply(200, `{${parts.join(",")}}`, {
      ...timestampHeaders(list.timestamp),
      "cache-control": "no-cache",
      vary: "authorization",
    });
  }

  return [
    route(PATH, (call) => searchQueryOf(call.query)),
    route(`${PATH}/newest`, () => undefined),
  ];
}
