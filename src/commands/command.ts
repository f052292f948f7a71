import type { Arguments, Flag, SettingName } from "../settings/config.ts";
import type { Log } from "../reporting/log.ts";

/** What a command gets: its settings, and the process's streams. */
export interface CommandContext extends Arguments {
  stdin: ReadableStream<Uint8Array>;
  /** Data only; everything else goes to the log. */
  stdout: WritableStream<Uint8Array>;
  log: Log;
  /** Tells Sentry, where SENTRY_DSN names one, of what doesn't end the command. Never fails. */
  report: (error: unknown) => Promise<unknown>;
  /** Aborted by Ctrl-C and SIGTERM: finish what is in flight, save the caches, return. */
  signal: AbortSignal;
  /** Whether someone watches stderr: then progress may be drawn. */
  isTerminal: boolean;
}

/** One subcommand: what `help` says of it, what it accepts, and what it does. */
export interface Command {
  /** One line, for the list of commands. */
  summary: string;
  /** What follows the options, such as `[URL…]`. @default {""} */
  operands?: string;
  /** What it reads, writes and counts, in a few lines. */
  description: string;
  /** The settings that it heeds; those with an option may be given as one. */
  settings: readonly SettingName[];
  /** Other defaults than the settings' own. */
  defaults?: Partial<Record<SettingName, string>>;
  /** Options of its own. */
  flags?: readonly Flag[];
  /**
   * Does the work.
   *
   * @returns the exit code: 0 all done, 1 something failed or was refused
   * @throws {UsageError} for operands that make no sense
   */
  run(context: CommandContext): Promise<number>;
}
