/** The examples of docs/api.md's section about searching. */
import { assert, assertEquals } from "@std/assert";
import { startServe } from "../../servers/serve.ts";
import { Random } from "../random.ts";
import { fill, searchUrlOf } from "./dsl/peer.ts";
import { sampleRecords } from "./dsl/sample_records.ts";

Deno.test("the searches in docs/api.md are answered by both endpoints", async () => {
  const docs = await Deno.readTextFile(new URL("../../../docs/api.md", import.meta.url));
  const section = docs.split("\n## ").find((part) => part.startsWith("Searching with Elastic"))!;
  const examples = [...section.matchAll(/```json\n(.*?)```/gs)].map(([, body]) => body!);
  assertEquals(examples.length, 3);
  await using serve = await startServe({ env: { KINTO_BATCH_MAX_REQUESTS: "1000" } });
  await fill(serve.url, await sampleRecords(new Random(1), 100));
  for (const url of [searchUrlOf(serve.url), serve.url.replace(/v1$/, "api/search")]) {
    for (const body of examples) {
      const response = await fetch(url, { method: "POST", body });
      const { hits, aggregations } = await response.json();
      assertEquals(response.status, 200, body);
      assert(typeof hits.total === "number");
      assertEquals(aggregations !== undefined, body.includes('"aggs"'));
    }
  }
});
