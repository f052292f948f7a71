import type { SingleBar, Terminal } from "cli-progress";
import type { LogLevel } from "./log.ts";
import { writeToStderr } from "./stderr.ts";

/** How progress is shown: as a bar that is drawn again and again, as a line now and then, or not. */
export type ProgressStyle = "bar" | "lines" | "none";

/**
 * A bar where someone watches, nothing with `-q` or where machines read the log, else lines.
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
  /** What is going on, such as `firefox`. */
  label: string;
  /** What {@linkcode Progress.update} counts to. */
  total: number;
  /** Between two lines. @default {5_000} */
  intervalMs?: number;
  /** Where text goes. @default {stderr} */
  write?: (text: string) => void;
  /** Columns of the terminal. @default {asks it} */
  width?: () => number;
}

/**
 * Shows how far a long work is. Dispose of it at the end, however that comes: the bar's line is
 * cleared. The cursor is never hidden, so that nothing is to be restored after a kill.
 */
export class Progress implements Disposable {
  readonly #options: ProgressOptions;
  readonly #bar?: SingleBar;
  readonly #timer?: ReturnType<typeof setInterval>;
  #done = 0;
  #note = "";
  #shown = "";

  private constructor(options: ProgressOptions, bar?: SingleBar) {
    this.#options = options;
    this.#bar = bar;
    if (options.style !== "lines") return;
    this.#timer = setInterval(() => this.#printLine(), options.intervalMs ?? 5_000);
  }

  /** Loads what draws, where a bar is drawn. */
  static async start(options: ProgressOptions): Promise<Progress> {
    if (options.style !== "bar") return new Progress(options);
    const { default: { SingleBar } } = await import("cli-progress");
    const bar = new SingleBar({
      format: "{label} [{bar}] {percentage} % {note}",
      terminal: terminal(options),
      barsize: 30,
      fps: 5,
      emptyOnZero: true,
      clearOnComplete: true,
      // A line of the log may have taken the bar's place.
      forceRedraw: true,
    });
    bar.start(options.total, 0, { label: options.label, note: "" });
    return new Progress(options, bar);
  }

  /**
   * How far it is. Cheap: call it as often as there is something to say.
   *
   * @param note what else there is to say, such as `12,345 records`
   */
  update(done: number, note = ""): void {
    this.#done = done;
    this.#note = note;
    this.#bar?.update(done, { label: this.#options.label, note });
  }

  [Symbol.dispose](): void {
    this.#bar?.stop();
    clearInterval(this.#timer);
  }

  #printLine(): void {
    const { label, total, write = writeToStderr } = this.#options;
    const percentage = total > 0 ? Math.floor(100 * this.#done / total) : 100;
    const line = `${label}: ${percentage} %${this.#note && `, ${this.#note}`}\n`;
    if (line === this.#shown) return;
    this.#shown = line;
    write(line);
  }
}

/**
 * Draws in one line. The package's own terminal also saves the cursor's place and goes back there at
 * the end, over whatever was logged meanwhile.
 */
function terminal({ write = writeToStderr, width = terminalWidth }: ProgressOptions): Terminal {
  return {
    isTTY: () => true,
    getWidth: width,
    write: (text) => write(text.slice(0, width() - 1)),
    newline: () => write("\n"),
    cursorTo: () => write("\r"),
    clearLine: () => write("\x1b[2K"),
    clearRight: () => write("\x1b[K"),
    cursorSave() {},
    cursorRestore() {},
    cursor() {},
    lineWrapping() {},
  };
}

function terminalWidth(): number {
  try {
    // Some terminals don't know theirs, and say 0.
    return Deno.consoleSize().columns || 80;
  } catch {
    return 80; // no terminal after all
  }
}
