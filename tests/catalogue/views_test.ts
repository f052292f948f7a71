import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { Browser, Page } from "playwright-core";
import type { ReleaseRecord } from "../../src/builds/record.ts";
import { startBrowser } from "../servers/browser.ts";
import { type Serve, startServe } from "../servers/serve.ts";
import { browserTest, COLLECTION, fill, found, sampleBuilds, visit, write } from "./catalogue.ts";

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

/** A build id with releases and candidates. */
const BUILD_ID = "20160628232352";

const count = (matches: (build: ReleaseRecord) => boolean) => builds.filter(matches).length;

const focusedHref = (page: Page) => page.evaluate("document.activeElement.getAttribute('href')");

browserTest("a build id's page is one matrix, release and candidate apart", async () => {
  await using visited = await visit(browser, home);
  const { page } = visited;
  await found(page, builds.length);
  await page.keyboard.press("/");
  await page.keyboard.type(BUILD_ID);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: `Build id ${BUILD_ID}` }).waitFor();
  assertStringIncludes(page.url(), `?build=${BUILD_ID}`);
  const own = builds.filter(({ build }) => build!.id === BUILD_ID);
  assertEquals(await page.locator(".matrix a").count(), own.length);
  assertEquals(
    await page.locator(".matrix .candidate").count(),
    own.filter(({ download }) => download.url.includes("/candidates/")).length,
  );
  const locales = new Set(own.map(({ target }) => target.locale));
  assertEquals(await page.locator(".matrix tbody tr").count(), locales.size);
  const { version, platform, locale } = own[0]!.target;
  await page.getByRole("link", { name: `${version}, ${platform}, ${locale}`, exact: true }).click();
  await page.waitForURL((url) => url.searchParams.get("id") === own[0]!.id);
  await page.getByRole("link", { name: `← Build id ${BUILD_ID}` }).click();
  await page.locator(".matrix a").first().waitFor();
  assertStringIncludes(String(await focusedHref(page)), `id=${own[0]!.id}`);
  assertEquals(visited.complaints, []);
});

browserTest("a build id's page leads to crash reports, changes and files", async () => {
  await using visited = await visit(browser, `${home}?build=${BUILD_ID}`);
  const { page } = visited;
  const hrefOf = (name: string | RegExp) =>
    page.locator(".facts").getByRole("link", { name }).getAttribute("href");
  assertEquals(
    await hrefOf("Crash reports"),
    `https://crash-stats.mozilla.org/search/?build_id=${BUILD_ID}&product=Firefox`,
  );
  assertMatch(String(await hrefOf("Changeset")), /\/releases\/mozilla-aurora\/rev\/[0-9a-f]{40}$/);
  const own = builds.find(({ build, target }) =>
    build!.id === BUILD_ID && target.platform === "win64"
  )!;
  const before = builds.filter(({ build, source, target }) =>
    build!.id < BUILD_ID && source.product === own.source.product &&
    target.platform === "win64" && target.channel === own.target.channel
  ).map(({ build }) => build!.id).sort().at(-1);
  assertMatch(
    String(await hrefOf(`Push log since`)),
    /pushloghtml\?fromchange=[0-9a-f]{40}&tochange=[0-9a-f]{40}$/,
  );
  await page.getByText(`(${before})`).waitFor();
  assertMatch(String(await hrefOf("Checksums")), /\/releases\/38\.0b12\/SHA256SUMS$/);
  assertMatch(String(await hrefOf("Metadata document")), /\/firefox-38\.0b12\.json$/);
  await page.getByRole("button", { name: "Copy the mozregression command" }).click();
  await page.getByText("Copied").waitFor();
  assertMatch(
    String(await page.evaluate("navigator.clipboard.readText()")),
    /^mozregression --app devedition --repo mozilla-aurora --good [0-9a-f]{40} --bad [0-9a-f]{40}$/,
  );
});

browserTest("a build without metadata is marked as such", async () => {
  const { build: _, ...listed } = builds[0]!;
  const record = { ...listed, id: "fenix_0", source: { product: "fenix" } };
  await write(serve.url, [record]);
  await using visited = await visit(browser, `${home}?product=fenix`);
  const { page } = visited;
  await found(page, 1);
  assertEquals(await page.locator(".results .id").innerText(), "no metadata");
  await page.locator("[data-result]").click();
  await page.locator(".lead").getByText("no metadata").waitFor();
  assertEquals(await page.getByRole("link", { name: "Metadata document" }).count(), 0);
  assertEquals(visited.complaints, []);
  const url = `${serve.url}${COLLECTION}/records/${record.id}`;
  const headers = { authorization: `Basic ${btoa("user:pass")}` };
  await (await fetch(url, { method: "DELETE", headers })).body?.cancel();
});

