import { assert, assertEquals } from "@std/assert";
import type { Head } from "../../../src/server/http/call.ts";
import { compressSearches } from "../../../src/server/http/compress_searches.ts";
import { reply } from "../../../src/server/http/reply.ts";

const TEXT = JSON.stringify(Array(500).fill("nightly"));

const SEARCH = "/v1/buckets/b/collections/c/search";

Deno.test.each([
  { name: "a search", target: SEARCH, accept: "br, gzip", isCompressed: true },
  { name: "a search by q", target: `${SEARCH}?q=fr`, accept: "gzip", isCompressed: true },
  { name: "for a client that refuses", target: SEARCH, accept: "gzip;q=0", isCompressed: false },
  { name: "for a client that doesn't say", target: SEARCH, isCompressed: false },
  { name: "records", target: "/v1/search/records", accept: "gzip", isCompressed: false },
])("compressSearches() with $name", async ({ target, accept, isCompressed }) => {
  const head: Head = { method: "POST", origin: "http://a.b", target, header: () => accept };
  const { headers, body } = await compressSearches(head, () => Promise.resolve(reply(200, TEXT)));
  if (!isCompressed) return assertEquals([headers["content-encoding"], body], [undefined, TEXT]);
  assertEquals([headers["content-encoding"], headers.vary], ["gzip", "accept-encoding"]);
  assert(body instanceof Uint8Array && body.length < TEXT.length / 10);
  const plain = new Blob([body as BlobPart]).stream().pipeThrough(new DecompressionStream("gzip"));
  assertEquals(await new Response(plain).text(), TEXT);
});
