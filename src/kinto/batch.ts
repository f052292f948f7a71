import { isTransientReply, type KintoReply, reasonOfReply } from "./kinto_reply.ts";
import type { KintoRequest } from "./kinto_request.ts";
import { KintoUnavailable } from "./kinto_unavailable.ts";

/** What became of one `POST /batch` after its attempts. */
export type BatchOutcome =
  /** An answer to every request, in their order. */
  | { kind: "answered"; replies: KintoReply[] }
  /** The batch as a whole was refused. */
  | { kind: "refused"; reply: KintoReply }
  /** The batch as a whole was answered with 5xx. */
  | { kind: "broken"; reply: KintoReply }
  /** An answer to every request; some of them still ask for another attempt. */
  | { kind: "failing"; replies: KintoReply[] };

/** What {@linkcode BatchSplitter} sends with. */
export interface BatchSender {
  /** Of the server, for messages. */
  url: string;
  /** Sends one batch. `retried`: a 5xx is repeated after a wait, as the retry policy has it. */
  send(requests: readonly KintoRequest[], retried: boolean): Promise<BatchOutcome>;
  /** Sends a small request, once. @returns why it failed; undefined when the server is up */
  whyDown(): Promise<string | undefined>;
}

/**
 * Requests in a row that may get 5xx alone. More than the builds that share one bad document in a
 * usual batch; few enough to stop soon where nothing can be written, such as on a full disk.
 */
const MAX_BROKEN_IN_A_ROW = 50;

/**
 * Sends requests as one batch; as several where one of them keeps the others from their answer.
 *
 * - A batch that is refused as a whole is halved until the request that causes it stands alone.
 * - So is a batch whose 5xx survives all attempts, if the server answers a small request meanwhile.
 *   The parts aren't retried with waits, since that was done for the whole; a request that stands
 *   alone gets a second attempt.
 * - Parts that still fail after all attempts are sent one by one.
 */
export class BatchSplitter {
  readonly #sender: BatchSender;
  #brokenInARow = 0;

  constructor(sender: BatchSender) {
    this.#sender = sender;
  }

  /**
   * @returns the last answer to each request, in their order
   * @throws {KintoUnavailable} when the server is down, or nothing can be written
   */
  send(requests: readonly KintoRequest[]): Promise<KintoReply[]> {
    return this.#send(requests, "retried");
  }

  async #send(
    requests: readonly KintoRequest[],
    attempts: "retried" | "once" | "again",
  ): Promise<KintoReply[]> {
    if (requests.length === 0) return [];
    const outcome = await this.#sender.send(requests, attempts === "retried");
    switch (outcome.kind) {
      case "answered":
        this.#brokenInARow = 0;
        return outcome.replies;
      case "refused":
        return requests.length === 1 ? [outcome.reply] : this.#halved(requests, "retried");
      case "broken":
        break;
      case "failing": {
        const { replies } = outcome;
        if (!replies.every(isTransientReply)) return this.#withoutFailing(requests, replies);
        if (!replies.every(isServerError)) return replies;
      }
    }
    const [reply] = outcome.kind === "broken" ? [outcome.reply] : outcome.replies;
    await this.#throwIfDown(reply!);
    if (requests.length > 1) return this.#halved(requests, "once");
    if (attempts === "once") return this.#send(requests, "again");
    this.#countBroken(reply!);
    return [reply!];
  }

  async #halved(
    requests: readonly KintoRequest[],
    attempts: "retried" | "once",
  ): Promise<KintoReply[]> {
    const half = Math.ceil(requests.length / 2);
    const first = await this.#send(requests.slice(0, half), attempts);
    return [...first, ...await this.#send(requests.slice(half), attempts)];
  }

  async #withoutFailing(
    requests: readonly KintoRequest[],
    replies: readonly KintoReply[],
  ): Promise<KintoReply[]> {
    const isFailing = (at: number) => isTransientReply(replies[at]!);
    const others = await this.#send(requests.filter((_, at) => !isFailing(at)), "retried");
    const result: KintoReply[] = [];
    for (const [at, request] of requests.entries()) {
      const attempts = isServerError(replies[at]!) ? "once" : "retried";
      const [alone] = isFailing(at) ? await this.#send([request], attempts) : [];
      result.push(alone ?? others.shift()!);
    }
    return result;
  }

  async #throwIfDown(reply: KintoReply): Promise<void> {
    const whyDown = await this.#sender.whyDown();
    if (whyDown === undefined) return;
    const { url } = this.#sender;
    throw new KintoUnavailable(url, `POST /batch: ${said(reply)}; then ${whyDown}`);
  }

  #countBroken(reply: KintoReply): void {
    if (++this.#brokenInARow < MAX_BROKEN_IN_A_ROW) return;
    throw new KintoUnavailable(
      this.#sender.url,
      `${MAX_BROKEN_IN_A_ROW} requests in a row failed, each sent alone: ${said(reply)}`,
    );
  }
}

function isServerError({ status }: KintoReply): boolean {
  return status >= 500;
}

function said(reply: KintoReply): string {
  return `server replied ${reply.status} ${reasonOfReply(reply)}`.trim();
}
