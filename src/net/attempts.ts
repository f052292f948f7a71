/**
 * The attempts of a client that are under way, each of which may take so long: they end when they
 * are over that, or when the signal is aborted.
 *
 * One timer and one listener serve all of them. One of each for every attempt would cost as much as
 * the rest of a small request's bookkeeping.
 */
export class Attempts {
  readonly #timeoutMs: number;
  readonly #signal?: AbortSignal;
  /** When each began, by `performance.now()`; the oldest comes first. */
  readonly #began = new Map<AbortController, number>();
  #timer?: ReturnType<typeof setTimeout>;

  constructor(timeoutMs: number, signal?: AbortSignal) {
    this.#timeoutMs = timeoutMs;
    this.#signal = signal;
  }

  /** Begins an attempt, whose signal is then aborted in time. {@linkcode end} must follow. */
  begin(): AbortController {
    const controller = new AbortController();
    if (this.#signal?.aborted) controller.abort(this.#signal.reason);
    if (this.#began.size === 0) this.#signal?.addEventListener("abort", this.#abortAll);
    this.#began.set(controller, performance.now());
    this.#timer ??= setTimeout(this.#abortLate, this.#timeoutMs);
    return controller;
  }

  /** Ends an attempt, whatever came of it. */
  end(controller: AbortController): void {
    this.#began.delete(controller);
    if (this.#began.size > 0) return;
    this.#signal?.removeEventListener("abort", this.#abortAll);
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  readonly #abortAll = () => {
    for (const controller of this.#began.keys()) controller.abort(this.#signal?.reason);
  };

  readonly #abortLate = () => {
    const now = performance.now();
    for (const [controller, began] of this.#began) {
      const leftMs = began + this.#timeoutMs - now;
      if (leftMs > 0) {
        this.#timer = setTimeout(this.#abortLate, leftMs);
        return;
      }
      const seconds = this.#timeoutMs / 1000;
      controller.abort(new DOMException(`no answer in ${seconds} s`, "TimeoutError"));
    }
    this.#timer = undefined;
  };
}
