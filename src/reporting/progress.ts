import type { LogLevel } from "./log.ts";
import { writeToStderr } from "./stderr.ts";

/** How progress is shown: as a bar that is redrawn, as a line every few seconds, or not at all. */
export type ProgressStyle = "bar" | "lines" | "none";

/**
 * The style for a log: nothing with `-q` or JSON, a bar on a terminal, lines elsewhere.
 *
 * @example
 * ```ts
 * import { progressStyle } from "./progress.ts";
 * const config = { logLevel: "warning", logFormat: "text" } as const;
 * if (progressStyle({ config, isTerminal: true }) !== "bar") throw new Error();
 * ```
 */
export function progressStyle(
  { config, isTerminal }: {
    config: { logLevel: LogLevel; logFormat: string };
    isTerminal: boolean;
  },
): ProgressStyle {
  if (config.logLevel === "error" || config.logFormat === "json") return "none";
  return isTerminal ? "bar" : "lines";
}

/** How a {@linkcode Progress} looks. */
export interface ProgressOptions {
  style: ProgressStyle;
  /** The name of the work, such as `firefox`. */
  label: string;
  /** The value of {@linkcode Progress.update} that is 100 %. */
  total: number;
  /** Between two lines, or two drawings of the bar. @default {5_000, or 200} */
  intervalMs?: number;
  /** Where text goes. @default {stderr} */
  write?: (text: string) => void;
  /** Columns of the terminal. @default {asks it} */
  width?: () => number;
}

/** Characters within the bar's brackets. */
const BAR_LENGTH = 30;

/** Goes to the start of the terminal's line, and clears it. */
const CLEAR = "\r\x1b[2K";

/**
 * Shows the progress of long work. Dispose it at the end: that clears the bar's line. The cursor is
 * never hidden, so a kill leaves the terminal as it was.
 */
export class Progress implements Disposable {
  readonly #options: ProgressOptions;
  readonly #timer?: ReturnType<typeof setInterval>;
  #done = 0;
  #note = "";
  #printed = "";
  #isDrawn = false;

  constructor(options: ProgressOptions) {
    this.#options = options;
    const { style } = options;
    if (style === "none") return;
    const show = style === "bar" ? () => this.#draw() : () => this.#printLine();
    const intervalMs = options.intervalMs ?? (style === "bar" ? 200 : 5_000);
    this.#timer = setInterval(show, intervalMs);
  }

  /**
   * Sets the progress. It's cheap: call it as often as something changes.
   *
   * @param note shown after the percentage, such as `12,345 records`
   */
  update(done: number, note = ""): void {
    this.#done = done;
    this.#note = note;
    if (this.#options.style === "bar" && !this.#isDrawn) this.#draw();
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    if (this.#isDrawn) this.#write(CLEAR);
  }

  /** The share that is done, from 0 to 1; work without a size is done. */
  get #share(): number {
    const { total } = this.#options;
    return total > 0 ? Math.min(1, this.#done / total) : 1;
  }

  /** Redraws the whole line: a line of the log may have replaced it. */
  #draw(): void {
    const { label, width = terminalWidth } = this.#options;
    const bar = "=".repeat(Math.floor(this.#share * BAR_LENGTH)).padEnd(BAR_LENGTH, "-");
    const line = `${label} [${bar}] ${Math.floor(this.#share * 100)} % ${this.#note}`;
    this.#isDrawn = true;
    this.#write(`${CLEAR}${line.slice(0, width() - 1)}`);
  }

  #printLine(): void {
    const percentage = Math.floor(this.#share * 100);
    const line = `${this.#options.label}: ${percentage} %${this.#note && `, ${this.#note}`}\n`;
    if (line === this.#printed) return;
    this.#printed = line;
    this.#write(line);
  }

  #write(text: string): void {
    (this.#options.write ?? writeToStderr)(text);
  }
}

function terminalWidth(): number {
  try {
    // Some terminals don't know their width, and report 0.
    return Deno.consoleSize().columns || 80;
  } catch {
    return 80; // no terminal
  }
}
