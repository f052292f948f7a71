import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { assertEquals } from "@std/assert";
import { serverOf } from "../../../src/server/http/middleware.ts";
import { EncodedTexts } from "../../../src/server/http/encoded_text.ts";
import { callOf } from "../../../src/server/http/call.ts";
import { Router } from "../../../src/server/http/router.ts";
import { errors } from "../../../src/server/http/errors.ts";
import { noSuchPath } from "../../../src/server/http/refusal.ts";

const BODY = "A text that is long enough to be worth its compression. ".repeat(20);

const headers = { "content-type": "text/plain", "cache-control": "no-cache" };
const router = new Router([new EncodedTexts().route("/docs", () => ({ body: BODY, headers }))]);
const server = serverOf(
  [errors(fail)],
  async (request, head) =>
    await router.answer(callOf(request, head, undefined), () => {
      throw noSuchPath();
    }),
);

function fail(error: unknown): void {
  throw error;
}

function ask(headers: Record<string, string>, method = "GET", path = "/docs"): Promise<Response> {
  return server(new Request(`http://localhost${path}`, { method, headers }));
}

Deno.test.each([
  { accept: undefined, encoding: null },
  { accept: "", encoding: null },
  { accept: "br", encoding: "br" },
  { accept: "gzip, deflate, br, zstd", encoding: "br" },
  { accept: "gzip", encoding: "gzip" },
  { accept: "br;q=0", encoding: null },
  { accept: "br;q=0, gzip;q=0.5", encoding: "gzip" },
  { accept: "br; q=0.0, gzip; q=0.000", encoding: null },
  { accept: "identity", encoding: null },
  { accept: "brotli", encoding: null },
])("EncodedTexts answers “$accept” in $encoding", async ({ accept, encoding }) => {
  const response = await ask(accept === undefined ? {} : { "accept-encoding": accept });
  const bytes = new Uint8Array(await response.arrayBuffer());
  assertEquals(response.headers.get("content-encoding"), encoding);
  assertEquals(response.headers.get("content-length"), String(bytes.length));
  assertEquals(response.headers.get("vary"), "accept-encoding");
  const decoded = encoding === "br"
    ? brotliDecompressSync(bytes)
    : encoding === "gzip"
    ? gunzipSync(bytes)
    : bytes;
  assertEquals(new TextDecoder().decode(decoded), BODY);
});

Deno.test.each([
  { known: (etag: string) => etag, status: 304 },
  { known: (etag: string) => `W/${etag}`, status: 304 },
  { known: (etag: string) => `"other", W/"more",${etag}`, status: 304 },
  { known: () => "*", status: 304 },
  { known: () => '"other"', status: 200 },
  { known: (etag: string) => etag.replaceAll('"', ""), status: 200 },
])("EncodedTexts compares If-None-Match, $#", async ({ known, status }) => {
  const etag = (await ask({})).headers.get("etag")!;
  const response = await ask({ "if-none-match": known(etag) });
  assertEquals(response.status, status);
  assertEquals(response.headers.get("etag"), etag);
  assertEquals(await response.text(), status === 304 ? "" : BODY);
});

Deno.test("EncodedTexts gives each encoding an ETag of its own", async () => {
  const gzipped = (await ask({ "accept-encoding": "gzip" })).headers.get("etag")!;
  const response = await ask({ "accept-encoding": "br", "if-none-match": gzipped });
  assertEquals(response.status, 200);
  await response.body?.cancel();
});

Deno.test.each([
  { method: "HEAD", path: "/docs", status: 200, allow: null },
  { method: "POST", path: "/docs", status: 405, allow: "GET, HEAD, OPTIONS" },
  { method: "GET", path: "/docs/", status: 404, allow: null },
])("EncodedTexts answers $method $path with $status", async ({ method, path, status, allow }) => {
  const response = await ask({}, method, path);
  assertEquals([response.status, response.headers.get("allow")], [status, allow]);
  if (method === "HEAD") assertEquals(await response.text(), "");
});
