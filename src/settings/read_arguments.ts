import { parseArgs } from "@std/cli/parse-args";
import { UsageError } from "../errors/usage_error.ts";
import { shownUrl, splitUrl } from "../net/credentials.ts";
import {
  COMMON_SETTINGS,
  type CommonSettingName,
  type Config,
  type SettingName,
  SETTINGS,
} from "./config.ts";
import { nearest } from "./nearest.ts";
import type { Setting } from "./setting.ts";

/** The URLs that may contain a user name and a password, and the settings for these. */
const CREDENTIALS = [["serverUrl", "auth"], ["archiveUrl", "archiveAuth"]] as const;

/** An option of one command that isn't a setting of the environment. */
export interface Flag {
  name: string;
  /** Its value's name, such as `FILE`; a flag without one is a switch. */
  value?: string;
  help: string;
}

/** The switches of every command. */
export const COMMON_FLAGS: readonly Flag[] = [
  { name: "v", help: "log every step" },
  { name: "D", help: "log details for debugging" },
  { name: "q", help: "log only errors, without a summary" },
];

/** What a command accepts. */
export interface Accepted<Name extends SettingName> {
  /** Its settings, beside the common ones. */
  settings: readonly Name[];
  /** Defaults that differ from the settings' own. */
  defaults?: Partial<Record<SettingName, string>>;
  flags?: readonly Flag[];
  /** What follows the options, for `help`; without it, operands are refused. */
  operands?: string;
}

/** A command line and an environment, read. */
export interface Arguments<Name extends SettingName = SettingName> {
  /** The settings that the command declares, and the common ones. */
  config: Pick<Config, Name | CommonSettingName>;
  /** The settings that were given as options. */
  given: ReadonlySet<SettingName>;
  /** What isn't an option. */
  operands: string[];
  /** The command's own flags: a string, or true for a switch. */
  flags: Record<string, string | true>;
}

/**
 * Reads the settings that a command declares from the command line and the environment, once, before
 * any work. Other settings aren't read: a wrong value of one doesn't matter.
 *
 * @throws {UsageError} naming the first wrong value, or an option that the command doesn't have
 *
 * @example
 * ```ts
 * import { readArguments } from "./read_arguments.ts";
 * const command = { settings: ["auth", "retries"] } as const;
 * const env = (name: string) => name === "SERVE_PORT" ? "not a port" : undefined;
 * const { config } = readArguments(["--auth", "me:a:b"], command, env);
 * if (config.auth !== "me:a:b" || config.retries !== 3) throw new Error();
 * ```
 */
export function readArguments<const Name extends SettingName>(
  args: string[],
  command: Accepted<Name>,
  env: (name: string) => string | undefined,
): Arguments<Name> {
  const flags = [...COMMON_FLAGS, ...command.flags ?? []];
  const { operands, values, switches } = parse(args, command, flags);
  // Commands without settings, such as help, work whatever the environment says.
  const readEnv = command.settings.length > 0 ? env : () => undefined;
  const names = new Set<SettingName>([...command.settings, ...COMMON_SETTINGS]);
  const given = new Set<SettingName>();
  const entries = [...names].map((name): [SettingName, unknown] => {
    const { option = "" } = SETTINGS[name];
    if (values.has(option)) given.add(name);
    const fallback = command.defaults?.[name] ?? SETTINGS[name].default;
    return [name, valueOf(SETTINGS[name], { given: values.get(option), fallback, env: readEnv })];
  });
  const config = Object.fromEntries(entries) as Arguments<Name>["config"];
  moveCredentials(config, (name) => given.has(name) || !!readEnv(SETTINGS[name].env)?.trim());
  const level = switches.has("D")
    ? "debug"
    : switches.has("v")
    ? "info"
    : switches.has("q")
    ? "error"
    : config.logLevel;
  const flagged = flags.flatMap(({ name }): [string, string | true][] => {
    const value = values.get(name) ?? switches.has(name);
    return value === false ? [] : [[name, value]];
  });
  return {
    config: { ...config, logLevel: level },
    ...{ given, operands },
    flags: Object.fromEntries(flagged),
  };
}

/**
 * Takes user name and password out of URLs, which end up in records, messages, caches and traces.
 * They are used where the setting for them has no value.
 */
function moveCredentials(config: Partial<Config>, isSet: (name: SettingName) => boolean): void {
  for (const [urlName, authName] of CREDENTIALS) {
    const { url, auth } = splitUrl(config[urlName] ?? "");
    if (auth === undefined) continue;
    config[urlName] = url;
    if (authName in config && !isSet(authName)) config[authName] = auth;
  }
}

/** The defaults of settings, for what isn't read from an environment. */
export function defaultsOf<const Name extends SettingName>(
  settings: readonly Name[],
): Arguments<Name>["config"] {
  return readArguments([], { settings }, () => undefined).config;
}

/** @throws {UsageError} */
function parse(args: string[], command: Accepted<SettingName>, flags: readonly Flag[]) {
  const valued = [
    ...new Set([
      ...command.settings.flatMap((name) => SETTINGS[name].option ?? []),
      ...flags.flatMap((flag) => flag.value ? flag.name : []),
    ]),
  ];
  const unknown: string[] = [];
  const parsed = parseArgs(args, {
    string: [...valued, "_"],
    collect: valued,
    boolean: flags.flatMap((flag) => flag.value ? [] : flag.name),
    unknown: (arg, key) => {
      if (key !== undefined && arg !== "-") unknown.push(arg);
    },
  });
  // What follows the "=" may be a password.
  const [wrong] = unknown.map((arg) => arg.split("=")[0]!);
  if (wrong !== undefined) {
    const near = nearest(wrong.replace(/^-+/, ""), [...valued, ...flags.map(({ name }) => name)]);
    throw new UsageError(`Unknown option ${wrong}${near ? `; did you mean ${dashed(near)}?` : ""}`);
  }
  const operands = parsed._.map(String);
  if (command.operands === undefined && operands.length > 0) {
    throw new UsageError(`Unexpected ${JSON.stringify(operands[0])}: it takes only options`);
  }
  const values = new Map<string, string>();
  for (const name of valued) {
    const [value, another] = (parsed[name] ?? []) as string[];
    if (another !== undefined) throw new UsageError(`Option --${name} is given twice`);
    if (value === "") throw new UsageError(`Option --${name} needs a value`);
    if (value !== undefined) values.set(name, value);
  }
  const switches = new Set(flags.flatMap(({ name }) => parsed[name] === true ? name : []));
  return { operands, values, switches };
}

function dashed(name: string): string {
  return `${name.length === 1 ? "-" : "--"}${name}`;
}

/** @throws {UsageError} naming the setting, what is wrong and what is right */
function valueOf(
  { env: variable, option, parse, secret, isUrl }: Setting<unknown>,
  { given, fallback, env }: {
    given?: string;
    fallback: string;
    env: (name: string) => string | undefined;
  },
): unknown {
  // An empty variable means "not set" to shells and to Lambda's console.
  const text = given ?? (env(variable)?.trim() || fallback);
  try {
    return parse(text);
  } catch (error) {
    const from = given === undefined ? variable : `--${option}`;
    const shown = secret ? "" : ` ${JSON.stringify(isUrl ? shownUrl(text) : text)}`;
    throw new UsageError(`${from}${shown} ${(error as Error).message}`);
  }
}
