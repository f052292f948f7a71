import { assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { CrawlState } from "../../src/crawl/crawl_state.ts";
import type { RememberedFolder } from "../../src/crawl/folder_row.ts";
import { DamagedCache } from "../../src/errors/damaged_cache.ts";

const ROOT = "pub/firefox/releases/52.0/";
const DATE = "2017-03-07T12:00:00Z";

function folder(path: string, children: string[]): RememberedFolder {
  const files = [{ name: "firefox-52.0.tar.bz2", size: 7, last_modified: DATE }];
  return {
    ...{ path, children, files, fileCount: 1, prunedCount: 2, newest: DATE, newestBelow: null },
    ...{ listedAt: Date.parse(DATE), crawl: 1 },
  };
}

/** A state of a folder with two others in it, whose bytes may be changed. */
async function scene() {
  const directory = await Deno.makeTempDir();
  const path = `${directory}/crawl.sqlite`;
  const messages: string[] = [];
  const open = () => CrawlState.open(path, (message) => messages.push(message));
  {
    using state = await open();
    state.put(folder(ROOT, ["fr/", "de/"]), undefined);
    for (const child of ["fr/", "de/"]) state.put(folder(ROOT + child, []), undefined);
    state.finish(ROOT, DATE);
  }
  return {
    ...{ open, messages },
    async change(text: string, by: string) {
      const latin1 = (bytes: Uint8Array) => [...bytes].map((byte) => String.fromCharCode(byte));
      const before = latin1(await Deno.readFile(path)).join("");
      const after = before.replaceAll(text, by);
      assertNotEquals(before, after);
      const bytes = Uint8Array.from(after, (character) => character.charCodeAt(0));
      await Deno.writeFile(path, bytes);
    },
    [Symbol.asyncDispose]: () => Deno.remove(directory, { recursive: true }),
  };
}

Deno.test("CrawlState gives back what was put in", async () => {
  await using at = await scene();
  using state = await at.open();
  assertEquals(state.get(ROOT), { ...folder(ROOT, ["fr/", "de/"]), newestBelow: DATE });
  assertEquals([...state.under(ROOT)].map(({ path }) => path), [ROOT, `${ROOT}de/`, `${ROOT}fr/`]);
  assertEquals(state.countUnder(ROOT), { folders: 3, pruned: 6, files: 3 });
  assertEquals([state.get("pub/"), at.messages], [undefined, []]);
});

Deno.test.each([
  { name: "a file's name", text: "firefox-52.0.tar", by: "firefox-53.0.tar" },
  { name: "JSON", text: '[["firefox', by: '{["firefox' },
  { name: "the date of what is below", text: `${DATE}["fr/"`, by: `2016-03-07T12:00:00Z["fr/"` },
])("CrawlState remembers nothing when $name was damaged", async ({ text, by }) => {
  await using at = await scene();
  await at.change(text, by);
  {
    using state = await at.open();
    const known = [ROOT, `${ROOT}de/`, `${ROOT}fr/`].map((path) => state.get(path));
    assertEquals(known, [undefined, undefined, undefined]);
    // What was to be taken from here isn't there any more.
    assertThrows(() => [...state.under(ROOT)], DamagedCache, "run the command again");
    state.put(folder(ROOT, []), undefined);
  }
  using healed = await at.open();
  assertEquals([healed.get(ROOT), at.messages.length], [folder(ROOT, []), 1]);
});

Deno.test("CrawlState gives each crawl an id of its own, and resumes an interrupted one", async () => {
  await using at = await scene();
  using state = await at.open();
  const first = state.begin(1_000);
  assertEquals(state.begin(2_000), first);
  assertEquals(state.begin(1_000, { isNew: true }), first + 1);
  state.end(first + 1, 3_000);
  assertEquals(state.begin(4_000), 4_000);
});
