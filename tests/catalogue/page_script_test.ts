import { assert } from "@std/assert";
import { bundlePage, PAGE_SCRIPT } from "../../src/catalogue/bundle.ts";

Deno.test("page.js is what its sources give", async () => {
  const isCurrent = await bundlePage() === await Deno.readTextFile(PAGE_SCRIPT);
  assert(isCurrent, "run `deno task catalogue`, and commit page.js");
});
