import { apiPage } from "../catalogue/api_page.ts";
import { OPENAPI } from "../catalogue/openapi.ts";
import { Site, type SiteOptions } from "../catalogue/site.ts";
import type { Handler } from "./kinto_server.ts";

/** Answers with the catalogue's pages: `/`, `/docs`, what they need, and `/v1/__api__`. */
export function withCatalogue(next: Handler, options: SiteOptions): Handler {
  const site = new Site(options);
  site.addPage("/docs", "Buildhub’s API", apiPage(options));
  const openApi = JSON.stringify(OPENAPI);
  return async (request) => {
    const [path = ""] = request.url.replace(/^\w+:\/\/[^/?#]*/, "").split(/[?#]/);
    if (path === "/v1/__api__" && (request.method === "GET" || request.method === "HEAD")) {
      return new Response(request.method === "HEAD" ? null : openApi, {
        headers: { "content-type": "application/json", "access-control-allow-origin": "*" },
      });
    }
    return site.has(path) ? await site.answer(request) : await next(request);
  };
}