browserTest("a download URL with spaces is shown and copied as curl needs it", async () => {
  const build = builds.find(({ download }) => download.url.includes(" "))!;
  await using visited = await visit(browser, `${home}?id=${build.id}`);
  const { page } = visited;
  const encoded = build.download.url.replaceAll(" ", "%20");
  assertEquals(await page.getByRole("link", { name: "Download" }).getAttribute("href"), encoded);
  await page.getByRole("button", { name: "Copy as curl" }).click();
  await page.getByText("Copied").waitFor();
  assertEquals(
    await page.evaluate("navigator.clipboard.readText()"),
    `curl -LO "${encoded}"`,
  );
  await page.getByRole("button", { name: "Copy download.url" }).click();
  await page.getByText("Copied").nth(1).waitFor();
  assertEquals(await page.evaluate("navigator.clipboard.readText()"), encoded);
  await page.getByText("The record", { exact: true }).click();
  assertStringIncludes(await page.locator(".raw pre").innerText(), build.download.url);
});

Deno.test.each([
  { path: "", title: "Buildhub: find any build of Firefox", description: /^Search all builds/ },
  {
    path: "?q=win64&product=fennec",
    title: "win64 Fennec · Buildhub",
    description: /win64, Fennec/,
  },
  { path: "?id=ID", title: "TITLE · Buildhub", description: /build id \d+, changeset \w+/ },
  { path: `?build=${BUILD_ID}`, title: /^Build id \d+: DevEdition 38\.0b12/, description: /^130 / },
  { path: "docs", title: "The API · Buildhub", description: /^Query the builds/ },
])("the view /$path has a title and a description", {
  sanitizeOps: false,
  sanitizeResources: false,
}, async ({ path, title, description }) => {
  const build = builds[7]!;
  const { source, target } = build;
  const own = `${
    source.product === "devedition" ? "DevEdition" : source.product
  } ${target.version}`;
  const address = home + path.replace("ID", build.id);
  const html = await (await fetch(address)).text();
  assertMatch(html, /<title>.*Buildhub.*<\/title>/);
  for (const name of ['name="description"', 'property="og:title"', 'property="og:description"']) {
    assertMatch(html, new RegExp(`<meta ${name} content="[^"]+">`));
  }
  await using visited = await visit(browser, address);
  const { page } = visited;
  await page.locator("h1").first().waitFor();
  const meta = (name: string) => page.locator(`meta[${name}]`).getAttribute("content");
  if (path.startsWith("?id") || path.startsWith("?build")) {
    await page.locator(".matrix").waitFor();
  }
  if (typeof title !== "string") assertMatch(await page.title(), title);
  else if (title.includes("TITLE")) assertStringIncludes(await page.title(), own);
  else assertEquals(await page.title(), title);
  assertEquals(await meta("property='og:title'"), await page.title());
  assertMatch(String(await meta("name=description")), description);
  assertMatch(String(await meta("property='og:description'")), description);
});

browserTest("the title in the HTML can't add elements", async () => {
  const html = await (await fetch(`${home}?q=${encodeURIComponent('"><script>x')}`)).text();
  assert(!html.includes("<script>x"), html);
});

browserTest("a bar of the chart can be clicked, dragged, and reached by keyboard", async () => {
  await using visited = await visit(browser, home);
  const { page } = visited;
  const chart = page.getByRole("slider");
  await chart.waitFor();
  const { x, y, width, height } = (await chart.boundingBox())!;
  await page.mouse.move(x + width * 0.5, y + height / 2);
  await page.locator(".tip").getByText(/^\d{4}-\d\d$/).waitFor();
  await page.mouse.down();
  await page.mouse.move(x + width * 0.6, y + height / 2);
  await page.locator(".tip").getByText(/^\d{4}-\d\d-01 – \d{4}-\d\d-\d\d$/).waitFor();
  await visited.picture("chart-drag");
  await page.mouse.up();
  await page.waitForURL(/from=\d{4}-\d\d-01&to=\d{4}-\d\d-(28|29|30|31)$/);
  await page.goBack();
  await found(page, builds.length);

  await chart.focus();
  await page.keyboard.press("End");
  const month = builds.map(({ download }) => download.date!.slice(0, 7)).sort().at(-1)!;
  assertStringIncludes(String(await chart.getAttribute("aria-valuetext")), month);
  await page.keyboard.press("Enter");
  await found(page, count(({ download }) => download.date!.startsWith(month)));

  const day = builds.map(({ download }) => download.date!.slice(0, 10)).sort().at(-1)!;
  await page.getByRole("slider").press("End");
  await page.goto(`${home}?from=${day}&to=${day}`);
  await page.locator(".dates text").first().waitFor();
  for (const label of await page.locator(".dates text").allTextContents()) {
    assertMatch(label, /^\d{4}-\d\d-\d\d$/);
    assert(Math.abs(Date.parse(label) - Date.parse(day)) < 12 * 24 * 3600 * 1000, label);
  }
});

