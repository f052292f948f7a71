/** Time, passed in so that tests decide how it goes by. */
export interface Clock {
  /** Milliseconds since 1970; never less than before. */
  now(): number;
  /** Calls once, `ms` from now at the earliest. @returns a function that cancels the call */
  after(ms: number, call: () => void): () => void;
}

/** The longest delay of `setTimeout`; a longer one would end at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** The clock of this machine. */
export const systemClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  after(ms, call) {
    const timer = setTimeout(call, Math.min(ms, MAX_TIMER_MS));
    return () => clearTimeout(timer);
  },
};
