/**
 * A computation in slices: the caller takes one after another, and lets others have their turn in
 * between. Each takes a few milliseconds at a million records.
 */
export type Work<Result> = Generator<void, Result, void>;

/** Records that are read in one slice. */
export const RECORDS_PER_SLICE = 1 << 15;

/** A result that needs no computation. */
// deno-lint-ignore require-yield
export function* done<Result>(result: Result): Work<Result> {
  return result;
}

/** Does all of a computation at once. */
export function finish<Result>(work: Work<Result>): Result {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

/**
 * Does a computation slice by slice, with a pause whenever it took longer than a turn should.
 *
 * @param pause lets others have their turn
 * @param options.turnMs how long a turn takes @default {10}
 */
export async function finishInTurns<Result>(
  work: Work<Result>,
  { pause, now, turnMs = 10 }: {
    pause: () => Promise<void>;
    now: () => number;
    turnMs?: number;
  },
): Promise<Result> {
  let startMs = now();
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
    if (now() - startMs < turnMs) continue;
    await pause();
    startMs = now();
  }
}
