import { assertEquals } from "@std/assert";
import { Frontier } from "../../src/crawl/frontier.ts";

/** Folders of a small archive by path. */
const FOLDERS: Record<string, string[]> = {
  "a/": ["a/x/", "a/y/"],
  "a/x/": ["a/x/1/"],
  "b/": [],
  "c/": ["c/z/"],
};

/** Visits and takes everything as these steps say, and returns the order of both. */
function walk(steps: string): { visited: string[]; taken: string[] } {
  const frontier = new Frontier<string>(["c/", "a/", "b/"]);
  const [visited, taken]: [string[], string[]] = [[], []];
  for (const step of steps) {
    if (step === "v") {
      const node = frontier.nextToVisit();
      if (!node) continue;
      visited.push(node.path);
      node.content = "visited";
      frontier.insert(node, FOLDERS[node.path] ?? []);
    } else if (frontier.head?.content) {
      taken.push(frontier.head.path);
      frontier.shift();
    }
  }
  return { visited, taken };
}

const IN_ORDER = ["a/", "a/x/", "a/x/1/", "a/y/", "b/", "c/", "c/z/"];

Deno.test.each<{ name: string; steps: string }>([
  { name: "one by one", steps: "vt".repeat(7) },
  { name: "all visited first", steps: "v".repeat(7) + "t".repeat(7) },
  { name: "two ahead", steps: "vvv" + "tv".repeat(7) },
  { name: "with attempts that find nothing", steps: "ttvvttvtvvtttvvvvttttttt" },
])("Frontier gives folders in the order of their paths, $name", ({ steps }) => {
  assertEquals(walk(steps), { visited: IN_ORDER, taken: IN_ORDER });
});

Deno.test("Frontier visits what a late answer brings before what lies behind it", () => {
  const frontier = new Frontier<string>(["a/", "b/", "c/"]);
  const visit = () => {
    const node = frontier.nextToVisit();
    if (node) node.content = null;
    return node;
  };
  const [a, b] = [visit()!, visit()!];
  b.content = "answered";
  frontier.insert(b, ["b/2/", "b/1/"]);
  assertEquals(visit()?.path, "b/1/");
  a.content = "answered";
  frontier.insert(a, ["a/1/"]);
  assertEquals([visit(), visit(), visit(), visit()].map((node) => node?.path), [
    "a/1/",
    "b/2/",
    "c/",
    undefined,
  ]);
});

Deno.test("Frontier keeps a folder at its head until its answer is there", () => {
  const frontier = new Frontier<string>(["a/", "b/"]);
  for (const content of [null, "answered"]) frontier.nextToVisit()!.content = content;
  assertEquals([frontier.head?.path, frontier.head?.content], ["a/", null]);
  frontier.head!.content = "answered";
  frontier.shift();
  assertEquals([frontier.head?.path, frontier.head?.content], ["b/", "answered"]);
  frontier.shift();
  assertEquals([frontier.head, frontier.nextToVisit()], [undefined, undefined]);
});

Deno.test("Frontier of no folders is empty", () => {
  const frontier = new Frontier<string>([]);
  assertEquals([frontier.head, frontier.nextToVisit()], [undefined, undefined]);
  frontier.shift();
});
