import type { Log } from "../reporting/log.ts";
import type { SettingName } from "../settings/config.ts";
import type { Accepted, Arguments } from "../settings/read_arguments.ts";

/** What a command gets: its settings, and the process's streams. */
export interface CommandContext<Name extends SettingName = SettingName> extends Arguments<Name> {
  stdin: ReadableStream<Uint8Array>;
  /** Data only; everything else goes to the log. */
  stdout: WritableStream<Uint8Array>;
  log: Log;
  /** Sends an error that doesn't end the command to Sentry, if SENTRY_DSN is set. Never fails. */
  report: (error: unknown) => Promise<unknown>;
  /** Aborted by Ctrl-C and SIGTERM: finish what is in flight, write the caches, return. */
  signal: AbortSignal;
  /** Whether stderr is a terminal on which a progress bar may be drawn. */
  isTerminal: boolean;
}

/** One subcommand: what `help` says about it, what it accepts, and what it does. */
export interface Command<Name extends SettingName = SettingName> extends Accepted<Name> {
  /** One line, for the list of commands. */
  summary: string;
  /** What it reads, writes and counts, in a few lines. */
  description: string;
  /** A command line that is often useful, as a shell takes it. */
  example: string;
  /**
   * Does the work.
   *
   * @returns the exit code: 0 when all was done, 1 when something failed or was refused
   * @throws {UsageError} for wrong operands or options
   */
  run(context: CommandContext<Name>): Promise<number>;
}

/** A command whose `run` gets only the settings that it declares, and the common ones. */
export function defineCommand<const Name extends SettingName>(
  command: Command<Name>,
): Command<Name> {
  return command;
}
