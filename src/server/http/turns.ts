import type { Work } from "../store/work.ts";
import { LIMITS } from "./limits.ts";
import { ERRNO, Refusal } from "./refusal.ts";

/** The limits of some work. */
export interface TurnsOptions {
  /** How long it may take, other work in between included, in milliseconds. */
  maxMs: number;
  /** Whether nobody waits for the result anymore. */
  isGone: () => boolean;
}

/**
 * Runs work in turns: in each round of the event loop some milliseconds of one work, the one that has
 * waited longest. However many there are, other requests wait for one turn at most.
 *
 * @example
 * ```ts
 * import { Turns } from "./turns.ts";
 * import type { Work } from "../store/work.ts";
 * import { assertEquals } from "@std/assert";
 * let [now, order] = [0, ""];
 * function* work(name: string): Work<void> {
 *   for (let piece = 0; piece < 3; piece++) {
 *     order += name;
 *     now += 100;
 *     yield "scan";
 *   }
 * }
 * const turns = new Turns(() => now);
 * const options = { maxMs: 10_000, isGone: () => false };
 * await Promise.all(["a", "b"].map((name) => turns.run(work(name), options)));
 * assertEquals(order, "ababab");
 * ```
 */
export class Turns {
  readonly #waiting: (() => void)[] = [];
  #isRunning = false;

  /** @param now milliseconds, from any moment */
  constructor(readonly now: () => number = () => performance.now()) {}

  /**
   * Runs work to its end.
   *
   * @throws {Refusal} 503 when it takes too long, 499 when the client is gone
   */
  run<T>(work: Work<T>, { maxMs, isGone }: TurnsOptions): Promise<T> {
    const began = this.now();
    return new Promise((resolve, reject) => {
      const turn = () => {
        try {
          const turnBegan = this.now();
          if (turnBegan > began && isGone()) throw clientGone();
          if (turnBegan - began > maxMs) throw tooLong();
          do {
            const step = work.next();
            if (step.done) return resolve(step.value);
          } while (this.now() - turnBegan < LIMITS.turnMs);
          this.#wait(turn);
        } catch (error) {
          reject(error);
        }
      };
      turn();
    });
  }

  /** Runs work to its end without a pause. @throws {Refusal} 503 when its scans take too long */
  finish<T>(work: Work<T>): T {
    for (let scans = 0;;) {
      const step = work.next();
      if (step.done) return step.value;
      if (step.value === "scan" && ++scans > LIMITS.slicesInTransaction) throw tooLong();
    }
  }

  #wait(turn: () => void): void {
    this.#waiting.push(turn);
    if (this.#waiting.length === 1 && !this.#isRunning) this.#schedule();
  }

  /** The timer starts after a turn: one that is already due would keep the event loop from I/O. */
  #schedule(): void {
    setTimeout(() => {
      this.#isRunning = true;
      this.#waiting.shift()?.();
      this.#isRunning = false;
      if (this.#waiting.length > 0) this.#schedule();
    });
  }
}

/** Nobody reads this answer; the status is that of nginx, for the access log. */
function clientGone(): Refusal {
  return new Refusal(499, ERRNO.UNDEFINED, { error: "Client Closed Request" });
}

function tooLong(): Refusal {
  return new Refusal(503, ERRNO.BACKEND, {
    message: "The request takes too long: filter and sort by indexed fields, or ask for less.",
  }, { "retry-after": "10" });
}
