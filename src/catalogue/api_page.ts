import { escape as escaped } from "@std/html/entities";
import { type ApiExample, apiExamples } from "./api_examples.ts";
import { OPENAPI, type Operation } from "./openapi.ts";
import type { SiteOptions } from "./site.ts";

const LANGUAGES = { curl: "curl", python: "Python", javascript: "JavaScript" } as const;

const KINTO_DOCS = "https://docs.kinto-storage.org/en/stable/api/1.x/filtering.html";
const DSL_DOCS = "https://www.elastic.co/guide/en/elasticsearch/reference/6.8/query-dsl.html";
const LUCENE_DOCS = "https://www.elastic.co/guide/en/elasticsearch/reference/6.8/" +
  "query-dsl-query-string-query.html#query-string-syntax";

/** What the search box takes; tests in tests/catalogue/search_box_test.ts. */
const SEARCH_BOX = `<section>
<h3>Words</h3>
<p>All words must be found. A word is a product, version, channel, platform, locale, build id,
changeset, repository or record id, or how one begins: <code>firefox 60 win</code>. A word that is a
whole value means just that one: <code>60.0</code> doesn’t find 60.0.1. A day such as
<code>2017-06-02</code> finds what was published or built on it, a download’s URL or file name that
download, the URL of a folder what is in it.</p>
</section>
<section>
<h3>Expressions</h3>
<p>A text with a field and a colon, with <code>AND</code>, <code>OR</code> or <code>NOT</code> in
capitals, or with one of <code>" ( ) [ ] { } * ? ~ ^ \\ &amp;&amp; ||</code>, is in
<a href="${LUCENE_DOCS}" rel="noreferrer">Lucene’s syntax</a>:
<code>build.id:2017* AND NOT target.locale:en-US</code>. Its parts must all be found unless
<code>OR</code> is between them. Upper and lower case differ.</p>
</section>
<section>
<h3>Order</h3>
<p>Elasticsearch sorts versions as texts, 10.0 before 9.0. This page sorts them as versions: it counts
the builds of each version, and asks for those that are on the page. The first 10,000 builds of a
search can be listed; filters and the other direction lead to the rest.</p>
</section>`;

/**
 * The page that explains the API, as HTML.
 *
 * @param origin of the request, which the examples name unless another Kinto has the records
 */
export function apiPage({ server, bucket, collection }: SiteOptions, origin: string): string {
  const address = server?.replace(/\/v1$/, "") ?? origin;
  const operations = Object.entries(OPENAPI.paths)
    // Another Kinto doesn't have it.
    .filter(([path]) => server === undefined || path !== "/__api__")
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, one]) => operationHtml(path, method, one))
    );
  return `<header class="top"><a class="brand" href="/">Buildhub</a>
<nav aria-label="Elsewhere"><a href="/">Search</a></nav></header>
<main class="docs">
<header>
<h1>The API</h1>
<p>${escaped(OPENAPI.info.description)} Reading needs no account, and pages of any origin may do it.
There is an <a href="/v1/__api__">OpenAPI description</a>, too.</p>
<p>The collection is <code>${
    escaped(`${bucket}/${collection}`)
  }</code>. Searches are requests in <a href="${DSL_DOCS}" rel="noreferrer">Elasticsearch’s query
DSL</a>. Filters, sorting, pagination and errors of the list of records are those of
<a href="${KINTO_DOCS}" rel="noreferrer">Kinto</a>.</p>
</header>
<div>
<h2>Examples</h2>
${apiExamples(bucket, collection).map((example) => exampleHtml(example, address)).join("\n")}
</div>
<div>
<h2>The search box</h2>
${SEARCH_BOX}
</div>
<div>
<h2>Requests</h2>
${operations.join("\n")}
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

function operationHtml(path: string, method: string, operation: Operation): string {
  const { summary, parameters, requestBody } = operation;
  const members = requestBody === undefined
    ? []
    : Object.entries(OPENAPI.components.schemas.SearchRequest.properties)
      .map(([name, { description }]) => ({ name, description }));
  const rows = [...parameters.filter((parameter) => parameter.in === "query"), ...members]
    .map(({ name, description }) =>
      `<tr><td><code>${escaped(name)}</code></td><td>${escaped(description)}</td></tr>`
    );
  const title = requestBody === undefined ? "Parameter" : "Member of the body";
  return `<section>
<h3><code><span class="method">${method.toUpperCase()}</span>/v1${escaped(path)}</code></h3>
<p>${escaped(summary)}.</p>
${
    rows.length === 0 ? "" : `<table><thead><tr><th>${title}</th><th>What it does</th></tr></thead>
<tbody>${rows.join("\n")}</tbody></table>`
  }
</section>`;
}
