import { summaryData, type SummaryEvent, summaryLine } from "./summary.ts";
import { Telemetry } from "./telemetry.ts";

/** The levels of the log, the most verbose first. */
export const LOG_LEVELS = ["debug", "info", "warning", "error"] as const;

/** One of {@linkcode LOG_LEVELS}. */
export type LogLevel = typeof LOG_LEVELS[number];

/**
 * Structured data of a message, under stable names: `{ url, attempt }`. `event` names the kind of the
 * message, in JSON only.
 */
export type LogFields = Record<string, string | number | boolean | null | undefined>;

/** How a {@linkcode Log} behaves. */
export interface LogOptions {
  /** Less severe messages are dropped. @default {"warning"} */
  level?: LogLevel;
  /** `text`: a line for people. `json`: one object per line, for machines. @default {"text"} */
  format?: "text" | "json";
  /** Writes a line, which ends with a newline. */
  write: (line: string) => void;
  /** The fields of every line, such as a request id. */
  fields?: LogFields;
  /** Where metrics go. @default {nowhere} */
  telemetry?: Telemetry;
  /** @default {Date.now} */
  now?: () => number;
}

/**
 * Writes one line per message: text for people, or JSON with the fields `time`, `level`, `message`
 * and those of the call.
 *
 * @example
 * ```ts
 * import { Log } from "./log.ts";
 * const lines: string[] = [];
 * const log = new Log({ write: (line) => lines.push(line) });
 * log.warning("Retrying", { url: "http://localhost/" });
 * if (lines[0] !== "warning: Retrying (url=http://localhost/)\n") throw new Error(lines[0]);
 * ```
 */
export class Log {
  readonly #options: LogOptions;
  readonly #threshold: number;
  /** Counters and timers, passed along with the log. */
  readonly telemetry: Telemetry;

  constructor(options: LogOptions) {
    this.#options = options;
    this.telemetry = options.telemetry ?? new Telemetry();
    this.#threshold = LOG_LEVELS.indexOf(options.level ?? "warning");
  }

  /** A log that adds these fields to every line. */
  with(fields: LogFields): Log {
    return new Log({ ...this.#options, fields: { ...this.#options.fields, ...fields } });
  }

  /** Logs details for debugging. */
  debug(message: string, fields?: LogFields): void {
    this.#log("debug", message, fields);
  }

  /** Logs a step. */
  info(message: string, fields?: LogFields): void {
    this.#log("info", message, fields);
  }

  /** Logs a problem that doesn't stop the work. */
  warning(message: string, fields?: LogFields): void {
    this.#log("warning", message, fields);
  }

  /** Logs a failure, which also changes the exit code. */
  error(message: string, fields?: LogFields): void {
    this.#log("error", message, fields);
  }

  /** Prints a job's summary, unless only errors are logged. */
  summary(events: readonly SummaryEvent[]): void {
    if (this.#threshold > LOG_LEVELS.indexOf("warning")) return;
    for (const event of events) {
      const line = summaryLine(event);
      if (this.#options.format !== "json") this.#write(line);
      else this.#writeJson("info", line.trim(), summaryData(event));
    }
  }

  /** Prints text that was asked for, such as a server's address: at every level, unchanged. */
  print(text: string): void {
    const lines = text.replace(/\n$/, "");
    if (this.#options.format !== "json") return this.#write(lines);
    for (const line of lines.split("\n")) this.#writeJson("info", line);
  }

  /** Prints a metric, at every level. */
  metric(text: string): void {
    if (this.#options.format === "json") this.#writeJson("info", "metric", { metric: text });
    else this.print(`metric: ${text}`);
  }

  #log(level: LogLevel, message: string, fields?: LogFields): void {
    if (LOG_LEVELS.indexOf(level) < this.#threshold) return;
    if (this.#options.format === "json") return this.#writeJson(level, message, fields);
    const all = { ...this.#options.fields, ...fields };
    const facts = Object.entries(all)
      .filter(([name, value]) => value !== undefined && name !== "event")
      .map(([name, value]) => `${name}=${value}`).join(" ");
    this.#write(`${level}: ${message}${facts && ` (${facts})`}`.replaceAll(/\s*[\r\n]+\s*/g, " "));
  }

  #writeJson(level: LogLevel, message: string, fields?: LogFields): void {
    const time = new Date((this.#options.now ?? Date.now)()).toISOString();
    const line = { time, level, message, ...this.#options.fields, ...fields };
    this.#write(JSON.stringify(line));
  }

  #write(line: string): void {
    this.#options.write(`${line}\n`);
  }
}
