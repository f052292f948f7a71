import { assertEquals } from "@std/assert";
import { stableNames } from "../../packaging/stable_names.ts";

type Files = Record<string, string>;

Deno.test.each<{ what: string; files: Files; renamed: Files }>([
  {
    what: "numbers names that are the same without their hash",
    files: {
      "main.js": 'import"./chunk-ABCDEFG2.js";import("./chunk-ABCDEFG1.js")',
      "chunk-ABCDEFG1.js": "1",
      "chunk-ABCDEFG2.js": "2",
    },
    renamed: {
      "main.js": 'import"./chunk.js";import("./chunk-2.js")',
      "chunk.js": "2",
      "chunk-2.js": "1",
    },
  },
  {
    what: "renames in circles",
    files: {
      "main.js": 'import"./a-ABCDEFGH.js"',
      "a-ABCDEFGH.js": 'export{b}from"./b-ABCDEFGH.js"',
      "b-ABCDEFGH.js": "import('./a-ABCDEFGH.js');import './main.js'",
    },
    renamed: {
      "main.js": 'import"./a.js"',
      "a.js": 'export{b}from"./b.js"',
      "b.js": "import('./a.js');import './main.js'",
    },
  },
  {
    what: "leaves what nobody imports, and what isn't a file",
    files: { "main.js": 'x="./other-ABCDEFGH.js"', "alone-ABCDEFGH.js": "" },
    renamed: { "main.js": 'x="./other-ABCDEFGH.js"' },
  },
])("stableNames() $what", ({ files, renamed }) => {
  assertEquals(
    Object.fromEntries(stableNames(new Map(Object.entries(files)), "main.js")),
    renamed,
  );
});
