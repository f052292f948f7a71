import { assertEquals, assertStringIncludes } from "@std/assert";
import { buildhub } from "../../buildhub.ts";
import { startKinto } from "../../servers/kinto.ts";
import { startServe } from "../../servers/serve.ts";

const FOLDER = new URL("../../testdata/product_details/", import.meta.url);

/** Product-details, as far as the tests know it. */
function serveDetails(answer?: () => Response) {
  const paths: string[] = [];
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, async (request) => {
    const { pathname } = new URL(request.url);
    paths.push(pathname);
    if (answer) return answer();
    const file = new URL(pathname.replace("/1.0/", ""), FOLDER);
    const body = await Deno.readTextFile(file).catch(() => undefined);
    return body === undefined ? new Response("no", { status: 404 }) : new Response(body);
  });
  const url = `http://127.0.0.1:${server.addr.port}/1.0/`;
  return { url, paths, [Symbol.asyncDispose]: () => server.shutdown() };
}

const DESKTOP = ["linux-i686", "linux-x86_64", "macosx", "win32", "win64"];

/** The versions in the fixture, with the platforms that are published of each. */
const PUBLISHED: Record<string, Record<string, string[]>> = {
  firefox: {
    ...{ "1.0rc1": ["win32"], "1.0": ["linux-i686", "win32"], "10.0.12": DESKTOP },
    ...{ "100.0": DESKTOP, "100.0.1": ["linux-i686", "win32", "win64"], "100.0.2": DESKTOP },
    ...{ "100.0b1": DESKTOP, "100.0b2": DESKTOP, "100.0b4": DESKTOP, "100.0b5": DESKTOP },
  },
  devedition: { "61.0b1": DESKTOP, "61.0b2": DESKTOP, "61.0b10": ["win32"] },
  thunderbird: { "100.0b1": DESKTOP, "100.0b2": DESKTOP, "17.0.10esr": DESKTOP },
};

function records(): string {
  const lines = [];
  for (const [product, versions] of Object.entries(PUBLISHED)) {
    for (const [version, platforms] of Object.entries(versions)) {
      const channel = version.endsWith("esr")
        ? "esr"
        : !version.includes("b")
        ? "release"
        : product === "devedition"
        ? "aurora"
        : "beta";
      for (const platform of platforms) {
        const prefix = channel === "release" ? "" : `${channel}_`;
        lines.push(JSON.stringify({
          data: {
            id: `${product}_${prefix}${version.replaceAll(".", "-")}_${platform}_fr`,
            source: { product },
            target: { platform, locale: "fr", version, channel },
            download: {
              url: `https://archive.mozilla.org/${product}-${version}-${platform}`,
              ...{ mimetype: "application/zip", size: 1, date: "2022-03-25T00:00:00Z" },
            },
          },
        }));
      }
    }
  }
  return lines.join("\n");
}

const LINES = [
  "lacking devedition aurora 61.0b10: linux-i686, linux-x86_64, macosx, win64, which 61.0b2 has",
  "missing firefox beta 100.0b3, shipped on 2022-04-08",
  "missing firefox esr 10.0.12esr, shipped on 2013-01-08",
  "lacking firefox release 100.0.1: linux-x86_64, macosx, which 100.0 and 100.0.2 have",
];

Deno.test.each([
  { name: "Kinto", start: () => startKinto() },
  { name: "serve", start: () => startServe() },
])("audit --source product-details names what $name lacks", async ({ start }) => {
  await using server = await start();
  await using details = serveDetails();
  const CACHE_FOLDER = await Deno.makeTempDir();
  const env = {
    ...{ SERVER_URL: server.url, AUTH: "user:pass", CACHE_FOLDER },
    PRODUCT_DETAILS_URL: details.url,
  };
  assertEquals((await buildhub(["load"], { env })).code, 0);
  const published = await buildhub(["to-kinto"], { env, stdin: records() });
  assertEquals(published.code, 0, published.stderr);

  const audit = (...args: string[]) =>
    buildhub(["audit", "--source", "product-details", ...args], { env });
  const found = await audit();
  assertEquals([found.code, found.stdout.trim().split("\n")], [1, LINES], found.stderr);
  assertStringIncludes(
    found.stderr,
    "18 shipped versions = 14 complete + 2 missing + 2 lacking a platform + 0 excluded",
  );
  assertEquals(details.paths.sort(), [
    "/1.0/devedition.json",
    "/1.0/firefox.json",
    "/1.0/mobile_android.json",
    "/1.0/thunderbird.json",
  ]);
  const json = (await audit("--json")).stdout.trim().split("\n").map((line) => JSON.parse(line));
  assertEquals(json[1], {
    ...{ product: "firefox", version: "100.0b3", date: "2022-04-08", channel: "beta" },
    state: "missing",
  });
  const complete = await audit("--products", "thunderbird");
  assertEquals([complete.code, complete.stdout], [0, ""], complete.stderr);
  const fenix = await audit("--products", "fenix");
  assertEquals(fenix.stdout.split("\n").length, 3);
  assertEquals((await audit("--fix")).code, 2);
  assertEquals((await audit("--prune")).code, 2);
  await Deno.remove(CACHE_FOLDER, { recursive: true });
});

Deno.test.each([
  { name: "404", answer: () => new Response("no", { status: 404 }) },
  { name: "503", answer: () => new Response("no", { status: 503 }) },
  { name: "HTML", answer: () => new Response("<html>") },
  { name: "another document", answer: () => Response.json({ releases: {} }) },
])("audit --source product-details fails when it's answered $name", async ({ answer }) => {
  await using server = await startServe();
  await using details = serveDetails(answer);
  const CACHE_FOLDER = await Deno.makeTempDir();
  const env = {
    ...{ SERVER_URL: server.url, CACHE_FOLDER, NB_RETRY_REQUEST: "0" },
    PRODUCT_DETAILS_URL: details.url,
  };
  const { code, stdout, stderr } = await buildhub(["audit", "--source", "product-details"], {
    env,
  });
  assertEquals([code, stdout], [1, ""]);
  assertStringIncludes(stderr, details.url);
  await Deno.remove(CACHE_FOLDER, { recursive: true });
});
