/** Ends a request when nothing came for too long, or when a given signal is aborted. */
export class Patience implements Disposable {
  readonly #timeoutMs: number;
  readonly #given?: AbortSignal;
  readonly #controller = new AbortController();
  readonly #abort = () => this.#controller.abort(this.#given?.reason);
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param timeoutMs how long nothing may come */
  constructor(timeoutMs: number, signal?: AbortSignal) {
    this.#timeoutMs = timeoutMs;
    this.#given = signal;
    signal?.addEventListener("abort", this.#abort, { once: true });
    if (signal?.aborted) this.#abort();
    this.renew();
  }

  /** For the request, and for its body. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Something came: the time starts again. */
  renew(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const reason = `nothing came for ${this.#timeoutMs / 1000} s`;
      this.#controller.abort(new DOMException(reason, "TimeoutError"));
    }, this.#timeoutMs);
  }

  /** What really ended the request: running out of patience, or else the error that it threw. */
  causeOf(error: unknown): unknown {
    return this.signal.aborted ? this.signal.reason : error;
  }

  /** Stops the clock, and drops what is left of the request. */
  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#given?.removeEventListener("abort", this.#abort);
    this.#controller.abort(new DOMException("no longer needed", "AbortError"));
  }
}
