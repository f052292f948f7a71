import type { Middleware } from "./middleware.ts";

/** How long no request must be in flight before the server is considered idle. */
const QUIET_MS = 20;

const POLL_MS = 5;

/**
 * Counts in-flight requests for a graceful shutdown.
 *
 * `Deno.HttpServer.shutdown` alone is not enough: requests that it lets finish can no longer read
 * their bodies.
 */
export class InFlight {
  #count = 0;

  /** Counts the requests. */
  readonly middleware: Middleware = async (head, next) => {
    this.#count++;
    try {
      return await next(head);
    } finally {
      this.#count--;
    }
  };

  /** Waits until no request is in flight, at most for a time. */
  async finished(timeoutMs: number): Promise<void> {
    let quietMs = 0;
    for (let waited = 0; quietMs < QUIET_MS && waited < timeoutMs; waited += POLL_MS) {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      quietMs = this.#count === 0 ? quietMs + POLL_MS : 0;
    }
  }
}
