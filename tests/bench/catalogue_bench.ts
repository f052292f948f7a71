import { FACET_NAMES, FACETS } from "../../src/builds/facets.ts";
import { valueAt } from "../../src/server/store/json_value.ts";
import type { Browser, Page } from "playwright-core";
import { startBrowser } from "../servers/browser.ts";
import { startServe } from "../servers/serve.ts";
import { fillDatabase } from "./fill_database.ts";
import { percentile } from "./percentile.ts";
import { sampleRecord } from "./sample_record.ts";

const CLIENTS = 32;

/** Searches of each kind. */
const SEARCHES = 3000;

/**
 * The catalogue at size: its searches with many clients, and its first view in a browser.
 *
 * @param args the number of records (1,000,000)
 */
export async function run([size = "1000000"]: string[]): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "catalogue-bench-" });
  try {
    const database = `${folder}/bench.sqlite`;
    await fillDatabase(database, Number(size));
    await using server = await startServe({ database });
    await search(server.url, Number(size));
    await view(server.url);
    const status = await Deno.readTextFile(`/proc/${server.pid}/status`);
    line("memory", `${Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024)} MiB`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function search(url: string, size: number): Promise<void> {
  const endpoint = `${url}/__search__/build-hub/releases`;
  const random = (index: number) => sampleRecord((index * 7919) % size);
  const facet = (index: number, place: number) => {
    const name = FACET_NAMES[place % FACET_NAMES.length]!;
    return `${name}=${valueAt({ ...random(index) }, FACETS[name])}`;
  };
  const began = performance.now();
  await (await fetch(endpoint)).body?.cancel();
  line("first search, reads all", `${((performance.now() - began) / 1000).toFixed(1)} s`);

  const kinds: Record<string, (index: number) => string> = {
    "everything": (index) => `page=${1 + index % 20}`,
    "one facet": (index) => facet(index, index),
    "two facets": (index) => `${facet(index, index)}&${facet(index + 1, index + 1)}`,
    "two words": (index) => `q=${random(index).source.product}+${random(index).target.platform}`,
    "version, locale": (index) =>
      `q=${random(index).target.version.slice(0, 2)}+${random(index).target.locale}`,
    "build id": (index) => `q=${random(index).build.id}`,
    "revision": (index) => `q=${random(index).source.revision}`,
    "typing a build id": (index) => `q=${random(index).build.id.slice(0, 4 + index % 11)}`,
  };
  const names = Object.keys(kinds);
  const mixed = (index: number) => kinds[names[index % names.length]!]!(index);
  for (const [name, query] of [...Object.entries(kinds), ["all of these, mixed", mixed] as const]) {
    const times = await timed((index) => `${endpoint}?${query(index)}`);
    const figures = [50, 95, 99].map((percent) => `p${percent} ${percentile(times, percent)} ms`);
    line(name, `${figures.join(", ")}, ${CLIENTS} clients`);
  }
}

/** Milliseconds of each request, sent by many clients at once. */
async function timed(url: (index: number) => string): Promise<number[]> {
  const times: number[] = [];
  let next = 0;
  const client = async () => {
    while (next < SEARCHES) {
      const index = next++;
      const began = performance.now();
      const response = await fetch(url(index));
      await response.arrayBuffer();
      times.push(performance.now() - began);
      if (!response.ok) throw new Error(`${response.status} for ${url(index)}`);
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return times;
}

/** Notes when results and chart are drawn. */
const WATCH = `
  new MutationObserver(() => {
    if (document.querySelector("[data-result]") && document.querySelector(".plot canvas")) {
      requestAnimationFrame(() => setTimeout(() => globalThis.drawnAt ??= performance.now()));
    }
  }).observe(document, { childList: true, subtree: true });`;

/** Milliseconds from the end of the search's answer until then. */
const DELAY = `drawnAt - Math.max(...performance.getEntriesByType("resource")
  .filter(({ name }) => name.includes("__search__") && !name.includes("newest"))
  .map(({ responseEnd }) => responseEnd))`;

/** The first view: how much is transferred, and how long after the answers all is drawn. */
async function view(url: string): Promise<void> {
  await using browser = await startBrowser();
  let bytes = 0;
  // Counting costs time, too: what is timed isn't counted.
  await firstView(browser, url, (page) => {
    page.on("requestfinished", async (request) => {
      const { responseBodySize, responseHeadersSize } = await request.sizes();
      bytes += responseBodySize + responseHeadersSize;
    });
  });
  line("first view", `${(bytes / 1000).toFixed(1)} kB`);
  const delays: number[] = [];
  for (let i = 0; i < 10; i++) delays.push(await firstView(browser, url));
  line(
    "drawn after the answer",
    `p50 ${percentile(delays, 50)} ms, most ${percentile(delays, 99)} ms`,
  );
}

/** @returns milliseconds from the end of the search's answer until all is drawn */
async function firstView(
  browser: Browser,
  url: string,
  prepare: (page: Page) => void = () => {},
): Promise<number> {
  const context = await browser.newContext();
  const page = await context.newPage();
  prepare(page);
  await page.addInitScript(WATCH);
  await page.goto(url.replace(/v1$/, ""));
  await page.waitForLoadState("networkidle");
  const delay = await page.evaluate(DELAY) as number;
  await context.close();
  return delay;
}

function line(name: string, value: string): void {
  console.log(`${name.padEnd(28)} ${value}`);
}
