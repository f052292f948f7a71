import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { Browser } from "playwright-core";
import type { ReleaseRecord } from "../../src/builds/record.ts";
import { compareVersions } from "../../src/builds/version_order.ts";
import { startBrowser } from "../servers/browser.ts";
import { startProcess } from "../servers/process.ts";
import { type Serve, startServe } from "../servers/serve.ts";
import { browserTest, COLLECTION, fill, found, put, sampleBuilds } from "./catalogue.ts";
import { visit, write } from "./catalogue.ts";

let stack: AsyncDisposableStack;
let browser: Browser;
let serve: Serve;
let home: string;
let builds: ReleaseRecord[];

Deno.test.beforeAll(async () => {
  stack = new AsyncDisposableStack();
  browser = stack.use(await startBrowser());
  serve = stack.use(await startServe());
  builds = await sampleBuilds();
  await fill(serve.url, builds);
  home = serve.url.replace(/v1$/, "");
});

Deno.test.afterAll(() => stack.disposeAsync());

const count = (matches: (build: ReleaseRecord) => boolean) => builds.filter(matches).length;

browserTest("the catalogue shows all builds, 30 a page, without asking other hosts", async () => {
  await using visited = await visit(browser, home);
  const { page } = visited;
  await found(page, builds.length);
  assertEquals(await page.locator("[data-result]").count(), 30);
  await page.locator(".plot path").first().waitFor();
  await page.getByText("Newest builds").waitFor();
  await visited.picture("all");
  await page.getByRole("link", { name: "Next →" }).click();
  await page.getByRole("link", { name: "Page 2", exact: true }).and(page.locator("[aria-current]"))
    .waitFor();
  await page.getByRole("link", { name: `Page ${Math.ceil(builds.length / 30)}` }).waitFor();
  assertStringIncludes(page.url(), "?page=2");
  assertEquals(await page.evaluate("scrollY"), 0);
  assertEquals(visited.complaints, []);
  assertEquals([...visited.hosts], [new URL(home).host]);
});

browserTest("the catalogue searches as one types, by several words", async () => {
  await using visited = await visit(browser, home);
  const { page } = visited;
  await found(page, builds.length);
  await page.keyboard.press("/");
  await page.keyboard.type("firefox 51.0rc win64", { delay: 5 });
  await found(
    page,
    count(({ source, target }) =>
      source.product === "firefox" && target.version.startsWith("51.0rc") &&
      target.platform === "win64"
    ),
  );
  await visited.picture("words");
});

Deno.test.each([
  { name: "build id", of: (build: ReleaseRecord) => build.build?.id },
  { name: "revision", of: (build: ReleaseRecord) => build.source.revision },
])("the catalogue goes from a whole $name to its builds", {
  sanitizeOps: false,
  sanitizeResources: false,
}, async ({ of }) => {
  const wanted = of(builds[1000]!)!;
  await using visited = await visit(browser, home);
  await visited.page.getByRole("searchbox").fill(wanted);
  await found(visited.page, count((build) => of(build) === wanted));
});

browserTest("the catalogue's facets count, narrow, and may be combined", async () => {
  await using visited = await visit(browser, home);
  const { page } = visited;
  await page.getByRole("checkbox", { name: /^Thunderbird/ }).check();
  await found(page, count(({ source }) => source.product === "thunderbird"));
  await page.getByRole("checkbox", { name: /^Fennec/ }).check();
  const both = ({ source }: ReleaseRecord) => /thunderbird|fennec/.test(source.product);
  await found(page, count(both));
  const nightly = count((build) => both(build) && build.target.channel === "nightly");
  await page.getByRole("checkbox", { name: `nightly ${nightly}` }).check();
  await found(page, nightly);
  await page.getByRole("link", { name: "Remove Fennec" }).click();
  await found(
    page,
    count(({ source, target }) => source.product === "thunderbird" && target.channel === "nightly"),
  );
  await page.getByRole("button", { name: /more\s*of Locale/ }).click();
  const locales = new Set(
    builds.filter(({ source, target }) =>
      source.product === "thunderbird" && target.channel === "nightly"
    ).map(({ target }) => target.locale),
  );
  await page.locator(".facet").filter({ hasText: "Locale" }).locator("li").nth(locales.size - 1)
    .waitFor();
  await page.getByRole("link", { name: "Clear all" }).click();
  await found(page, builds.length);
});

