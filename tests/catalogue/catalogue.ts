import type { Browser, BrowserContext, Page } from "playwright-core";
import type { ReleaseRecord } from "../../src/builds/record.ts";
import { initialization } from "../../src/kinto/initialization.ts";
import { conformanceRecords } from "../conformance.ts";

/** Where screenshots are kept: SCREENSHOTS, or dist/screenshots. */
const SCREENSHOTS = Deno.env.get("SCREENSHOTS") ??
  new URL("../../dist/screenshots", import.meta.url).pathname;

/** An account of the servers of the tests. */
const AUTHORIZATION = `Basic ${btoa("user:pass")}`;

/** The path of the collection that the page shows. */
export const COLLECTION = "/buckets/build-hub/collections/releases";

/** The builds of the worked cases. */
export async function sampleBuilds(): Promise<ReleaseRecord[]> {
  return [...(await conformanceRecords("https://archive.mozilla.org/")).values()];
}

/** Creates the collection on a Kinto, readable by everyone, with these records. */
export async function fill(url: string, records: readonly object[]): Promise<void> {
  await put(`${url}/buckets/build-hub`, { permissions: { read: ["system.Everyone"] } });
  await put(`${url}${COLLECTION}`, { data: { "index:schema": await indexSchema() } });
  await write(url, records);
}

/** How the collection is indexed, without the schema that its records must have. */
async function indexSchema(): Promise<unknown> {
  const [, { data }] = await initialization({ bucket: "build-hub", collection: "releases" });
  return (data as Record<string, unknown>)["index:schema"];
}

/** Writes records, in batches. */
export async function write(url: string, records: readonly object[]): Promise<void> {
  for (let i = 0; i < records.length; i += 25) {
    const requests = records.slice(i, i + 25).map((record) => ({
      path: `${COLLECTION}/records/${(record as { id: string }).id}`,
      body: { data: record },
    }));
    const body = { defaults: { method: "PUT" }, requests };
    const { responses } = await send(`${url}/batch`, "POST", body) as {
      responses: { status: number }[];
    };
    const refused = responses.filter(({ status }) => status >= 300);
    if (refused.length > 0) throw new Error(JSON.stringify(refused[0]));
  }
}

/** Creates or replaces an object. */
export async function put(url: string, body: object): Promise<void> {
  await send(url, "PUT", body);
}

async function send(url: string, method: string, body: object): Promise<unknown> {
  const response = await fetch(url, {
    method,
    headers: { authorization: AUTHORIZATION, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${url}: ${await response.text()}`);
  return await response.json();
}

/** A page of a browser, and what it logged and requested. */
export interface Visit extends AsyncDisposable {
  page: Page;
  context: BrowserContext;
  /** Messages of the console, and errors of scripts. */
  complaints: string[];
  /** Hosts that received requests. */
  hosts: Set<string>;
  /** Saves a screenshot. */
  picture(name: string): Promise<void>;
}

/** The color scheme and the width of a window. */
export interface Look {
  scheme?: "light" | "dark";
  width?: number;
}

/** Opens a URL in a browser context of its own, without caches and history. */
export async function visit(
  browser: Browser,
  url: string,
  { scheme = "light", width = 1280 }: Look = {},
): Promise<Visit> {
  const context = await browser.newContext({
    colorScheme: scheme,
    viewport: { width, height: width < 600 ? 844 : 900 },
    permissions: ["clipboard-read", "clipboard-write"],
  });
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  const complaints: string[] = [];
  const hosts = new Set<string>();
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => hosts.add(new URL(request.url()).host));
  await page.goto(url);
  return {
    page,
    context,
    complaints,
    hosts,
    async picture(name) {
      await Deno.mkdir(SCREENSHOTS, { recursive: true });
      await page.screenshot({
        path: `${SCREENSHOTS}/${name}-${page.viewportSize()?.width}-${scheme}.png`,
      });
    },
    [Symbol.asyncDispose]: () => context.close(),
  };
}

/** Waits until the page says that it found this many builds. */
export async function found(page: Page, count: number): Promise<void> {
  const text = `${count.toLocaleString("en-US")} build${count === 1 ? "" : "s"}`;
  await page.locator('[role="status"]', { hasText: new RegExp(`^${text}$`) }).waitFor();
}

/** A test in a browser. What it opened is closed with the browser context. */
export function browserTest(name: string, run: () => Promise<void>): void {
  Deno.test({ name, fn: run, sanitizeOps: false, sanitizeResources: false });
}
