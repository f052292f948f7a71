import { Telemetry } from "./telemetry.ts";

/** The levels of the log, the most talkative first. */
export const LOG_LEVELS = ["debug", "info", "warning", "error"] as const;

/** One of {@linkcode LOG_LEVELS}. */
export type LogLevel = typeof LOG_LEVELS[number];

/** Facts beside a message, under stable names: `{ url, attempt }`. */
export type LogFields = Record<string, string | number | boolean | null | undefined>;

/** How a {@linkcode Log} behaves. */
export interface LogOptions {
  /** Less severe messages are dropped. @default {"warning"} */
  level?: LogLevel;
  /** `text`: one line for people. `json`: one object a line, for machines. @default {"text"} */
  format?: "text" | "json";
  /** Where a line goes; it comes with its newline. */
  write: (line: string) => void;
  /** Strings that never leave the process, such as passwords: each is replaced by `***`. */
  secrets?: readonly string[];
  /** Facts that every line carries, such as a request id. */
  fields?: LogFields;
  /** What is measured beside what is said. @default {nothing is} */
  telemetry?: Telemetry;
  /** @default {Date.now} */
  now?: () => number;
}

/**
 * One line a fact, to stderr: for people, or JSON with the fields `time`, `level`, `message` and
 * those of the call. Secrets are masked in whatever passes.
 *
 * @example
 * ```ts
 * import { Log } from "./log.ts";
 * const lines: string[] = [];
 * const log = new Log({ write: (line) => lines.push(line), secrets: ["s3cr3t"] });
 * log.warning("Retrying", { url: "http://user:s3cr3t@localhost/" });
 * if (lines[0] !== "warning: Retrying (url=http://user:***@localhost/)\n") throw new Error(lines[0]);
 * ```
 */
export class Log {
  readonly #options: LogOptions;
  readonly #threshold: number;
  /** Goes wherever the log goes: what is counted and timed. */
  readonly telemetry: Telemetry;

  constructor(options: LogOptions) {
    this.#options = options;
    this.telemetry = options.telemetry ?? new Telemetry();
    this.#threshold = LOG_LEVELS.indexOf(options.level ?? "warning");
  }

  /** A log with more fields on every line. */
  with(fields: LogFields): Log {
    return new Log({ ...this.#options, fields: { ...this.#options.fields, ...fields } });
  }

  /** Details that help to find a fault. */
  debug(message: string, fields?: LogFields): void {
    this.#log("debug", message, fields);
  }

  /** What happens, step by step. */
  info(message: string, fields?: LogFields): void {
    this.#log("info", message, fields);
  }

  /** Something is off, and the work goes on. */
  warning(message: string, fields?: LogFields): void {
    this.#log("warning", message, fields);
  }

  /** Something failed, and will be seen in the exit code. */
  error(message: string, fields?: LogFields): void {
    this.#log("error", message, fields);
  }

  /** Lines that are no message but the outcome, such as a summary: at every level, as they are. */
  print(text: string): void {
    const lines = text.replace(/\n$/, "");
    if (this.#options.format !== "json") return this.#write(lines);
    for (const line of lines.split("\n")) this.#writeJson("info", line);
  }

  /** What was measured, at every level: a line of its own kind. */
  metric(text: string): void {
    if (this.#options.format === "json") this.#writeJson("info", "metric", { metric: text });
    else this.print(`metric: ${text}`);
  }

  /** The text without the secrets, for what leaves the process by another way than the log. */
  masked(text: string): string {
    return masked(text, this.#options.secrets ?? []);
  }

  #log(level: LogLevel, message: string, fields?: LogFields): void {
    if (LOG_LEVELS.indexOf(level) < this.#threshold) return;
    if (this.#options.format === "json") return this.#writeJson(level, message, fields);
    const all = { ...this.#options.fields, ...fields };
    const facts = Object.entries(all).filter(([, value]) => value !== undefined)
      .map(([name, value]) => `${name}=${value}`).join(" ");
    this.#write(`${level}: ${message}${facts && ` (${facts})`}`.replaceAll(/\s*[\r\n]+\s*/g, " "));
  }

  #writeJson(level: LogLevel, message: string, fields?: LogFields): void {
    const time = new Date((this.#options.now ?? Date.now)()).toISOString();
    const line = { time, level, message, ...this.#options.fields, ...fields };
    // Masked before JSON escapes what a secret may hold.
    this.#write(
      JSON.stringify(line, (_, value) => typeof value === "string" ? this.masked(value) : value),
    );
  }

  #write(line: string): void {
    this.#options.write(`${this.masked(line)}\n`);
  }
}

/** The text with `***` in the place of each secret. */
export function masked(text: string, secrets: readonly string[]): string {
  for (const secret of secrets) {
    if (secret) text = text.replaceAll(secret, "***");
  }
  return text;
}
