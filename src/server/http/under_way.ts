import type { Handler } from "./kinto_server.ts";

/** How long nothing must be under way before a server may be told to end. */
const QUIET_MS = 20;

/**
 * Knows of the requests under way, so that a server ends after them.
 *
 * `Deno.HttpServer.shutdown` alone isn't enough: what it lets finish can't read its body any more.
 */
export class UnderWay {
  #count = 0;

  /** The handler, with its requests counted. */
  counted(handler: Handler): Handler {
    return async (request) => {
      this.#count++;
      try {
        return await handler(request);
      } finally {
        this.#count--;
      }
    };
  }

  /** Waits until nothing is under way, or as long as it may take. */
  async finished(mostMs: number): Promise<void> {
    for (let waitedMs = 0, quietMs = 0; quietMs < QUIET_MS && waitedMs < mostMs; waitedMs += 5) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      quietMs = this.#count === 0 ? quietMs + 5 : 0;
    }
  }
}
