import { assertEquals, assertMatch } from "@std/assert";
import { startKinto } from "./kinto.ts";

Deno.test.each(
  [{ storage: "memory" }, { storage: "postgresql" }] as const,
)("startKinto() serves an empty Kinto with $storage storage", async ({ storage }) => {
  await using kinto = await startKinto({ storage });
  const headers = { authorization: `Basic ${btoa("user:pass")}` };
  const info = await (await fetch(kinto.url, { headers })).json();
  assertMatch(info.user.id, /^basicauth:/);
  assertEquals(Object.keys(info.capabilities).sort(), ["basicauth", "flush_endpoint", "schema"]);
  const created = await fetch(`${kinto.url}/buckets/b`, { method: "PUT", headers });
  assertEquals([created.status, (await created.json()).data.id], [201, "b"]);
});
