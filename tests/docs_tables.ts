/**
 * `deno task docs`: writes the tables of docs/ that the code determines. A test compares them.
 *
 * @module
 */
import { COMMANDS } from "../main.ts";
import { type Metric, METRICS, SPANS } from "../src/reporting/metrics.ts";
import { type SettingName, SETTINGS } from "../src/settings/config.ts";
import { COMMON_FLAGS, type Flag } from "../src/settings/read_arguments.ts";
import type { Setting } from "../src/settings/setting.ts";

/** One table of a document. */
export interface DocsTable {
  /** The document, from the project's root. */
  file: string;
  /** Its first line, by which it's found; each is in its document once. */
  head: string;
  /** Lines of Markdown, without the head and the line below it. */
  rows: string[];
}

/** Every table that the code determines. */
export async function docsTables(): Promise<DocsTable[]> {
  const commands = await Promise.all(
    [...COMMANDS].map(async ([name, load]) => ({ name, ...(await load()).command })),
  );
  return [
    {
      file: "docs/settings.md",
      head: "| command | what it does |",
      rows: commands.map(({ name, operands = "", summary }) =>
        row(`\`${`${name} ${operands}`.trim()}\``, summary)
      ),
    },
    {
      file: "docs/settings.md",
      head: "| command | option | what it does |",
      rows: [{ name: "all", flags: COMMON_FLAGS }, ...commands].flatMap(({ name, flags = [] }) =>
        flags.map((flag) => row(name === "all" ? name : `\`${name}\``, spelled(flag), flag.help))
      ),
    },
    {
      file: "docs/settings.md",
      head: "| variable, option | what it is | default |",
      rows: Object.entries<Setting<unknown>>(SETTINGS).map((
        [key, { env, option, help, ...rest }],
      ) =>
        row(
          `\`${env}\`${option ? `, \`--${option}\`` : ""}`,
          help,
          [
            rest.default === "" ? "none" : `\`${rest.default}\``,
            ...commands.flatMap(({ name, defaults = {} }) => {
              const own = defaults[key as SettingName];
              return own === undefined ? [] : [`\`${name}\`: \`${own}\``];
            }),
          ].join("; "),
        )
      ),
    },
    {
      file: "docs/operate.md",
      head: "| name | kind, unit | attributes | what |",
      rows: [
        ...Object.entries<Metric>(METRICS).map(([name, { kind, unit, attributes, description }]) =>
          row(`\`${name}\``, `${kind}, ${unit}`, attributes.join(", "), description)
        ),
        ...Object.entries(SPANS).map(([name, text]) => {
          const [description = "", attributes = ""] = text.split("; ");
          return row(`\`${name}\``, "span", attributes, description);
        }),
      ],
    },
  ];
}

/**
 * The document with this table's rows instead of those it has.
 *
 * @throws {Error} when the document doesn't have the table
 */
export function withTable(document: string, { file, head, rows }: DocsTable): string {
  const lines = document.split("\n");
  const start = lines.indexOf(head) + 2;
  if (start < 2) throw new Error(`${file} has no table that starts with ${head}`);
  const end = lines.findIndex((line, index) => index >= start && !line.startsWith("|"));
  return [...lines.slice(0, start), ...rows, ...lines.slice(end)].join("\n");
}

function spelled({ name, value }: Flag): string {
  return `\`${name.length === 1 ? "-" : "--"}${name}${value ? ` ${value}` : ""}\``;
}

/** A pipe within a cell would end it. */
function row(...cells: string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

if (import.meta.main) {
  for (const table of await docsTables()) {
    const path = new URL(`../${table.file}`, import.meta.url);
    await Deno.writeTextFile(path, withTable(await Deno.readTextFile(path), table));
  }
}
