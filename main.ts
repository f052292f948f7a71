/**
 * `buildhub <command> [options]`: finds the subcommand, loads it, prints errors, sets the exit code.
 *
 * @module
 */
import type { Command } from "./src/commands/command.ts";
import { type InterruptingSignal, Interruption, SIGNALS } from "./src/commands/interruption.ts";
import { noticedInput } from "./src/commands/noticed_input.ts";
import { systemClock } from "./src/net/clock.ts";
import { type CommandLoader, helpCommand, unknownCommand } from "./src/commands/help.ts";
import { reasonOf } from "./src/errors/reason_of.ts";
import { isUsageError, UsageError } from "./src/errors/usage_error.ts";
import { Log } from "./src/reporting/log.ts";
import { measured } from "./src/reporting/measured.ts";
import { Sentry } from "./src/reporting/sentry.ts";
import { writeToStderr } from "./src/reporting/stderr.ts";
import { Telemetry } from "./src/reporting/telemetry.ts";
import { readArguments } from "./src/settings/read_arguments.ts";

/** Every subcommand; only the one that is called is loaded. */
export const COMMANDS: ReadonlyMap<string, CommandLoader> = new Map<string, CommandLoader>([
  ["inventory-to-records", () => import("./src/commands/inventory_to_records.ts")],
  ["to-kinto", () => import("./src/commands/to_kinto.ts")],
  ["load", () => import("./src/commands/load.ts")],
  ["latest-inventory", () => import("./src/commands/latest_inventory.ts")],
  ["latest-inventory-to-kinto", () => import("./src/commands/latest_inventory_to_kinto.ts")],
  ["archive-to-inventory", () => import("./src/commands/archive_to_inventory.ts")],
  ["audit", () => import("./src/commands/audit.ts")],
  ["status", () => import("./src/commands/status.ts")],
  ["explain", () => import("./src/commands/explain.ts")],
  ["serve", () => import("./src/commands/serve.ts")],
  ["lambda", () => import("./src/commands/lambda.ts")],
  ["demo", () => import("./src/commands/demo.ts")],
  ["help", () => Promise.resolve({ command: helpCommand(COMMANDS) })],
  ["version", () => import("./src/commands/version.ts")],
]);

/** Runs one command line. @returns the exit code */
export async function main(args: string[]): Promise<number> {
  // The terminal's current line may contain a progress bar.
  const clearLine = Deno.stderr.isTerminal() ? "\r\x1b[2K" : "";
  const stderr = (line: string) => writeToStderr(`${clearLine}${line}`);
  const env = (name: string) => Deno.env.get(name);
  let log = new Log({ write: stderr, format: formatFrom(env) });
  const interruption = new Interruption({
    clock: systemClock,
    onStop: () =>
      log.summary([{ event: "stopping", text: "Stopping: finishing what is under way" }]),
    onExit: (code) => Deno.exit(code),
  });
  for (const signal of Object.keys(SIGNALS) as InterruptingSignal[]) {
    Deno.addSignalListener(signal, () => interruption.receive(signal));
  }
  let sentry: Sentry | undefined;
  try {
    const [name, rest] = commandOf(args);
    const load = COMMANDS.get(name);
    if (!load) throw new UsageError(unknownCommand(name, COMMANDS));
    const command: Command = (await load()).command;
    log = new Log({ write: stderr, format: formatFrom(env, command.defaults?.logFormat) });
    const read = readArguments(rest, command, env);
    const { config } = read;
    const telemetry = Telemetry.from(env, { keep: config.logMetrics === "logging" });
    log = new Log({
      level: config.logLevel,
      format: config.logFormat,
      write: stderr,
      telemetry,
    });
    if (config.sentryDsn !== undefined) {
      sentry = new Sentry(config.sentryDsn, { command: name });
      onCrash(async (error) => {
        log.error(`Crashed: ${reasonOf(error)}`);
        await sentry?.report(error, "fatal");
        Deno.exit(1);
      });
    }
    const run = () =>
      command.run({
        ...read,
        log,
        report: async (error) => await sentry?.report(error),
        stdin: Deno.stdin.isTerminal()
          ? noticedInput(
            Deno.stdin.readable,
            () => stderr("Reading from the terminal; Ctrl-D ends the input\n"),
          )
          : Deno.stdin.readable,
        stdout: Deno.stdout.writable,
        signal: interruption.signal,
        isTerminal: Deno.stderr.isTerminal() && config.logFormat === "text",
      });
    return await measured(name, log, async () => {
      const code = await run();
      return interruption.code || code;
    });
  } catch (error) {
    if (interruption.code !== 0) return interruption.code;
    // The reader of stdout, such as `head`, has ended: that isn't an error.
    if (error instanceof Deno.errors.BrokenPipe) return 0;
    const isUsage = isUsageError(error);
    log.error(reasonOf(error), { event: isUsage ? "usage" : "failure" });
    if (isUsage) return 2;
    if (error instanceof Error) log.debug(error.stack ?? "");
    await sentry?.report(error);
    return 1;
  }
}

/** The format of messages before all settings are read. */
function formatFrom(env: (name: string) => string | undefined, fallback = "text"): "text" | "json" {
  return (env("LOG_FORMAT")?.trim() || fallback) === "json" ? "json" : "text";
}

/** Handles errors that nothing catches; without a handler Deno prints them and ends. */
function onCrash(handle: (error: unknown) => void): void {
  addEventListener("error", (event) => {
    event.preventDefault();
    handle(event.error);
  });
  addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    handle(event.reason);
  });
}

/** The subcommand and its arguments; `--help` works anywhere, `--version` in front. */
function commandOf(args: string[]): [string, string[]] {
  const [first = "help", ...rest] = args;
  if (first === "--version") return ["version", rest];
  if (first === "--help" || first === "-h") return ["help", rest];
  if (rest.some((arg) => arg === "--help" || arg === "-h")) return ["help", [first]];
  return [first, rest];
}

if (import.meta.main) Deno.exit(await main(Deno.args));
