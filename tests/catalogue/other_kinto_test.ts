import { assert, assertEquals } from "@std/assert";
import { Source } from "../../src/catalogue/app/source.ts";
import { stateOf } from "../../src/catalogue/app/state.ts";
import { startBrowser } from "../servers/browser.ts";
import { startKinto } from "../servers/kinto.ts";
import { startKintoElasticsearch } from "../servers/kinto_elasticsearch.ts";
import { startServe } from "../servers/serve.ts";
import { browserTest, fill, found, sampleBuilds, visit } from "./catalogue.ts";
import { textsFor } from "./texts.ts";

Deno.test("the page works over Kinto with kinto-elasticsearch", {
  sanitizeOps: false,
  sanitizeResources: false,
}, async (test) => {
  await using browser = await startBrowser();
  await using kinto = await startKintoElasticsearch();
  await using serve = await startServe({ args: ["--catalogue-of", kinto.url] });
  const builds = await sampleBuilds();
  await fill(kinto.url, builds);

  await test.step("in a browser, from another origin", async () => {
    await using visited = await visit(browser, serve.url.replace(/v1$/, ""));
    const { page } = visited;
    await found(page, builds.length);
    await page.locator(".plot path").first().waitFor();
    await page.getByText("Newest builds").waitFor();
    const fennec = builds.filter(({ source }) => source.product === "fennec");
    await page.getByRole("checkbox", { name: `Fennec ${fennec.length}` }).check();
    await found(page, fennec.length);
    const { version } = fennec[0]!.target;
    await page.getByRole("searchbox").fill(version);
    await found(page, fennec.filter(({ target }) => target.version === version).length);
    await visited.picture("other-kinto");
    await page.locator("[data-result]").first().click();
    await page.getByRole("heading", { level: 1, name: /^Fennec/ }).waitFor();
    await page.goBack();
    await page.getByRole("link", { name: "Clear all" }).click();
    await page.getByRole("link", { name: "Next →" }).click();
    await page.locator("[aria-current]", { hasText: "2" }).waitFor();
    assertEquals(visited.complaints, []);
    assert(
      [...visited.hosts].every((host) =>
        [kinto.url, serve.url].some((url) => new URL(url).host === host)
      ),
    );
  });

  // The same texts find the same builds over serve: source_test.ts.
  const source = new Source(kinto.url, "build-hub", "releases");
  const { signal } = new AbortController();
  for (const { q, finds } of textsFor(builds)) {
    await test.step(`the search box finds builds by ${q}`, async () => {
      const state = stateOf(`?${new URLSearchParams({ q })}`);
      const { results, overview } = await source.search(state, false, signal);
      await overview;
      assertEquals(results.count, builds.filter(finds).length);
    });
  }
});

browserTest("over a Kinto without the plugin, the page says that there is no search", async () => {
  await using browser = await startBrowser();
  await using kinto = await startKinto();
  await using serve = await startServe({ args: ["--catalogue-of", kinto.url] });
  await fill(kinto.url, (await sampleBuilds()).slice(0, 10));
  await using visited = await visit(browser, serve.url.replace(/v1$/, ""));
  const { page } = visited;
  await page.getByRole("heading", { name: "This server has no search" }).waitFor();
  await visited.picture("no-search");
  await page.getByRole("alert").getByRole("link", { name: "the API" }).click();
  await page.getByRole("heading", { name: "The API" }).waitFor();
});
