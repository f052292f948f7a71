import { Gate } from "../../net/gate.ts";
import { finishInTurns, type Work } from "./dsl/work.ts";
import { Turns } from "./turns.ts";

/** How long a search may take, in milliseconds, with its waiting for others. */
const MAX_SEARCH_MS = 30_000;

/** Searches that run at the same time: each needs some megabytes at a million records. */
const MAX_RUNNING = 8;

/** Searches that run or wait; more are refused. */
const MAX_SEARCHES = 500;

/** When a client may ask again, in seconds. */
const RETRY_AFTER_SECONDS = 5;

/** A search that isn't answered now: there are too many, or it takes too long. */
export class SearchUnavailable extends Error {
  override name = "SearchUnavailable";
  readonly headers = { "retry-after": String(RETRY_AFTER_SECONDS) };
}

/** Runs searches in turns, with limits on their number and their time. */
export class SearchRunner {
  readonly #gate = new Gate({ slots: MAX_RUNNING });
  readonly #turns = new Turns();
  readonly #now: () => number;
  #searches = 0;

  /** @param now milliseconds of a clock that only goes forward */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /**
   * Runs a search.
   *
   * @param signal ends it
   * @throws {SearchUnavailable} when the signal is aborted, and beyond a limit
   * @throws what the search throws
   */
  async run<Result>(work: Work<Result>, signal: AbortSignal): Promise<Result> {
    if (this.#searches >= MAX_SEARCHES) throw new SearchUnavailable("Too many searches.");
    const endMs = this.#now() + MAX_SEARCH_MS;
    const pause = async () => {
      await this.#turns.next();
      if (signal.aborted) throw new SearchUnavailable("The client has disconnected.");
      if (this.#now() > endMs) {
        throw new SearchUnavailable(`The search takes longer than ${MAX_SEARCH_MS / 1000} s.`);
      }
    };
    this.#searches++;
    try {
      return await this.#gate.run(async () => {
        await pause();
        return await finishInTurns(work, { pause, now: this.#now });
      });
    } finally {
      this.#searches--;
    }
  }

  /** Does a computation that no request waits for, until the signal is aborted. */
  async runInBackground(work: Work<unknown>, signal: AbortSignal): Promise<void> {
    const end = new DOMException("The server stops", "AbortError");
    const pause = async () => {
      await this.#turns.next();
      if (signal.aborted) throw end;
    };
    try {
      await pause();
      await finishInTurns(work, { pause, now: this.#now });
    } catch (error) {
      if (error !== end) throw error;
    }
  }
}
