import { assert, assertEquals } from "@std/assert";
import { startBrowser } from "../servers/browser.ts";
import { startKinto } from "../servers/kinto.ts";
import { startServe } from "../servers/serve.ts";
import { fill, found, sampleBuilds, visit } from "./catalogue.ts";

Deno.test({
  name: "serve --catalogue-of shows the builds of another Kinto, by its own filters",
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    await using browser = await startBrowser();
    await using kinto = await startKinto({ storage: "memory" });
    await using serve = await startServe({ args: ["--catalogue-of", kinto.url] });
    const builds = (await sampleBuilds()).filter((_, i) => i % 4 === 0);
    await fill(kinto.url, builds);
    await using visited = await visit(browser, serve.url.replace(/v1$/, ""));
    const { page } = visited;
    await found(page, builds.length);
    await page.locator(".plot path").first().waitFor();
    await page.getByText("Newest builds").waitFor();

    const fennec = builds.filter(({ source }) => source.product === "fennec");
    await page.getByRole("checkbox", { name: `Fennec ${fennec.length}` }).check();
    await found(page, fennec.length);
    // Without the search endpoint, a version is found by how it begins.
    const one = fennec.find(({ target }) => !/rc/.test(target.version));
    await page.getByRole("searchbox").fill(one!.target.version);
    await found(
      page,
      fennec.filter(({ target }) => target.version.startsWith(one!.target.version)).length,
    );
    await visited.picture("other-kinto");
    await page.locator("[data-result]").first().click();
    await page.getByRole("heading", { level: 1, name: /^Fennec/ }).waitFor();
    await page.goBack();
    await page.getByRole("link", { name: "Clear all" }).click();
    await page.getByRole("link", { name: "Next →" }).click();
    await page.locator("[aria-current]", { hasText: "2" }).waitFor();
    await page.getByRole("searchbox").fill(one!.build!.id);
    await found(page, builds.filter(({ build }) => build!.id === one!.build!.id).length);
    assertEquals(visited.complaints, []);
    assert(
      [...visited.hosts].every((host) =>
        [kinto.url, serve.url].some((url) => new URL(url).host === host)
      ),
    );
  },
});