browserTest("the catalogue's address can be shared, and goes back and forward", async () => {
  await using visited = await visit(browser, home);
  const { page } = visited;
  const isThunderbird = ({ source }: ReleaseRecord) => source.product === "thunderbird";
  const all = count(isThunderbird);
  const isBeta = (build: ReleaseRecord) => isThunderbird(build) && build.target.channel === "beta";
  const betas = count(isBeta);
  const newest = builds.filter(isBeta).map(({ target }) => target.version)
    .sort(compareVersions).at(-1);
  const title = `Thunderbird ${newest}`;
  await page.getByRole("searchbox").pressSequentially("thunderbird", { delay: 5 });
  await found(page, all);
  await page.getByRole("checkbox", { name: /^beta/ }).check();
  await found(page, betas);
  await page.getByRole("button", { name: /^Build\b(?! id)/ }).click();
  const first = page.locator("[data-result]").first();
  await first.getByText(title).waitFor();
  assertStringIncludes(page.url(), "sort=-version");

  await using shared = await visit(browser, page.url());
  await found(shared.page, betas);
  assertEquals(await shared.page.getByRole("searchbox").inputValue(), "thunderbird");
  assert(await shared.page.getByRole("checkbox", { name: /^beta/ }).isChecked());
  assertEquals(await shared.page.locator("[data-result]").first().textContent(), title);

  await first.click();
  await page.getByRole("heading", { level: 1, name: title }).waitFor();
  await page.goBack();
  await found(page, betas);
  await page.goBack();
  await page.goBack();
  await found(page, all);
  await page.goBack();
  await found(page, builds.length);
  assertEquals(await page.getByRole("searchbox").inputValue(), "");
  await page.goForward();
  await found(page, all);
});

browserTest("the catalogue has a page for one build", async () => {
  const build = builds.find(({ target }) => target.locale === "fr")!;
  await using visited = await visit(browser, `${home}?id=${build.id}`);
  const { page } = visited;
  await page.getByRole("heading", { level: 1 }).waitFor();
  const shown = await page.locator(".fields").innerText();
  for (const group of [build.source, build.target, build.download, build.build!]) {
    for (const [name, value] of Object.entries(group)) {
      const text = name === "size" ? Number(value).toLocaleString("en-US") : String(value);
      assertStringIncludes(shown, text);
    }
  }
  assertEquals(
    await page.getByRole("link", { name: "Download" }).getAttribute("href"),
    build.download.url,
  );
  assertEquals(
    await page.getByRole("link", { name: "Changeset", exact: true }).getAttribute("href"),
    `${build.source.repository}/rev/${build.source.revision}`,
  );
  const siblings = count((other) =>
    other.build!.id === build.build!.id && other.source.product === build.source.product
  );
  await page.getByRole("heading", { name: `${siblings} builds of ${build.build!.id}` }).waitFor();
  await page.getByRole("button", { name: "Copy id", exact: true }).click();
  await page.getByText("Copied").waitFor();
  assertEquals(await page.evaluate("navigator.clipboard.readText()"), build.id);
  await page.getByText("The record", { exact: true }).click();
  const { last_modified: _, ...record } = JSON.parse(await page.locator(".raw pre").innerText());
  assertEquals(record, build);
  await visited.picture("build");
  await page.locator(".matrix a").last().click();
  await page.waitForURL((url) => url.searchParams.get("id") !== build.id);
  assertMatch(page.url(), /id=/);
  assertEquals(visited.complaints, []);
});

Deno.test.each([
  { name: "is beyond the last page", path: "?page=99", says: "There is no page 99" },
  { name: "finds nothing", path: "?q=nothing+such", says: "No build matches" },
  { name: "gets an unknown id", path: "?id=no-such-build", says: "No build with this id" },
  { name: "gets an id that can't be one", path: "?id=../x", says: "No build with this id" },
  { name: "gets nonsense in the address", path: "?page=-1&sort=x&from=y&z", says: "2,866 builds" },
])("the catalogue says what to do when it $name", {
  sanitizeOps: false,
  sanitizeResources: false,
}, async ({ name, path, says }) => {
  await using visited = await visit(browser, home + path);
  await visited.page.getByText(says).first().waitFor();
  await visited.picture(name.replaceAll(" ", "-"));
});

Deno.test.each([
  {
    name: "isn't there",
    prepare: () => Promise.resolve(),
    says: "The collection doesn’t exist yet, or isn’t public",
  },
  {
    name: "is empty",
    prepare: (url: string) => fill(url, []),
    says: "The collection is empty",
  },
  {
    name: "isn't public",
    prepare: async (url: string) => {
      await put(`${url}/buckets/build-hub`, {});
      await put(`${url}${COLLECTION}`, {});
    },
    says: "The collection doesn’t exist yet, or isn’t public",
  },
])("the catalogue says what to do when the collection $name", {
  sanitizeOps: false,
  sanitizeResources: false,
}, async ({ prepare, says }) => {
  await using server = await startServe();
  await prepare(server.url);
  await using visited = await visit(browser, server.url.replace(/v1$/, ""));
  await visited.page.getByText(says).first().waitFor();
});

