import { assertEquals, assertThrows } from "@std/assert";
import { highestBuild, listingFrom } from "../../src/archive/listing.ts";
import { UnreadableBody } from "../../src/errors/unreadable_body.ts";
import recorded from "../testdata/lister_answers.json" with { type: "json" };

const FOLDER = "pub/firefox/releases/54.0/";
const FILE = { name: "a.json", size: 1, last_modified: "2017-06-02T12:20:10Z" };

Deno.test.each<{ name: string; document: unknown; listing: unknown }>([
  {
    name: "a folder",
    document: { prefixes: ["a/"], files: [FILE] },
    listing: { prefixes: ["a/"], files: [FILE] },
  },
  {
    name: "a folder that only lists itself",
    document: { prefixes: [], files: [{ ...FILE, name: "" }] },
    listing: { prefixes: [], files: [] },
  },
  {
    name: "sizes in bytes and rounded ones",
    document: { prefixes: [], files: [0, 1023, "1K", "1024K", "68M", 5e9].map(ofSize) },
    listing: { prefixes: [], files: [0, 1023, "1K", "1024K", "68M", 5e9].map(ofSize) },
  },
  {
    name: "a folder that lists itself",
    document: {
      prefixes: [],
      files: ["", "54.0", "54.0/", "54", "a.json"].map((name) => ({ ...FILE, name })),
    },
    listing: { prefixes: [], files: ["54", "a.json"].map((name) => ({ ...FILE, name })) },
  },
  {
    name: "what may be added later",
    document: { prefixes: [], files: [{ ...FILE, md5: "x" }], next: null },
    listing: { prefixes: [], files: [FILE] },
  },
])("listingFrom() reads $name", ({ document, listing }) => {
  assertEquals<unknown>(listingFrom(document, FOLDER), listing);
});

function ofSize(size: unknown) {
  return { ...FILE, size };
}

Deno.test.each(recorded.answers.filter(({ body }) => body !== undefined))(
  "listingFrom() reads the real lister's answer for $path",
  ({ path, body }) => {
    const document = JSON.parse(body!);
    const { prefixes, files } = listingFrom(document, path.slice(1));
    assertEquals(prefixes, document.prefixes);
    assertEquals<unknown>(files, document.files.filter(({ name }: typeof FILE) => name !== ""));
  },
);

Deno.test.each<{ name: string; document: unknown }>([
  { name: "null", document: null },
  { name: "a text", document: "prefixes" },
  { name: "an array", document: [] },
  { name: "no files", document: { prefixes: [] } },
  { name: "no entry at all", document: { prefixes: [], files: [] } },
  { name: "another document", document: { buildid: "2017030212" } },
  { name: "a number as prefix", document: { prefixes: [1], files: [] } },
  ...[null, "a", {}, { ...FILE, name: 5 }].map(withEntry),
  ...[-1, 1.5, 1e300, null, "", "68", "68G", "6.8M", " 68M", "68M\n", "-1K", "1e3K"]
    .map((size) => withEntry({ ...FILE, size })),
  ...[
    5,
    "",
    "01-Jul-2026 09:27",
    "2017-06-02",
    "2017-13-02T12:20:10Z",
    '2017-06-02T12:20:10Z",""\n"b","pub/firefox/x.exe","1","2017-06-02T12:20:10Z',
    "2017-06-02T12:20:10Z\n",
  ].map((last_modified) => withEntry({ ...FILE, last_modified })),
])("listingFrom() refuses $name", ({ document }) => {
  assertThrows(() => listingFrom(document, FOLDER), UnreadableBody);
});

/** A listing with a good entry and this one. */
function withEntry(entry: unknown): { name: string; document: unknown } {
  return {
    name: `an entry ${JSON.stringify(entry)}`,
    document: { prefixes: [], files: [FILE, entry] },
  };
}

Deno.test.each<{ prefixes: string[]; highest: number | undefined }>([
  { prefixes: [], highest: undefined },
  { prefixes: ["build1/"], highest: 1 },
  { prefixes: ["build1/", "build11/", "build2/", "build9/"], highest: 11 },
  { prefixes: ["build2/", "build3-old/", "mybuild9/", "build/", "logs/"], highest: 2 },
  { prefixes: ["logs/"], highest: undefined },
])("highestBuild() of $prefixes is $highest", ({ prefixes, highest }) => {
  assertEquals(highestBuild({ prefixes, files: [] }), highest);
});
