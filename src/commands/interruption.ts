import type { Clock } from "../net/clock.ts";

/** The signals that interrupt a command, and the exit codes that follow. */
export const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const;

/** One of {@linkcode SIGNALS}. */
export type InterruptingSignal = keyof typeof SIGNALS;

/** Signals within this time of the first are repeats: `deno task` sends one Ctrl-C twice. */
const REPEAT_MS = 1_000;

/** What an {@linkcode Interruption} does. */
export interface InterruptionOptions {
  clock: Clock;
  /** Called with the first signal, before the work is aborted. */
  onStop: () => void;
  /** Called with a further signal: the process should end at once. @param code its exit code */
  onExit: (code: number) => void;
}

/** Turns signals of the operating system into one abort, and an exit code. */
export class Interruption {
  readonly #options: InterruptionOptions;
  readonly #abort = new AbortController();
  #firstMs?: number;
  #code = 0;

  constructor(options: InterruptionOptions) {
    this.#options = options;
  }

  /** Aborted by the first signal. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** The exit code that follows from the first signal; 0 before. */
  get code(): number {
    return this.#code;
  }

  /** Takes a signal. */
  receive(name: InterruptingSignal): void {
    const { clock, onStop, onExit } = this.#options;
    const nowMs = clock.now();
    if (this.#firstMs === undefined) {
      this.#firstMs = nowMs;
      this.#code = SIGNALS[name];
      onStop();
      this.#abort.abort(new DOMException(`stopped by ${name}`, "AbortError"));
    } else if (nowMs - this.#firstMs >= REPEAT_MS) onExit(SIGNALS[name]);
  }
}