browserTest("the catalogue waits for a server that is away", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const start = (port: string) =>
      startProcess(Deno.execPath(), {
        args: [
          ...["run", "--no-check", "--allow-all", "main.ts", "serve"],
          ...["--port", port, "--database", `${folder}/catalogue.sqlite`],
        ],
        ready: /at (http:\S+\/v1)\/$/,
      });
    const [server, match] = await start("0");
    const url = match[1]!;
    await fill(url, builds.slice(0, 100));
    await using visited = await visit(browser, url.replace(/v1$/, ""));
    const { page } = visited;
    await found(page, 100);
    await server[Symbol.asyncDispose]();
    await page.getByRole("searchbox").fill("fr");
    await page.getByRole("alert").getByText("doesn’t answer").waitFor();
    await visited.picture("server-away");
    await using back = (await start(new URL(url).port))[0];
    assert(back.pid > 0);
    await found(page, builds.slice(0, 100).filter(({ target }) => target.locale === "fr").length);
    await page.getByRole("alert").waitFor({ state: "detached" });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

browserTest("the catalogue fits a phone", async () => {
  await using visited = await visit(browser, home, { width: 360 });
  const { page } = visited;
  await found(page, builds.length);
  await visited.picture("phone");
  const fits = () => page.evaluate("document.documentElement.scrollWidth <= innerWidth");
  assert(await fits());
  await page.getByText("Filters").click();
  await page.getByRole("checkbox", { name: /^Fennec/ }).check();
  await found(page, count(({ source }) => source.product === "fennec"));
  assert(await fits());
  await page.locator("[data-result]").first().click();
  await page.getByRole("heading", { level: 1 }).waitFor();
  assert(await fits());
  await page.goto(`${home}docs`);
  assert(await fits());
});

browserTest("the catalogue can be used by keyboard alone", async () => {
  await using visited = await visit(browser, home);
  const { page } = visited;
  await found(page, builds.length);
  const focused = () =>
    page.evaluate("document.activeElement.id || document.activeElement.textContent");
  await page.keyboard.press("Tab");
  assertEquals(await focused(), "Skip to the results");
  await page.keyboard.press("/");
  assertEquals(await focused(), "q");
  await page.keyboard.type("fennec nightly");
  await found(
    page,
    count(({ source, target }) => source.product === "fennec" && target.channel === "nightly"),
  );
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowUp");
  assertMatch(String(await focused()), /^Fennec/);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: /^Fennec/ }).waitFor();
  await page.keyboard.press("/");
  await page.keyboard.press("Escape");
  await found(page, builds.length);
  // From the box to the first choice: past the link to the API.
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  await page.waitForURL(({ search }) => search.startsWith("?product="));
});

browserTest("the catalogue's first view is under 80 KB", async () => {
  await using visited = await visit(browser, "about:blank");
  const { page } = visited;
  let bytes = 0;
  page.on("requestfinished", async (request) => {
    const { responseBodySize, responseHeadersSize } = await request.sizes();
    bytes += responseBodySize + responseHeadersSize;
  });
  await page.goto(home);
  await found(page, builds.length);
  await page.waitForLoadState("networkidle");
  assert(bytes > 10_000 && bytes < 80_000, `${bytes} bytes`);
});

browserTest("the catalogue shows what a record says, and doesn't do it", async () => {
  await using server = await startServe();
  const hostile = "<img src=x onerror=alert(1)>";
  await fill(server.url, []);
  await write(server.url, [{
    id: "hostile",
    source: { product: hostile, repository: "javascript:alert(1)//", revision: hostile },
    target: { platform: hostile, locale: hostile, version: hostile, channel: hostile },
    download: { url: "javascript:alert(1)", date: hostile, size: "many" },
    build: { id: hostile },
  }]);
  await using visited = await visit(browser, server.url.replace(/v1$/, ""));
  const { page } = visited;
  await found(page, 1);
  assertEquals(await page.locator("img").count(), 0);
  assertEquals(await page.locator('a[href^="javascript:"]').count(), 0);
  await page.locator("[data-result]").click();
  await page.getByRole("heading", { level: 1 }).waitFor();
  assertEquals(await page.locator("img").count(), 0);
  assertEquals(await page.locator('a[href^="javascript:"]').count(), 0);
  assertEquals(visited.complaints, []);
});

browserTest("the catalogue is about what was written a moment ago", async () => {
  const record = { ...builds[0]!, id: "firefox_new" };
  await write(serve.url, [record]);
  try {
    await using visited = await visit(browser, home);
    await found(visited.page, builds.length + 1);
  } finally {
    const url = `${serve.url}${COLLECTION}/records/${record.id}`;
    const headers = { authorization: `Basic ${btoa("user:pass")}` };
    await (await fetch(url, { method: "DELETE", headers })).body?.cancel();
  }
});