browserTest("each channel has a color of its own", async () => {
  await using visited = await visit(browser, home);
  const { page } = visited;
  await page.locator(".legend .dot").first().waitFor();
  const colors = await page.evaluate(
    `[...document.querySelectorAll(".legend .dot")].map((dot) => getComputedStyle(dot).backgroundColor)`,
  ) as string[];
  assertEquals(new Set(colors).size, colors.length);
  assertEquals(colors.length, new Set(builds.map(({ target }) => target.channel)).size);
});

browserTest("/ goes to the search box after a facet was ticked", async () => {
  await using visited = await visit(browser, home);
  const { page } = visited;
  const box = page.getByRole("checkbox", { name: /^Fennec/ });
  await box.focus();
  await page.keyboard.press("Space");
  await found(page, count(({ source }) => source.product === "fennec"));
  await page.keyboard.press("/");
  assertEquals(await page.evaluate("document.activeElement.id"), "q");
  await page.getByLabel("Filter locales").press("/");
  assertEquals(await page.getByLabel("Filter locales").inputValue(), "/");
});

browserTest("the focus is where it was after going back from a build", async () => {
  await using visited = await visit(browser, `${home}?q=thunderbird`);
  const { page } = visited;
  const links = page.locator("[data-result]");
  for (const back of [() => page.goBack(), () => page.getByText("← All results").click()]) {
    const link = links.nth(5);
    const href = await link.getAttribute("href");
    await link.focus();
    await page.keyboard.press("Enter");
    await page.locator("main.one h1").waitFor();
    assertEquals(await page.evaluate("document.activeElement.id"), "results");
    await back();
    await links.first().waitFor();
    assertEquals(await focusedHref(page), href);
  }
});

browserTest("pages have numbers, and one that isn't there leads to the last", async () => {
  const last = Math.ceil(builds.length / 30);
  await using visited = await visit(browser, `${home}?page=${last + 3}`);
  const { page } = visited;
  await page.getByRole("link", { name: "Go to the last one" }).click();
  await page.getByRole("link", { name: `Page ${last}`, exact: true }).waitFor();
  assertEquals(await page.locator("[data-result]").count(), builds.length % 30 || 30);
  await page.getByRole("link", { name: `Page ${last - 2}`, exact: true }).click();
  await page.waitForURL((url) => url.searchParams.get("page") === String(last - 2));
  assertEquals(await page.locator(".pages [aria-current]").textContent(), String(last - 2));
});

browserTest("matches are highlighted", async () => {
  await using visited = await visit(browser, `${home}?q=fenn+android+x86`);
  const { page } = visited;
  await page.locator("mark").first().waitFor();
  const row = page.locator(".results tbody tr").first();
  assertEquals(await row.locator("mark").allTextContents(), ["Fenn", "android"]);
});

browserTest("typing in a facet filters its values", async () => {
  await using visited = await visit(browser, home);
  const { page } = visited;
  const facet = page.locator(".facet", { hasText: "Locale" });
  await facet.getByRole("textbox").fill("ES-");
  const locales = [...new Set(builds.map(({ target }) => target.locale))]
    .filter((locale) => locale.includes("es-"));
  // All values are loaded with the focus.
  await facet.locator("li").nth(locales.length - 1).waitFor();
  assertEquals(await facet.locator("li").count(), locales.length);
  await facet.getByRole("checkbox").first().check();
  await page.locator(".chips").getByText(/^es-/).waitFor();
  await facet.getByRole("textbox").fill("nothing");
  await facet.getByText("None contains “nothing”.").waitFor();
});

browserTest("/docs names its own origin, finds builds, and copies", async () => {
  await using visited = await visit(browser, `${home}docs`);
  const { page } = visited;
  const copy = page.getByRole("button", { name: "Copy" });
  await copy.first().waitFor();
  const newest = builds.filter(({ source, target }) =>
    source.product === "firefox" && target.channel === "release"
  ).sort((a, b) => a.download.date! < b.download.date! ? 1 : -1)[0]!;
  await page.getByText(newest.build!.id).first().waitFor();
  await copy.nth(0).click();
  await page.getByText("Copied").waitFor();
  const text = String(await page.evaluate("navigator.clipboard.readText()"));
  assertStringIncludes(text, `curl -s "${home}v1/buckets/build-hub/collections/releases/search"`);
  const proxied = await fetch(`${home}docs`, {
    headers: { "x-forwarded-proto": "https" },
  });
  assertStringIncludes(await proxied.text(), home.replace("http:", "https:"));
  assertEquals(visited.complaints, []);
});
