import { apiPage } from "../catalogue/api_page.ts";
import { OPENAPI } from "../catalogue/openapi.ts";
import { Site, type SiteOptions } from "../catalogue/site.ts";
import { noSuchPath } from "./http/refusal.ts";
import { type Reply, reply } from "./http/reply.ts";
import type { Route } from "./http/router.ts";
import { EncodedTexts } from "./http/encoded_text.ts";

/** The catalogue: `/`, `/docs`, the files that they need, and `/v1/__api__`. */
export function catalogueRoutes(options: SiteOptions): Route<Reply | Promise<Reply>>[] {
  const site = new Site(options);
  site.addPage("/docs", "Buildhub’s API", apiPage(options));
  const texts = new EncodedTexts();
  const openApi = JSON.stringify(OPENAPI);
  const get = () => reply(200, openApi, { "access-control-allow-origin": "*" });
  const refuse = () => {
    throw noSuchPath();
  };
  return [
    ...site.files.map(({ path, ...content }) => texts.route(path, () => content)),
    // Files of other versions must not be redirected to Kinto's API.
    { path: "/assets/:file", handlers: { GET: refuse, HEAD: refuse } },
    { path: "/v1/__api__", handlers: { GET: get, HEAD: get } },
  ];
}
