import { UsageError } from "../errors/usage_error.ts";
import { COMMON_SETTINGS, type SettingName, SETTINGS } from "../settings/config.ts";
import { COMMON_FLAGS } from "../settings/read_arguments.ts";
import { nearest } from "../settings/nearest.ts";
import type { Command } from "./command.ts";

/** Loads one command's module. */
export type CommandLoader = () => Promise<{ command: Command }>;

/** `help`: lists the commands, or describes one with everything that it accepts. */
export function helpCommand(commands: ReadonlyMap<string, CommandLoader>): Command {
  return {
    summary: "list the commands, or describe one",
    operands: "[COMMAND]",
    description:
      "Lists the commands, or describes one with its options, settings and their defaults.",
    example: "buildhub help audit",
    settings: [],
    async run({ operands: [name], stdout }) {
      const writer = stdout.getWriter();
      await writer.write(new TextEncoder().encode(await helpText(commands, name)));
      await writer.close();
      return 0;
    },
  };
}

/**
 * The text of `help`, or of `help NAME`.
 *
 * @throws {UsageError} when there is no such command
 */
export async function helpText(
  commands: ReadonlyMap<string, CommandLoader>,
  name?: string,
): Promise<string> {
  if (name !== undefined) {
    const load = commands.get(name);
    if (!load) throw new UsageError(unknownCommand(name, commands));
    return describe(name, (await load()).command);
  }
  const rows = await Promise.all(
    [...commands].map(async ([name, load]) => [name, (await load()).command.summary] as const),
  );
  return `buildhub: an index of every build that Mozilla publishes on archive.mozilla.org

Usage: buildhub COMMAND [OPTION…]

${columns(rows)}

"buildhub help COMMAND" describes one command. Exit codes: 0 all done, 1 something failed or was
refused, 2 wrong usage, 130 or 143 interrupted.
`;
}

/** The message for a command that doesn't exist, with similar names. */
export function unknownCommand(name: string, commands: ReadonlyMap<string, unknown>): string {
  const names = [...commands.keys()];
  const similar = names.filter((known) => known.includes(name) || name.includes(known));
  const near = nearest(name, names) ?? similar.join(" or ");
  return `No command ${JSON.stringify(name)}` +
    (near === "" ? '; "buildhub help" lists them' : `; did you mean ${near}?`);
}

function describe(name: string, command: Command): string {
  const { operands = "", description, example, settings, defaults = {}, flags = [] } = command;
  const parts = [
    `Usage: buildhub ${name} [OPTION…]${operands && ` ${operands}`}`,
    description,
    `Example:\n  ${example.replaceAll("\n", "\n  ")}`,
    `Options:\n${
      columns([...flags, ...COMMON_FLAGS].map(({ name, value, help }) => [
        `${name.length === 1 ? "-" : "--"}${name}${value ? ` ${value}` : ""}`,
        help,
      ]))
    }`,
  ];
  const all = [...new Set<SettingName>([...settings, ...COMMON_SETTINGS])];
  parts.push(
    `Settings, from the environment or as an option:\n${
      columns(all.map((name) => row(name, defaults[name])))
    }`,
  );
  return `${parts.join("\n\n")}\n`;
}

function row(
  name: SettingName,
  fallback: string = SETTINGS[name].default,
): [string, string] {
  const { env, option, help } = SETTINGS[name];
  return [
    option ? `${env}, --${option}` : env,
    `${help} (${fallback === "" ? "none" : `default: ${fallback}`})`,
  ];
}

function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join("\n");
}
