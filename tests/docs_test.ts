import { assertEquals, assertStringIncludes } from "@std/assert";
import { COMMANDS } from "../main.ts";
import { helpText } from "../src/commands/help.ts";
import { METRICS, SPANS } from "../src/reporting/metrics.ts";
import { SETTINGS } from "../src/settings/config.ts";
import { COMMON_FLAGS } from "../src/settings/read_arguments.ts";
import { docsTables, withTable } from "./docs_tables.ts";
import { importsOf } from "./imports.ts";
import denoJson from "../deno.json" with { type: "json" };

const ROOT = new URL("../", import.meta.url);
const read = (file: string) => Deno.readTextFile(new URL(file, ROOT));

/** Every document by its path from the project's root. */
const DOCUMENTS = new Map(
  await Promise.all(
    [
      "README.md",
      "CONTRIBUTING.md",
      ...[...Deno.readDirSync(new URL("docs", ROOT))].map(({ name }) => `docs/${name}`),
    ].filter((file) => file.endsWith(".md")).sort().map(async (file) =>
      [file, await read(file)] as const
    ),
  ),
);

/** Variables that documents name and that are no settings: read by Deno, the packaging or tests. */
const OTHER_VARIABLES = new Set([
  ...["OTEL_DENO", "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_SERVICE_NAME"],
  ...["DENORT_BIN", "DENO_BIN", "DENO_DIR"],
]);

Deno.test.each(await docsTables())(
  "$file has the table $head of the code; deno task docs writes it",
  (table) => {
    const document = DOCUMENTS.get(table.file)!;
    assertEquals(document, withTable(document, table));
  },
);

Deno.test.each([...DOCUMENTS.keys()])("%s links to files and headings that exist", async (file) => {
  const wrong = [];
  const prose = DOCUMENTS.get(file)!.replace(/^```.*?^```/gms, "");
  for (const [, link = ""] of prose.matchAll(/\]\(([^)\s]+)\)/g)) {
    if (/^https?:/.test(link)) continue;
    const [path, anchor] = link.split("#");
    const target = path === "" ? new URL(file, ROOT) : new URL(path!, new URL(file, ROOT));
    const found = await Deno.stat(target).then(() => true, () => false);
    const anchors = found && anchor ? anchorsOf(await Deno.readTextFile(target)) : [];
    if (!found || (anchor && !anchors.includes(anchor))) wrong.push(link);
  }
  assertEquals(wrong, []);
});

Deno.test.each([...DOCUMENTS.keys()])("%s shows commands and options that exist", async (file) => {
  assertEquals(await wrongCommands(DOCUMENTS.get(file)!), []);
});

Deno.test.each([...COMMANDS.keys()])("help shows how %s is used, by an example", async (name) => {
  const { command } = await COMMANDS.get(name)!();
  assertStringIncludes(command.example, `buildhub ${name}`);
  assertEquals(await wrongCommands(command.example), []);
  assertStringIncludes(await helpText(COMMANDS, name), `\nExample:\n  ${command.example}\n`);
});

