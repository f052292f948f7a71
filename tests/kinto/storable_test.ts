import { assert, assertEquals } from "@std/assert";
import { whyUnstorable } from "../../src/kinto/storable.ts";
import { bucketPath, collectionPath, recordPath } from "../../src/kinto/kinto_request.ts";
import { startKinto } from "../servers/kinto.ts";
import { kintoAt } from "./target.ts";

function nested(depth: number): unknown {
  return depth === 0 ? 1 : [nested(depth - 1)];
}

const CASES: { name: string; data: object; problem?: string }[] = [
  { name: "a NUL", data: { cc: "gcc\0" }, problem: "cc has a NUL (U+0000)" },
  { name: "a NUL far down", data: { a: [{ b: "\0" }] }, problem: "a.0.b has a NUL (U+0000)" },
  {
    name: "a NUL in a name",
    data: { a: { "c\0c": 1 } },
    problem: "the name of a.c\ufffdc has a NUL (U+0000)",
  },
  { name: "half of a pair", data: { cc: "\ud83d" }, problem: "cc has a lone surrogate" },
  { name: "the other half", data: { cc: "a\ude00" }, problem: "cc has a lone surrogate" },
  { name: "a pair swapped", data: { cc: "\ude00\ud83d" }, problem: "cc has a lone surrogate" },
  {
    name: "a surrogate in a name",
    data: { "a\ud83d": 1 },
    problem: "the name of a\ufffd has a lone surrogate",
  },
  {
    name: "a thousand levels",
    data: { a: nested(1000) },
    problem: "a is nested deeper than 100 levels",
  },
  { name: "99 levels", data: { a: nested(99) } },
  { name: "a pair", data: { cc: "😀" } },
  { name: "control characters", data: { cc: "\x01\x1f\x7f\ufffe\uffff" } },
  { name: "an escape that looks like a NUL", data: { cc: "\\u0000" } },
  { name: "numbers", data: { a: 1e308, b: -0, c: Number.MAX_SAFE_INTEGER } },
  { name: "a __proto__", data: JSON.parse('{"__proto__": "a"}') },
  { name: "nothing", data: { a: null, b: [], c: {}, d: "" } },
];

Deno.test("whyUnstorable() refuses what Kinto on PostgreSQL doesn't store, and nothing else", async (test) => {
  await using server = await startKinto({ storage: "postgresql" });
  const kinto = kintoAt(server.url, { retries: 0 });
  const name = { bucket: "any", collection: "any" };
  await kinto.request({ method: "PUT", path: bucketPath("any") });
  await kinto.request({ method: "PUT", path: collectionPath(name) });
  for (const { name: title, data, problem } of CASES) {
    await test.step(title, async () => {
      assertEquals(whyUnstorable(data), problem);
      const path = recordPath(name, "a");
      const status = await kinto.request({ method: "PUT", path, body: { data } })
        .then((reply) => reply.status, (error) => error.status);
      assertEquals(status < 300, problem === undefined, `Kinto replied ${status}`);
    });
  }
});

Deno.test("whyUnstorable() refuses numbers that JSON has no form for", () => {
  assertEquals(whyUnstorable(JSON.parse('{"a": {"n": 1e400}}')), "a.n is a number out of range");
  assert(JSON.stringify({ n: 1e400 }) === '{"n":null}');
});
