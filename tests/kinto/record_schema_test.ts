import { assertEquals, assertRejects } from "@std/assert";
import { initialization } from "../../src/kinto/initialization.ts";
import { recordValidator } from "../../src/kinto/record_schema.ts";
import { record } from "./target.ts";

async function bundled() {
  const [, { data }] = await initialization({ bucket: "b", collection: "c" });
  return await recordValidator(data.schema as object);
}

const good = record(1);

Deno.test.each([
  { name: "a good one", value: good, violations: [] },
  { name: "Kinto's own members", value: { ...good, last_modified: 1, schema: 2 }, violations: [] },
  {
    name: "an unknown member",
    value: { ...good, extra: 1 },
    violations: ["the record must NOT have additional properties: extra"],
  },
  {
    name: "several faults",
    value: {
      ...good,
      target: { ...good.target, os: "beos" },
      download: { ...good.download, size: 1.5, date: "today" },
    },
    violations: [
      "target.os must be equal to one of the allowed values: linux, win, mac, android, maemo",
      "download.size must be integer",
      'download.date must match format "date-time"',
    ],
  },
  {
    name: "missing parts",
    value: { id: "a", source: {} },
    violations: [
      "the record must have required property 'target'",
      "the record must have required property 'download'",
      "source must have required property 'product'",
    ],
  },
])("recordValidator() of initialization.yml judges $name", async ({ value, violations }) => {
  assertEquals((await bundled())(value), [...violations]);
});

Deno.test("recordValidator() accepts every conformance record", async () => {
  const validate = await bundled();
  const file = new URL("../testdata/records.jsonl.gz", import.meta.url);
  const { gunzipSync } = await import("node:zlib");
  const lines = new TextDecoder().decode(gunzipSync(await Deno.readFile(file))).trim().split("\n");
  assertEquals(lines.flatMap((line) => validate(JSON.parse(line).data)), []);
});

Deno.test("recordValidator() minds the id only when the schema does", async () => {
  const without = await recordValidator({ additionalProperties: false, required: ["id"] });
  assertEquals(without({ id: "a" }), []);
  const withId = await recordValidator({ properties: { id: { maxLength: 1 } } });
  assertEquals(withId({ id: "ab" }), ["id must NOT have more than 1 characters"]);
});

Deno.test("recordValidator() says so when it can't use a schema", async () => {
  await assertRejects(() => recordValidator({ type: "nonsense" }), Error);
});
