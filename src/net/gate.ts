import { type Clock, systemClock } from "./clock.ts";
import { sleep } from "./sleep.ts";
import { DEFAULT_MAX_WAIT_MS, type WaitLimit } from "./wait_limit.ts";

/** What a {@linkcode Gate} lets through. */
export interface GateOptions extends WaitLimit {
  /** How many run at once. @default {Infinity} */
  slots?: number;
  /** How many start within a second; 0 means any number. @default {0} */
  perSecond?: number;
  /** Ends the waiting at the gate, whatever for. */
  signal?: AbortSignal;
  /** @default {systemClock} */
  clock?: Clock;
}

/**
 * All requests to one server pass through its gate: it limits how many are in flight and how many
 * start within a second, and holds all of them back while the server asks for a pause.
 */
export class Gate {
  readonly #options: GateOptions;
  readonly #clock: Clock;
  readonly #intervalMs: number;
  #free: number;
  readonly #waiting: PromiseWithResolvers<void>[] = [];
  /** When the next may start. */
  #nextMs = 0;
  #pausedUntilMs = 0;

  constructor(options: GateOptions = {}) {
    const { slots = Infinity, perSecond = 0, signal, clock = systemClock } = options;
    this.#options = options;
    this.#clock = clock;
    this.#free = slots;
    this.#intervalMs = perSecond === 0 ? 0 : 1000 / perSecond;
    signal?.addEventListener("abort", () => {
      for (const { reject } of this.#waiting.splice(0)) reject(signal.reason);
    }, { once: true });
  }

  /**
   * Runs work when its turn comes.
   *
   * @throws what the work throws; the abort reason when the signal is aborted before it starts
   */
  async run<T>(work: () => Promise<T>): Promise<T> {
    await this.#slot();
    try {
      await this.#turn();
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next.resolve();
      else this.#free++;
    }
  }

  /** Starts nothing for as long as the server asks for, up to `maxWaitMs`. */
  pause(askedForMs: number): void {
    const { maxWaitMs = DEFAULT_MAX_WAIT_MS, onWaitCapped } = this.#options;
    const now = this.#clock.now();
    const waitMs = Math.min(askedForMs, maxWaitMs);
    // One warning per pause, however many answers ask for it.
    if (waitMs < askedForMs && this.#pausedUntilMs <= now) onWaitCapped?.({ askedForMs, waitMs });
    this.#pausedUntilMs = Math.max(this.#pausedUntilMs, now + waitMs);
  }

  async #slot(): Promise<void> {
    this.#options.signal?.throwIfAborted();
    if (this.#free > 0) {
      this.#free--;
      return;
    }
    const turn = Promise.withResolvers<void>();
    this.#waiting.push(turn);
    await turn.promise;
  }

  /** Waits for as long as the rate and a pause demand; the pause may be extended meanwhile. */
  async #turn(): Promise<void> {
    const startMs = Math.max(this.#clock.now(), this.#nextMs);
    this.#nextMs = startMs + this.#intervalMs;
    for (;;) {
      this.#options.signal?.throwIfAborted();
      const waitMs = Math.max(startMs, this.#pausedUntilMs) - this.#clock.now();
      if (waitMs <= 0) return;
      await sleep(waitMs, this.#options.signal, this.#clock);
    }
  }
}
