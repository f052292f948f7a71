import { apiPage } from "../catalogue/api_page.ts";
import { OPENAPI } from "../catalogue/openapi.ts";
import { Site, type SiteOptions } from "../catalogue/site.ts";
import type { Call } from "./http/call.ts";
import { noSuchPath } from "./http/refusal.ts";
import { type Reply, reply } from "./http/reply.ts";
import type { Route } from "./http/router.ts";
import { EncodedTexts } from "./http/encoded_text.ts";

/** The catalogue: `/`, `/docs`, the files that they need, and `/v1/__api__`. */
export function catalogueRoutes(options: SiteOptions): Route<Reply | Promise<Reply>>[] {
  const site = new Site(options);
  site.addPage("/docs", ({ origin }) => ({
    title: "The API · Buildhub",
    description:
      "Query the builds of Firefox and other Mozilla products by program: examples for " +
      "curl, Python and JavaScript, and all requests.",
    body: apiPage(options, origin),
  }));
  const texts = new EncodedTexts();
  const openApi = JSON.stringify(OPENAPI);
  const get = () => reply(200, openApi, { "access-control-allow-origin": "*" });
  const refuse = () => {
    throw noSuchPath();
  };
  return [
    ...site.files.map(({ path, contentFor }) =>
      texts.route(path, (call) => contentFor(publicUrl(call)))
    ),
    // Files of other versions must not be redirected to Kinto's API.
    { path: "/assets/:file", handlers: { GET: refuse, HEAD: refuse } },
    { path: "/v1/__api__", handlers: { GET: get, HEAD: get } },
  ];
}

/** The URL as the client sees it, also behind a proxy that terminates TLS. */
function publicUrl({ origin, target, header }: Call): URL {
  const url = new URL(origin + target);
  if (header("x-forwarded-proto") === "https") url.protocol = "https:";
  return url;
}
