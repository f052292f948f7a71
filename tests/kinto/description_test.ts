import { assertEquals, assertRejects } from "@std/assert";
import { parseDescription } from "../../src/kinto/description.ts";

const TWO = `
a: {collections: {x: {records: {r: {data: {n: 1}}}}, y: }}
b: {collections: {x: }}
`;

Deno.test.each([
  {
    filter: {},
    names: "bucket a, collection a/x, record a/x/r, collection a/y, bucket b, collection b/x",
  },
  { filter: { bucket: "b" }, names: "bucket b, collection b/x" },
  { filter: { collection: "y" }, names: "bucket a, collection a/y" },
  { filter: { bucket: "a", collection: "x" }, names: "bucket a, collection a/x, record a/x/r" },
])("parseDescription() takes $filter", async ({ filter, names }) => {
  const objects = await parseDescription(TWO, filter);
  assertEquals(objects.map(({ name }) => name).join(", "), names);
});

Deno.test.each([
  { yaml: "", says: "the file is empty" },
  { yaml: "- a", says: "the file: not a mapping" },
  { yaml: "buckets: 3", says: "buckets: not a mapping" },
  { yaml: "buckets: {}", says: "the file describes no bucket" },
  { yaml: "a: {data: [1]}", says: "data of bucket a: not a mapping" },
  { yaml: "a: {permissions: {read: everyone}}", says: "permission read of bucket a isn't a list" },
  { yaml: "a: {colections: {}}", says: 'bucket a has a member "colections"' },
  { yaml: "a: {collections: {x: 1}}", says: "collection a/x: not a mapping" },
  { yaml: "a: {b: [}", says: "" },
  { yaml: 'a: {data: {title: "b\\0"}}', says: "bucket a: data.title has a NUL (U+0000)" },
])("parseDescription() refuses $yaml", async ({ yaml, says }) => {
  await assertRejects(() => parseDescription(yaml), Error, says);
});

Deno.test("parseDescription() says so when nothing passes its filter", async () => {
  const filter = { bucket: "b", collection: "y" };
  await assertRejects(
    () => parseDescription(TWO, filter),
    Error,
    "the file describes no bucket b with collection y",
  );
});
