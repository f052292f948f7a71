import { setImmediate } from "node:timers";

/**
 * Turns of computations on the server's only thread: between any two of them the event loop handles
 * what has arrived, so that other requests wait for one turn at most, however many computations run.
 */
export class Turns {
  readonly #waiting: (() => void)[] = [];

  /** Waits for a turn, after those who asked before. It lasts until the caller waits again. */
  next(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      if (this.#waiting.length === 1) setImmediate(() => this.#give());
    });
  }

  #give(): void {
    this.#waiting.shift()?.();
    if (this.#waiting.length > 0) setImmediate(() => this.#give());
  }
}
