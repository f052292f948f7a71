import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { serveArchive } from "../../src/demo/archive_server.ts";
import type { ArchiveFile } from "../../src/demo/archive_tree.ts";
import { readTree } from "../servers/conformance_tree.ts";
import recorded from "../testdata/lister_answers.json" with { type: "json" };

const DATE = "2017-06-02T12:20:10Z";
const JSON_ACCEPTED = { headers: { accept: "application/json" } };

Deno.test.each(recorded.answers)(
  "serveArchive() answers $path with Accept: $accept as the real lister does",
  async ({ path, accept, ...expected }) => {
    await using archive = serveArchive({ files: recorded.tree });
    const url = archive.url.slice(0, -1) + path;
    const response = await fetch(url, { headers: { accept } });
    const [body, { headers, status }] = [await response.text(), response];
    if (path === "/pub") return assertEquals(status, expected.status); // a file to us
    const isJson = expected.body !== undefined;
    assertEquals({
      status,
      contentType: headers.get("content-type"),
      vary: headers.get("vary"),
      ...isJson && { etag: headers.get("etag"), body },
    }, expected);
    const head = await fetch(url, { method: "HEAD", headers: { accept } });
    for (const name of ["content-type", "vary", "etag"]) {
      assertEquals(head.headers.get(name), headers.get(name));
    }
    assertEquals(head.status, status);
    const again = await fetch(url, {
      headers: { accept, "if-none-match": headers.get("etag") ?? "*" },
    });
    assertEquals([again.status, await again.text()], [status, body]);
  },
);

Deno.test.each<{ sizes?: "text" | "bytes"; size: number | string }>([
  { size: "68M" },
  { sizes: "text", size: "68M" },
  { sizes: "bytes", size: 71_000_000 },
])("serveArchive() with sizes: $sizes lists 71,000,000 bytes as $size", async ({ sizes, size }) => {
  const file = { path: "pub/a.zip", size: 71_000_000, last_modified: DATE };
  await using archive = serveArchive({ files: [file], sizes });
  const listing = await (await fetch(`${archive.url}pub/`, JSON_ACCEPTED)).json();
  assertEquals(listing.files, [{ name: "a.zip", size, last_modified: DATE }]);
  const { headers } = await fetch(`${archive.url}pub/a.zip`, { method: "HEAD" });
  assertEquals(headers.get("content-length"), "71000000");
});

Deno.test("serveArchive() lists 3,000 folders in one answer", async () => {
  const names = Array.from({ length: 3_000 }, (_, i) => `${i}.0-candidates/`);
  const files = names.map((name) => ({ path: `pub/${name}a`, size: 1, last_modified: DATE }));
  await using archive = serveArchive({ files });
  const { prefixes } = await (await fetch(`${archive.url}pub/`, JSON_ACCEPTED)).json();
  assertEquals(prefixes, names.toSorted());
});

const FILES: ArchiveFile[] = [
  { path: "favicon.ico", size: 10, last_modified: DATE },
  { path: "pub/", size: 67581359, last_modified: DATE },
  { path: "pub/b/Firefox Setup 50.0.exe", size: 1234, last_modified: DATE },
  { path: "pub/b/<b>&.txt", size: 1, last_modified: DATE, body: "x" },
  { path: "pub/a/100%25 é.json", size: 14, last_modified: DATE, body: '{"name":"é"}' },
];

Deno.test.each<{ path: string; listing: unknown }>([
  {
    path: "",
    listing: {
      prefixes: ["pub/"],
      files: [{ name: "favicon.ico", size: 10, last_modified: DATE }],
    },
  },
  {
    path: "pub/",
    listing: {
      prefixes: ["a/", "b/"],
      files: [{ name: "", size: "64M", last_modified: DATE }],
    },
  },
  {
    path: "pub/b/",
    listing: {
      prefixes: [],
      files: [
        { name: "<b>&.txt", size: 1, last_modified: DATE },
        { name: "Firefox Setup 50.0.exe", size: "1K", last_modified: DATE },
      ],
    },
  },
  {
    path: "pub/a/?C=M",
    listing: { prefixes: [], files: [{ name: "100%25 é.json", size: 14, last_modified: DATE }] },
  },
])("serveArchive() lists /$path as JSON", async ({ path, listing }) => {
  await using archive = serveArchive({ files: FILES });
  const response = await fetch(archive.url + path, JSON_ACCEPTED);
  assertEquals(response.headers.get("content-type"), "application/json");
  assertEquals(await response.json(), listing);
});

Deno.test("serveArchive() shows a folder as a page of links unless JSON is accepted", async () => {
  await using archive = serveArchive({ files: FILES });
  const response = await fetch(`${archive.url}pub/b/`);
  assertEquals(response.headers.get("content-type"), "text/html; charset=utf-8");
  const page = await response.text();
  assertStringIncludes(page, 'href="/pub/b/Firefox%20Setup%2050.0.exe"');
  assertStringIncludes(page, "&#60;b&#62;&#38;.txt");
});

