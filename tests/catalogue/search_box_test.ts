import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Browser } from "playwright-core";
import type { ReleaseRecord } from "../../src/builds/record.ts";
import { startBrowser } from "../servers/browser.ts";
import { type Serve, startServe } from "../servers/serve.ts";
import { browserTest, fill, found, sampleBuilds, visit } from "./catalogue.ts";

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

browserTest(
  "an expression that can't be read has a message under the box until it can",
  async () => {
    await using visited = await visit(browser, home);
    const { page } = visited;
    await found(page, builds.length);
    const box = page.getByRole("searchbox");
    await box.fill("target.locale:(fr OR");
    const problem = page.locator(".problem");
    await problem.getByText("Failed to parse query [target.locale:(fr OR]").waitFor();
    assertEquals(await box.getAttribute("aria-invalid"), "true");
    // The last results stay.
    assertEquals(await page.locator("[data-result]").count(), 30);
    assertEquals(await page.locator(".notice").count(), 0);
    const [above, below] = [(await box.boundingBox())!, (await problem.boundingBox())!];
    assert(below.y >= above.y + above.height && below.x === above.x);
    await visited.picture("expression-problem");
    await page.setViewportSize({ width: 390, height: 844 });
    await visited.picture("expression-problem");
    await box.fill("target.locale:(fr OR de)");
    await found(page, count(({ target }) => /^(fr|de)$/.test(target.locale)));
    assertEquals(await problem.count(), 0);
    assertEquals(await box.getAttribute("aria-invalid"), "false");
    // The browser's own message about the status 400.
    assert(visited.complaints.every((text) => text.includes("400")), visited.complaints.join());
  },
);

browserTest("an expression is one filter, which can be removed", async () => {
  const q = "build.id:2016* AND NOT target.locale:en-US";
  await using visited = await visit(browser, `${home}?q=${encodeURIComponent(q)}`);
  const { page } = visited;
  const isFound = ({ build, target }: ReleaseRecord) =>
    build.id.startsWith("2016") && target.locale !== "en-US";
  await found(page, count(isFound));
  assertStringIncludes(await page.title(), q);
  await page.getByRole("link", { name: `Remove ${q}` }).click();
  await found(page, builds.length);
});

browserTest("a word that finds nothing is named, with the nearest value", async () => {
  await using visited = await visit(browser, `${home}?q=firefox+wni64+fr`);
  const { page } = visited;
  await found(page, 0);
  await page.getByText("Nothing is called wni64.").waitFor();
  await visited.picture("unfound");
  await page.getByRole("link", { name: "win64", exact: true }).click();
  await found(
    page,
    count(({ source, target }) =>
      source.product === "firefox" && target.platform === "win64" && target.locale === "fr"
    ),
  );
  assertStringIncludes(page.url(), "?q=firefox+win64+fr");
});

browserTest("an old link shows what it did", async () => {
  const { build } = builds.find(({ target }) => target.channel === "nightly")!;
  await using visited = await visit(browser, `${home}?q=${build.id}&channel[0]=nightly`);
  const { page } = visited;
  await found(
    page,
    count((one) => one.build.id === build.id && one.target.channel === "nightly"),
  );
  assert(await page.getByRole("checkbox", { name: /^nightly \d/ }).isChecked());
});
