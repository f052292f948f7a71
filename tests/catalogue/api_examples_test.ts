import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import Ajv from "ajv/dist/2020.js";
import { apiExamples } from "../../src/catalogue/api_examples.ts";
import { EXAMPLE } from "../../src/catalogue/example_build.ts";
import { OPENAPI, type Operation } from "../../src/catalogue/openapi.ts";
import { type Serve, startServe } from "../servers/serve.ts";
import { fill } from "./catalogue.ts";
import { run } from "./programs.ts";

const BUILD = {
  source: {
    product: "firefox",
    repository: "https://hg.mozilla.org/releases/mozilla-release",
    tree: "releases/mozilla-release",
    revision: "44d6a57ab554",
  },
  target: {
    platform: "linux-x86_64",
    os: "linux",
    locale: "fr",
    version: EXAMPLE.version,
    channel: "release",
  },
  download: {
    url:
      "https://archive.mozilla.org/pub/firefox/releases/135.0/linux-x86_64/fr/firefox-135.0.tar.xz",
    mimetype: "application/x-xz",
    size: 57211231,
    date: "2025-02-04T13:52:17Z",
  },
  build: { id: EXAMPLE.buildId, date: "2025-01-30T19:51:29Z", number: 2 },
};

/** A build in another locale, of another version. */
function build(locale: string, version: string) {
  const id = `firefox_${version.replaceAll(".", "-")}_linux-x86_64_${locale.toLowerCase()}`;
  return { ...BUILD, id, target: { ...BUILD.target, locale, version } };
}

let serve: Serve;

Deno.test.beforeAll(async () => {
  serve = await startServe();
  const [french, ...others] = [
    build("fr", EXAMPLE.version),
    build("de", EXAMPLE.version),
    build("en-US", "99.0"),
    build("en-US", EXAMPLE.version),
  ];
  await fill(serve.url, [french!, ...others]);
});

Deno.test.afterAll(async () => {
  await serve[Symbol.asyncDispose]();
});

/** What the output of each example contains. */
const OUTPUT: Record<string, string[]> = {
  "The latest release on each platform": [EXAMPLE.version, "linux-x86_64"],
  "The builds of a build id": ["firefox_135-0_linux-x86_64_de", "44d6a57ab554"],
  "All locales of a version": ["de", "en-US", "fr"],
  "What changed since yesterday": ["firefox_99-0_linux-x86_64_en-us"],
  "A search in Lucene’s syntax": ["firefox_135-0_linux-x86_64_fr", "2"],
  "Builds by month and channel": ["2025-02", "release"],
};

Deno.test.each(
  apiExamples("build-hub", "releases").flatMap((example) =>
    (["curl", "python", "javascript"] as const).map((language) => ({ ...example, language }))
  ),
)(
  "the API's page is right about “$title”, in $language",
  async ({ language, title, ...example }) => {
    const code = example[language].replaceAll("SERVER", serve.url.replace(/\/v1$/, ""));
    const output = await run(language, code);
    for (const text of OUTPUT[title]!) assertStringIncludes(output, text);
  },
);

const OPERATIONS = Object.entries(OPENAPI.paths).flatMap(([path, methods]) =>
  Object.entries(methods as Record<string, Operation>).map(([method, operation]) => ({
    path,
    method: method.toUpperCase(),
    operation,
  }))
);

Deno.test.each(OPERATIONS)(
  "the OpenAPI description is right about $method $path",
  async ({ path, method, operation }) => {
    const url = serve.url + path.replace("{bucket}", "build-hub")
      .replace("{collection}", "releases").replace("{id}", "firefox_135-0_linux-x86_64_fr");
    const response = await fetch(url, {
      method,
      ...method === "POST" && {
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ size: 2, aggs: { locales: { terms: { field: "target.locale" } } } }),
      },
    });
    assertEquals(response.status, 200);
    const { schema } = operation.responses[200]!.content["application/json"];
    const ajv = new Ajv.default({ strict: false, validateFormats: false });
    const validate = ajv.compile({ ...schema, components: OPENAPI.components });
    assert(validate(await response.json()), ajv.errorsText(validate.errors));
  },
);
