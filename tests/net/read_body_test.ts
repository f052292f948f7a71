import { assert, assertEquals, assertRejects } from "@std/assert";
import { gzipSync } from "node:zlib";
import { BodyTooLarge } from "../../src/errors/body_too_large.ts";
import { NetworkError } from "../../src/errors/network_error.ts";
import { Http } from "../../src/net/http.ts";
import { readJson, readText } from "../../src/net/read_body.ts";

const MIB = 2 ** 20;

Deno.test.each<{ name: string; body: BodyInit | null; headers?: HeadersInit; text: string }>([
  { name: "nothing", body: null, text: "" },
  { name: "an empty text", body: "", text: "" },
  { name: "as much as may be", body: "é".repeat(MIB / 2), text: "é".repeat(MIB / 2) },
  { name: "a byte order mark", body: "\ufeffa", text: "a" },
  { name: "an announced length", body: "abc", headers: { "content-length": "3" }, text: "abc" },
])("readText() reads $name", async ({ body, headers, text }) => {
  assertEquals(await readText(new Response(body, { headers }), MIB), text);
});

Deno.test("readText() reads a character wherever its chunks end", async () => {
  const bytes = [...new TextEncoder().encode("a€😀z")].map((byte) => new Uint8Array([byte]));
  assertEquals(await readText(new Response(ReadableStream.from(bytes)), 100), "a€😀z");
});

Deno.test.each<{ name: string; answer: (endless: ReadableStream<Uint8Array>) => Response }>([
  {
    name: "a body that is announced as too large",
    answer: () => new Response("x".repeat(MIB + 1)),
  },
  { name: "a body that never ends", answer: (endless) => new Response(endless as BodyInit) },
  {
    name: "a gzip bomb",
    answer: () => {
      const headers = { "content-encoding": "gzip" };
      return new Response(new Uint8Array(gzipSync(new Uint8Array(100 * MIB))), { headers });
    },
  },
])("Http refuses $name, and doesn't try again", async ({ answer }) => {
  let [requests, chunks] = [0, 0];
  await using server = Deno.serve({ port: 0, onListen() {} }, () => {
    requests++;
    return answer(
      new ReadableStream({
        pull(controller) {
          chunks++;
          controller.enqueue(new Uint8Array(MIB / 8).fill(32));
        },
      }),
    );
  });
  const url = `http://127.0.0.1:${server.addr.port}/a`;
  const http = new Http({ backoffMs: 0 });
  const error = await assertRejects(
    () => http.request({ url }, (response) => readJson(response, MIB)),
    BodyTooLarge,
  );
  assertEquals(error.message, `Cannot read ${url}: larger than 1 MiB`);
  assertEquals(requests, 1);
  assert(chunks < 100, `${chunks} chunks`);
});

Deno.test("readText() throws NetworkError for a body that breaks off", async () => {
  const broken = new ReadableStream({ pull: (controller) => controller.error(new TypeError("x")) });
  await assertRejects(() => readText(new Response(broken), MIB), NetworkError, "body cut off");
});
