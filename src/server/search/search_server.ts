import { type Accounts, principalsOf } from "../access/accounts.ts";
import type { Handler } from "../http/kinto_server.ts";
import { denied, Permissions } from "../access/permissions.ts";
import { paramsOf } from "../http/query.ts";
import { ERRNO, methodNotAllowed, notModified, Refusal, type Reply, reply } from "../http/reply.ts";
import { noSuchPath, timestampHeaders } from "../http/reply.ts";
import { responseOf } from "../http/response.ts";
import { isValidId } from "../http/route.ts";
import type { Store } from "../store/store.ts";
import { SearchIndexes } from "./search_indexes.ts";
import { PAGE_SIZE, searchQueryOf } from "./search_query.ts";

/** What searching takes. */
export interface SearchServerOptions {
  store: Store;
  accounts: Accounts;
  /** Answers everything else. */
  next: Handler;
  /** Told of what should not happen. */
  onError: (error: unknown) => void;
}

/** Raised when the form of the answers changes; a part of them. */
const VERSION = 1;

const PATH = /^\/v1\/__search__\/([^/]+)\/([^/]+)(\/newest)?$/;

/**
 * Answers `GET /v1/__search__/BUCKET/COLLECTION` and what is newest in it, beside Kinto's API:
 * Kinto has no paths that begin so. Who may read the collection's records may search them.
 */
export function withSearch({ store, accounts, next, onError }: SearchServerOptions): Handler {
  const indexes = new SearchIndexes(store);

  async function answer(request: Request, url: URL): Promise<Reply> {
    const [, bucket = "", collection = "", newest] = PATH.exec(url.pathname) ?? [];
    if (!isValidId(bucket) || !isValidId(collection)) throw noSuchPath();
    if (request.method !== "GET" && request.method !== "HEAD") {
      throw methodNotAllowed(["GET", "HEAD"]);
    }
    const user = accounts.userOf(request.headers.get("authorization") ?? undefined);
    const uri = `/buckets/${bucket}/collections/${collection}/records`;
    const place = { kind: "record", bucket, collection } as const;
    const permissions = new Permissions(store, principalsOf(user));
    if (permissions.onList("read", place, uri) !== "all") throw denied(user);

    const query = newest ? undefined : searchQueryOf(paramsOf(url.search.slice(1)));
    const known = request.headers.get("if-none-match");
    const before = store.list(uri);
    if (before && known === `"${before.timestamp}"`) return notModified(before.timestamp);
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

  return async (request) => {
    if (!request.url.includes("/v1/__search__/")) return await next(request);
    const url = new URL(request.url);
    if (!PATH.test(url.pathname)) return await next(request);
    let replied: Reply;
    try {
      replied = await answer(request, url);
    } catch (error) {
      if (!(error instanceof Refusal)) onError(error);
      replied = error instanceof Refusal ? error.reply : new Refusal(500, ERRNO.UNDEFINED, {
        message: "A programmatic error occurred, developers have been informed.",
      }).reply;
    }
    // Always: a browser may keep the answer, and give it to a page of another origin.
    const headers = { ...replied.headers, "access-control-allow-origin": "*" };
    return responseOf(request, { ...replied, headers });
  };
}
