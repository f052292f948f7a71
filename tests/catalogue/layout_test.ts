import { assert, assertEquals } from "@std/assert";
import axe from "axe-core";
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

/** Views, by their addresses. */
const PATHS = [
  "",
  "?q=nothing",
  "?q=eme-free&channel=beta&from=2011-01-01",
  "?id=ID",
  "?id=none",
  "?build=20160628232352",
  "docs",
];

/** Widths and heights in pixels, the widest first: what is open on a wide one stays open. */
const WINDOWS = [[2560, 1440], [1440, 900], [1024, 768], [768, 1024], [390, 844]] as const;

/** Elements wider than their place; what scrolls by itself may be. */
const TOO_WIDE = `[...document.querySelectorAll("body *")].filter((one) =>
  one.getBoundingClientRect().right > innerWidth + 1 && !one.closest(".scroll, .unseen") &&
  one.checkVisibility()
).map((one) => one.outerHTML.slice(0, 80))`;

Deno.test.each(
  (["light", "dark"] as const).flatMap((scheme) => PATHS.map((path) => ({ scheme, path }))),
)("/$path, $scheme, fits all widths, and axe finds nothing wrong", {
  sanitizeOps: false,
  sanitizeResources: false,
}, async ({ path, scheme }) => {
  const name = path.replace(/\W+/g, "-") || "all";
  await using visited = await visit(browser, home + path.replace("ID", builds[0]!.id), {
    scheme,
    width: 2560,
  });
  const { page } = visited;
  await page.waitForLoadState("networkidle");
  await page.locator("main").waitFor();
  await page.evaluate(axe.source);
  for (const [width, height] of WINDOWS) {
    await page.setViewportSize({ width, height });
    await visited.picture(`view-${name}`);
    assertEquals(await page.evaluate(TOO_WIDE), [], `${width} px`);
    const { violations } = await page.evaluate("axe.run()") as {
      violations: { id: string; nodes: { target: string[] }[] }[];
    };
    assertEquals(
      violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.target}`),
      [],
      `${width} px`,
    );
  }
});

browserTest("results aren't cut off at any width", async () => {
  await using visited = await visit(browser, `${home}?q=eme-free`);
  const { page } = visited;
  await page.locator("[data-result]").first().waitFor();
  for (let width = 320; width <= 2600; width += width < 1400 ? 25 : 200) {
    await page.setViewportSize({ width, height: 900 });
    assertEquals(await page.evaluate(TOO_WIDE), [], `${width} px`);
  }
});

browserTest("what is touched on a phone is at least 44 px high", async () => {
  await using visited = await visit(browser, home, { width: 390 });
  const { page } = visited;
  await found(page, builds.length);
  await page.getByText("Filters").click();
  const heights = await page.locator(".facet label, .filters > summary, .get a, .results th button")
    .evaluateAll((all) =>
      all.map((one) => one.getBoundingClientRect().height).filter((height) => height > 0)
    );
  assert(heights.length > 30);
  assert(Math.min(...heights) >= 43.9, `${Math.min(...heights)} px`);
});

browserTest("a wide screen is used to its edges", async () => {
  await using visited = await visit(browser, home, { width: 2560 });
  const { page } = visited;
  await page.locator(".overview .chart").waitFor();
  const { x, width } = (await page.locator(".overview").boundingBox())!;
  assert(x + width > 2500, `${x + width}`);
});
