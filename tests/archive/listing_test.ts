import { assertEquals } from "@std/assert";
import { highestBuild, listingFrom } from "../../src/archive/listing.ts";

const FILE = { name: "a.json", size: 1, last_modified: "2017-06-02T12:20:10Z" };

Deno.test.each<{ name: string; document: unknown; listing: unknown }>([
  {
    name: "a folder",
    document: { prefixes: ["a/"], files: [FILE] },
    listing: { prefixes: ["a/"], files: [FILE] },
  },
  {
    name: "an empty folder",
    document: { prefixes: [], files: [] },
    listing: { prefixes: [], files: [] },
  },
  {
    name: "entries of another shape",
    document: { prefixes: [1, null, "a/"], files: [null, "a", {}, { ...FILE, name: 5 }, FILE] },
    listing: { prefixes: ["a/"], files: [FILE] },
  },
  { name: "a missing folder", document: undefined, listing: undefined },
  { name: "null", document: null, listing: undefined },
  { name: "a text", document: "prefixes", listing: undefined },
  { name: "no files", document: { prefixes: [] }, listing: undefined },
  { name: "another document", document: { buildid: "2017030212" }, listing: undefined },
])("listingFrom() reads $name", ({ document, listing }) => {
  assertEquals<unknown>(listingFrom(document), listing);
});

Deno.test.each<{ prefixes: string[]; highest: number | undefined }>([
  { prefixes: [], highest: undefined },
  { prefixes: ["build1/"], highest: 1 },
  { prefixes: ["build1/", "build11/", "build2/", "build9/"], highest: 11 },
  { prefixes: ["build2/", "build3-old/", "mybuild9/", "build/", "logs/"], highest: 2 },
  { prefixes: ["logs/"], highest: undefined },
])("highestBuild() of $prefixes is $highest", ({ prefixes, highest }) => {
  assertEquals(highestBuild({ prefixes, files: [] }), highest);
});
