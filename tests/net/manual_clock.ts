import type { Clock } from "../../src/net/clock.ts";

interface Timer {
  atMs: number;
  ms: number;
  call: () => void;
}

/** A clock that stands still until a test advances it. */
export class ManualClock implements Clock {
  #nowMs = Date.parse("2017-06-02T12:20:00Z");
  readonly #timers = new Set<Timer>();
  readonly #expected: { ms: number; resolve: () => void }[] = [];

  /** @returns milliseconds since 1970 */
  now(): number {
    return this.#nowMs;
  }

  /** Calls once the clock has been advanced by `ms`. */
  after(ms: number, call: () => void): () => void {
    const timer = { atMs: this.#nowMs + ms, ms, call };
    this.#timers.add(timer);
    for (const { ms, resolve } of this.#expected) if (ms === timer.ms) resolve();
    return () => this.#timers.delete(timer);
  }

  /** The delays of the timers that haven't been called yet. */
  get pending(): number[] {
    return [...this.#timers].map(({ ms }) => ms);
  }

  /** Resolves when there is a timer of this delay. */
  async timer(ms: number): Promise<void> {
    if (this.pending.includes(ms)) return;
    await new Promise<void>((resolve) => this.#expected.push({ ms, resolve }));
  }

  /** Lets time go by, and calls what is due in its order. */
  advance(ms: number): void {
    const endMs = this.#nowMs + ms;
    for (;;) {
      const [next] = [...this.#timers].filter(({ atMs }) => atMs <= endMs)
        .sort((a, b) => a.atMs - b.atMs);
      if (!next) break;
      this.#timers.delete(next);
      this.#nowMs = next.atMs;
      next.call();
    }
    this.#nowMs = endMs;
  }

  /** Waits for a timer of this delay, and advances to its end. */
  async pass(ms: number): Promise<void> {
    await this.timer(ms);
    this.advance(ms);
  }
}
