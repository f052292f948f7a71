import { apiPage } from "../../catalogue/api_page.ts";
import { OPENAPI } from "../../catalogue/openapi.ts";
import { Site, type SiteOptions } from "../../catalogue/site.ts";
import type { Handler } from "./kinto_server.ts";

/** No page of the catalogue begins like this. */
const STORED = "/v1/buckets/";

/** Answers with the catalogue's pages: `/`, `/docs`, what they need, and `/v1/__api__`. */
export function withCatalogue(next: Handler, options: SiteOptions): Handler {
  const site = new Site(options);
  site.addPage("/docs", ({ origin }) => ({
    title: "The API · Buildhub",
    description:
      "Query the builds of Firefox and other Mozilla products by program: examples for " +
      "curl, Python and JavaScript, and all requests.",
    body: apiPage(options, origin),
  }));
  const openApi = JSON.stringify(OPENAPI);
  return async (request) => {
    const { url } = request;
    const start = url.indexOf("/", url.indexOf("://") + 3);
    // Nearly all requests are for Kinto.
    if (url.startsWith(STORED, start)) return await next(request);
    const [path = ""] = url.slice(start).split(/[?#]/);
    if (path === "/v1/__api__" && (request.method === "GET" || request.method === "HEAD")) {
      return new Response(request.method === "HEAD" ? null : openApi, {
        headers: { "content-type": "application/json", "access-control-allow-origin": "*" },
      });
    }
    return site.has(path) ? await site.answer(request) : await next(request);
  };
}
