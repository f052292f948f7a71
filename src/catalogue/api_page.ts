import { escape as escaped } from "@std/html/entities";
import { type ApiExample, apiExamples } from "./api_examples.ts";
import { OPENAPI } from "./openapi.ts";
import type { SiteOptions } from "./site.ts";

const LANGUAGES = { curl: "curl", python: "Python", javascript: "JavaScript" } as const;

/**
 * The page that explains the API, as HTML.
 *
 * @param origin of the request, which the examples name unless another Kinto has the records
 */
export function apiPage({ server, bucket, collection }: SiteOptions, origin: string): string {
  const address = server?.replace(/\/v1$/, "") ?? origin;
  // Another Kinto has no search endpoint.
  const isThere = (text: string) => server === undefined || !/__(search|api)__/.test(text);
  const examples = apiExamples(bucket, collection).filter(({ curl }) => isThere(curl));
  const operations = Object.entries(OPENAPI.paths).filter(([path]) => isThere(path));
  return `<header class="top"><a class="brand" href="/">Buildhub</a>
<nav aria-label="Elsewhere"><a href="/">Search</a></nav></header>
<main class="docs">
<header>
<h1>The API</h1>
<p>${escaped(OPENAPI.info.description)} Reading needs no account, and pages of any origin may do it.
There is an <a href="/v1/__api__">OpenAPI description</a>, too.</p>
<p>The collection is <code>${
    escaped(`${bucket}/${collection}`)
  }</code>. Filters, sorting, pagination
and errors are those of <a href="https://docs.kinto-storage.org/en/stable/api/1.x/filtering.html"
rel="noreferrer">Kinto</a>.</p>
</header>
<div>
<h2>Examples</h2>
${examples.map((example) => exampleHtml(example, address)).join("\n")}
</div>
<div>
<h2>Requests</h2>
${operations.map(operationHtml).join("\n")}
</div>
</main>`;
}

function exampleHtml(example: ApiExample, address: string): string {
  const blocks = Object.entries(LANGUAGES).map(([language, name]) => {
    const code = example[language as keyof typeof LANGUAGES].replaceAll("SERVER", address);
    const open = language === "curl" ? " open" : "";
    return `<details${open}><summary>${name}</summary>
<pre tabindex="0"><code>${escaped(code)}</code></pre></details>`;
  });
  return `<section>
<h3>${escaped(example.title)}</h3>
<p>${escaped(example.text)}</p>
${blocks.join("\n")}
</section>`;
}

type Operation = typeof OPENAPI.paths[keyof typeof OPENAPI.paths];

function operationHtml([path, { get }]: [string, Operation]): string {
  const parameters = get.parameters.filter((parameter) => parameter.in === "query");
  const rows = parameters.map(({ name, description }) =>
    `<tr><td><code>${escaped(name)}</code></td><td>${escaped(description)}</td></tr>`
  );
  return `<section>
<h3><code><span class="method">GET</span>/v1${escaped(path)}</code></h3>
<p>${escaped(get.summary)}.</p>
${
    rows.length === 0 ? "" : `<table><thead><tr><th>Parameter</th><th>What it does</th></tr></thead>
<tbody>${rows.join("\n")}</tbody></table>`
  }
</section>`;
}