Deno.test("serveArchive() gives a document's bytes, whatever its name", async () => {
  await using archive = serveArchive({ files: FILES });
  const response = await fetch(`${archive.url}pub/a/${encodeURIComponent("100%25 é.json")}`);
  assertEquals(response.status, 200);
  assertEquals(await response.json(), { name: "é" });
});

Deno.test("serveArchive() answers HEAD with a build's exact size, and has no content for it", async () => {
  await using archive = serveArchive({ files: FILES });
  const url = `${archive.url}pub/b/Firefox%20Setup%2050.0.exe`;
  const head = await fetch(url, { method: "HEAD" });
  assertEquals(head.headers.get("content-length"), "1234");
  assertEquals(head.headers.get("last-modified"), "Fri, 02 Jun 2017 12:20:10 GMT");
  await head.body?.cancel();
  assertEquals(await (await fetch(url)).text(), "A build of 1234 bytes.\n");
});

Deno.test.each([
  "pub",
  "pub/b",
  "pub/c/",
  "pub/b//",
  "pub//b/",
  "pub/%2e%2e/favicon.ico%00",
  "pub/%ff",
  "pub/%",
  "%2e%2e/%2e%2e/etc/passwd",
  "__proto__/",
  "constructor",
])("serveArchive() doesn't find /%s, and says so in no JSON", async (path) => {
  await using archive = serveArchive({ files: FILES });
  const response = await fetch(archive.url + path, JSON_ACCEPTED);
  assertEquals(response.status, 404);
  assertEquals((await response.text())[0], "<");
});

Deno.test("serveArchive() doesn't resolve ..", async () => {
  await using archive = serveArchive({ files: FILES });
  const { port, hostname } = new URL(archive.url);
  using connection = await Deno.connect({ port: Number(port), hostname });
  const request = "GET /pub/../favicon.ico HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
  await connection.write(new TextEncoder().encode(request));
  assertStringIncludes(await new Response(connection.readable).text(), "404 Not Found");
});

Deno.test("serveArchive() refuses to be written to", async () => {
  await using archive = serveArchive({ files: FILES });
  const response = await fetch(`${archive.url}favicon.ico`, { method: "PUT", body: "x" });
  assertEquals([response.status, await response.text()], [405, "Method Not Allowed\n"]);
});

Deno.test("serveArchive() counts requests by path, decoded", async () => {
  await using archive = serveArchive({ files: FILES });
  for (const path of ["pub/", "pub/", "nothing", "pub/b/Firefox%20Setup%2050.0.exe"]) {
    await (await fetch(archive.url + path)).body?.cancel();
  }
  assertEquals(
    archive.requests,
    new Map([["pub/", 2], ["nothing", 1], ["pub/b/Firefox Setup 50.0.exe", 1]]),
  );
});

Deno.test("serveArchive() shows what comes and goes while it runs", async () => {
  await using archive = serveArchive({ files: FILES });
  const names = async (folder: string) => {
    const response = await fetch(archive.url + folder, JSON_ACCEPTED);
    if (response.status === 404) return await response.text() && 404;
    const { prefixes, files } = await response.json();
    return [...prefixes, ...files.map(({ name }: { name: string }) => name)].filter(Boolean);
  };
  archive.tree.put({ path: "pub/c/d/e.json", size: 2, last_modified: DATE, body: "{}" });
  assertEquals(await names("pub/"), ["a/", "b/", "c/"]);
  assertEquals(await names("pub/c/d/"), ["e.json"]);
  archive.tree.delete("pub/c/d/e.json");
  archive.tree.delete("pub/c/d/e.json");
  assertEquals(await names("pub/"), ["a/", "b/"]);
  assertEquals(await names("pub/c/"), 404);
});

Deno.test("serveArchive() ends with its signal", async () => {
  const controller = new AbortController();
  await using archive = serveArchive({ files: FILES, signal: controller.signal });
  await (await fetch(archive.url)).body?.cancel();
  controller.abort();
  await assertRejects(() => fetch(archive.url), TypeError);
});

Deno.test("serveArchive() sends what `fault` returns", async () => {
  await using archive = serveArchive({
    files: FILES,
    fault: (path) =>
      path === "pub/" && archive.requests.get(path) === 1
        ? new Response("busy", { status: 503 })
        : undefined,
  });
  const statuses = [];
  for (let i = 0; i < 2; i++) {
    const response = await fetch(`${archive.url}pub/`);
    statuses.push(response.status);
    await response.body?.cancel();
  }
  assertEquals(statuses, [503, 200]);
});

Deno.test("serveArchive() serves the conformance tree, some documents with a wrong type", async () => {
  const files = await readTree();
  await using archive = serveArchive({ files });
  const types = new Set<string | null>();
  for (const { path, body } of files) {
    if (body === undefined) continue;
    const response = await fetch(archive.url + encodeURI(path));
    if (path.endsWith(".json")) types.add(response.headers.get("content-type"));
    assertEquals(await response.text(), body);
  }
  assertEquals(types, new Set(["application/json", "application/octet-stream"]));
});
