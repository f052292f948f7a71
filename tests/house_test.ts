import { assertEquals } from "@std/assert";
import { importsOf, roomOf } from "./imports.ts";

const ROOT = new URL("../", import.meta.url);

/** Imports that point up and are to be turned round. Nothing may be added. */
const KNOWN_UPS = new Set(["src/archive → src/crawl"]);

const design = await Deno.readTextFile(new URL("docs/design.md", ROOT));

/** The list that follows a line of docs/design.md, from the top of the house down. */
function listAfter(line: string): string[] {
  const [, after = ""] = design.split(`\n${line}`);
  const [, list = ""] = after.split("```");
  return list.trim().split("\n").map((entry) => entry.split(" ")[0]!.replace(/\/$/, ""));
}

const HOUSE = listAfter("## The house");
const SERVER = listAfter("Inside `src/server/`");
const imports = await importsOf("main.ts", "lambda", "packaging", "src");

/** The imports from a room to one above it; rooms are below the folder `under`. */
function upwards(rooms: readonly string[], under = ""): string[] {
  const rankOf = (file: string) =>
    file.startsWith(under) ? rooms.indexOf(roomOf(file.slice(under.length), rooms) ?? "") : -1;
  return [...imports].flatMap(([file, imported]) =>
    imported.flatMap((path) => {
      const [from, to] = [rankOf(file), rankOf(path)];
      const isUp = from >= 0 && to >= 0 && to < from;
      return isUp && !KNOWN_UPS.has(`${rooms[from]} → ${rooms[to]}`) ? [`${file} → ${path}`] : [];
    })
  );
}

function folders(parent: string): string[] {
  return [...Deno.readDirSync(new URL(parent, ROOT))].filter(({ isDirectory }) => isDirectory)
    .map(({ name }) => name);
}

Deno.test("the house of docs/design.md has the folders of the source", () => {
  const source = ["main.ts", "lambda", "packaging", ...folders("src").map((name) => `src/${name}`)];
  assertEquals(HOUSE.toSorted(), source.sort());
  assertEquals(SERVER.toSorted(), folders("src/server").sort());
});

Deno.test("imports point down the house", () => {
  assertEquals(upwards(HOUSE), []);
});

Deno.test("imports within src/server point down its list", () => {
  assertEquals(upwards(SERVER, "src/server/"), []);
});

Deno.test("the source imports only the source", () => {
  const wrong = [...imports].flatMap(([file, imported]) =>
    imported.filter((path) => !imports.has(path) && /\.tsx?$/.test(path))
      .map((path) => `${file} → ${path}`)
  );
  assertEquals(wrong, []);
});

Deno.test("every file of the source is in a folder, declarations of types in src/types", () => {
  const files = [...imports.keys()].filter((file) => file.startsWith("src/"));
  assertEquals(files.filter((file) => file.split("/").length < 3), []);
  const declarations = files.filter((file) => file.endsWith(".d.ts"));
  assertEquals(declarations, files.filter((file) => roomOf(file, ["src/types"])));
});
