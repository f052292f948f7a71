/** How long a statement may hold up other requests, in milliseconds. */
export const SLICE_MS = 20;

/** A statement was interrupted at the end of its time. */
class SliceEnded extends Error {
  override name = "SliceEnded";
}

/**
 * The time that a statement may take. SQL functions call {@linkcode check} with each row, since
 * SQLite can't be interrupted otherwise by the thread that it runs on.
 */
export class TimeSlice {
  #deadline = Infinity;

  /** @param now milliseconds, from any moment */
  constructor(readonly now: () => number = () => performance.now()) {}

  /** @throws {Error} when the time is over; {@linkcode attempt} catches it */
  check(): void {
    if (this.now() > this.#deadline) throw new SliceEnded();
  }

  /** What `run` returns, or undefined when it takes longer than a slice. */
  attempt<T>(run: () => T): T | undefined {
    this.#deadline = this.now() + SLICE_MS;
    try {
      return run();
    } catch (error) {
      if (!(error instanceof SliceEnded)) throw error;
      return undefined;
    } finally {
      this.#deadline = Infinity;
    }
  }
}
