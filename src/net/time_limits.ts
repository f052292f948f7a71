import { type Clock, systemClock } from "./clock.ts";

/**
 * Time limits of the requests of one client. Each request's signal is aborted when its time is over,
 * and those of all of them when the client's signal is aborted.
 *
 * One timer and one listener serve all requests. One of each per request would cost as much as the
 * rest of a small request's bookkeeping.
 */
export class TimeLimits {
  readonly #limitMs: number;
  readonly #signal?: AbortSignal;
  readonly #clock: Clock;
  /** When the time of each began; the oldest comes first. */
  readonly #began = new Map<TimeLimit, number>();
  #cancelTimer?: () => void;

  /** @param limitMs for each request, from its begin or its last {@linkcode TimeLimit.renew} */
  constructor(
    limitMs: number,
    { signal, clock = systemClock }: { signal?: AbortSignal; clock?: Clock } = {},
  ) {
    this.#limitMs = limitMs;
    this.#signal = signal;
    this.#clock = clock;
  }

  /** Starts a request's time; disposing of the limit ends it. */
  begin(): TimeLimit {
    const limit: TimeLimit = new TimeLimit(
      () => this.#start(limit),
      () => this.#end(limit),
    );
    if (this.#signal?.aborted) limit.abort(this.#signal.reason);
    if (this.#began.size === 0) this.#signal?.addEventListener("abort", this.#abortAll);
    this.#start(limit);
    this.#cancelTimer ??= this.#clock.after(this.#limitMs, this.#abortLate);
    return limit;
  }

  /** Moves it to the end, where the youngest is. */
  #start(limit: TimeLimit): void {
    this.#began.delete(limit);
    this.#began.set(limit, this.#clock.now());
  }

  #end(limit: TimeLimit): void {
    this.#began.delete(limit);
    if (this.#began.size > 0) return;
    this.#signal?.removeEventListener("abort", this.#abortAll);
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  readonly #abortAll = () => {
    for (const limit of this.#began.keys()) limit.abort(this.#signal?.reason);
  };

  readonly #abortLate = () => {
    this.#cancelTimer = undefined;
    const now = this.#clock.now();
    for (const [limit, began] of this.#began) {
      const leftMs = began + this.#limitMs - now;
      if (leftMs > 0) {
        this.#cancelTimer = this.#clock.after(leftMs, this.#abortLate);
        return;
      }
      const what = limit.isRenewed ? "nothing received for" : "no answer in";
      limit.abort(new DOMException(`${what} ${this.#limitMs / 1000} s`, "TimeoutError"));
    }
  };
}

/** The time limit of one request; comes from {@linkcode TimeLimits.begin}. */
export class TimeLimit implements Disposable {
  readonly #controller = new AbortController();
  readonly #start: () => void;
  readonly #end: () => void;
  #isRenewed = false;

  /** @param start restarts the time @param end stops it */
  constructor(start: () => void, end: () => void) {
    this.#start = start;
    this.#end = end;
  }

  /** For the request and its body. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Whether something came, and the time was restarted. */
  get isRenewed(): boolean {
    return this.#isRenewed;
  }

  /** Something came: the time starts again. */
  renew(): void {
    this.#isRenewed = true;
    this.#start();
  }

  /** Aborts the request. */
  abort(reason: unknown): void {
    this.#controller.abort(reason);
  }

  /** Stops the clock, however the request ended. */
  [Symbol.dispose](): void {
    this.#end();
  }
}
