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

/** `a` stands for ten strings, `b` for ten of `a` … nine levels: a thousand million. */
const BILLION_LAUGHS = ["a", "b", "c", "d", "e", "f", "g", "h", "i"]
  .map((name, at, names) =>
    `${name}: &${name} [${Array(10).fill(at ? `*${names[at - 1]}` : "lol")}]`
  )
  .join("\n");

Deno.test.each([
  { name: "aliases of aliases", yaml: BILLION_LAUGHS, says: "its aliases stand for more than" },
  {
    name: "many aliases of a long string",
    yaml: `a: &a "${"x".repeat(100_000)}"\nb: [${Array(10_000).fill("*a")}]`,
    says: "its aliases stand for more than",
  },
  { name: "an alias of itself", yaml: "a: &a [*a]", says: "nested deeper than 100 levels" },
  { name: "many levels", yaml: "[".repeat(100_000), says: "nested too deeply" },
  { name: "4 MiB", yaml: `a: ${"x".repeat(4 * 2 ** 20)}`, says: "larger than 4 MiB" },
])("parseDescription() refuses $name", async ({ yaml, says }) => {
  await assertRejects(() => parseDescription(yaml), Error, says);
});

Deno.test("parseDescription() takes aliases, dates and ten thousand records", async () => {
  const records = Array.from({ length: 10_000 }, (_, at) => `r${at}: {data: *data}`).join(", ");
  const yaml = `defaults: &data {day: 2017-06-02}
buckets: {a: {collections: {c: {records: {${records}}}}}}`;
  const objects = await parseDescription(yaml);
  assertEquals(objects.length, 10_002);
  assertEquals(objects.at(-1)!.data, { day: "2017-06-02T00:00:00.000Z" });
});