/** The commands and options in command lines that don't exist. */
async function wrongCommands(text: string): Promise<string[]> {
  const wrong = [];
  for (const [, line = ""] of text.matchAll(/^(.*\bbuildhub [a-z].*)$/gm)) {
    for (const part of line.split(/[|`;&()]|<\(/)) {
      // `docker run … buildhub COMMAND`: the options before the name are docker's.
      const [, name, rest = ""] = /\bbuildhub ([a-z][a-z-]*)(.*)$/.exec(part.split("#")[0]!) ?? [];
      if (name === undefined || name in denoJson.tasks && !COMMANDS.has(name)) continue;
      const command = (await COMMANDS.get(name)?.())?.command;
      const options = [
        ...(command?.settings ?? []).flatMap((setting) => SETTINGS[setting].option ?? []),
        ...[...COMMON_FLAGS, ...command?.flags ?? []].map((flag) => flag.name),
      ];
      if (!command) wrong.push(name);
      for (const [, option = ""] of rest.matchAll(/ --?([a-zA-Z][\w-]*)/g)) {
        if (!options.includes(option)) wrong.push(`${name} --${option}`);
      }
    }
  }
  return wrong;
}

Deno.test.each([...DOCUMENTS.keys()])("%s names settings, metrics and tasks that exist", (file) => {
  const document = DOCUMENTS.get(file)!;
  const variables = new Set(Object.values(SETTINGS).map(({ env }) => env));
  const wrong = [
    ...matches(document, /\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b/g).filter((name) =>
      !variables.has(name) && !OTHER_VARIABLES.has(name)
    ),
    ...matches(document, /`(buildhub\.(?!json|sqlite)[a-z.]+)/g).filter((name) =>
      !(name in METRICS) && !(name in SPANS)
    ),
    ...matches(document, /\bdeno(?:@\S+)? task (?:--quiet )?([a-z][\w.:-]*\w)/g).filter((name) =>
      !(name in denoJson.tasks)
    ),
  ];
  assertEquals(wrong, []);
});

Deno.test.each([...DOCUMENTS.keys()])("%s names the version of Deno that runs this", (file) => {
  const versions = matches(DOCUMENTS.get(file)!, /\bdeno@(\d[\d.]*\d)/g);
  assertEquals(versions.filter((version) => version !== Deno.version.deno), []);
});

Deno.test("docs/settings.md has the exit codes of help", async () => {
  const [, table = ""] = DOCUMENTS.get("docs/settings.md")!.split("## Exit codes");
  const [, help = ""] = (await helpText(COMMANDS)).split("Exit codes:");
  assertEquals(matches(table, /^\| (\d+) \|/gm), matches(help, /\b(\d+)\b/g));
});

Deno.test("docs/design.md has the packages of deno.json", () => {
  const [, table = ""] = DOCUMENTS.get("docs/design.md")!.split("## Dependencies");
  const documented = matches(table, /^\| (`.*?) \|/gm).flatMap((cell) => matches(cell, /`(.*?)`/g));
  const packages = Object.keys(denoJson.imports).map((name) =>
    name.startsWith("@std/") ? "@std/*" : name.replace(/\/$/, "")
  );
  assertEquals(new Set(documented), new Set(packages));
});

Deno.test("comments refer to documents and headings that exist", async () => {
  const wrong = [];
  for (const file of (await importsOf("main.ts", "lambda", "packaging", "src")).keys()) {
    const text = (await read(file)).replace(/\n *(?:\*|\/\/) ?/g, " ");
    for (const [, name, rest = ""] of text.matchAll(/docs\/(\w+\.md)((?:(?:,| and) "[^"]+")*)/g)) {
      const anchors = anchorsOf(DOCUMENTS.get(`docs/${name}`) ?? "");
      for (const [, heading = ""] of rest.matchAll(/"([^"]+)"/g)) {
        if (!anchors.includes(anchorOf(heading))) {
          wrong.push(`${file}: ${name} ${heading}`);
        }
      }
      if (anchors.length === 0) wrong.push(`${file}: ${name}`);
    }
    if (/\bREADME, "/.test(text)) wrong.push(`${file}: README`);
  }
  assertEquals(wrong, []);
});

/** What the pattern finds, each once: its first group, or all of it. */
function matches(text: string, pattern: RegExp): string[] {
  return [...new Set([...text.matchAll(pattern)].map(([all, group]) => group ?? all))];
}

/** The anchors of a document's headings, as GitHub makes them. */
function anchorsOf(document: string): string[] {
  const prose = document.replace(/^```.*?^```/gms, "");
  return [...prose.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) => anchorOf(heading));
}

function anchorOf(heading: string): string {
  return heading.toLowerCase().replace(/[^\p{L}\p{N}_ -]/gu, "").replaceAll(" ", "-");
}
