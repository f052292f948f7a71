import type { Work } from "./dsl/work.ts";

/**
 * A computation that is done once, for all who wait for it: each of them advances it in its own
 * turns. When all have left, it stops where it is until the next one joins.
 *
 * @example
 * ```ts
 * import { SharedWork } from "./shared_work.ts";
 * import { finish } from "./dsl/work.ts";
 * let slices = 0;
 * const shared = new SharedWork(function* () {
 *   for (let i = 0; i < 3; i++, slices++) yield;
 * });
 * const [first, second] = [shared.join(), shared.join()];
 * first.next();
 * finish(second);
 * finish(first);
 * if (slices !== 3) throw new Error("done more than once");
 * ```
 */
export class SharedWork {
  readonly #start: () => Work<void>;
  #work: Work<void> | undefined;
  #isDone = false;

  /** @param start called at the first use, and again after an error */
  constructor(start: () => Work<void>) {
    this.#start = start;
  }

  /** Advances it until it's done. @throws what the computation throws */
  *join(): Work<void> {
    while (!this.#isDone) {
      this.#work ??= this.#start();
      try {
        this.#isDone = this.#work.next().done === true;
      } catch (error) {
        this.#work = undefined;
        throw error;
      }
      if (!this.#isDone) yield;
    }
    this.#work = undefined;
  }
}
