import { isTransientReply, type KintoReply } from "./kinto_reply.ts";
import type { KintoRequest } from "./kinto_request.ts";

/** What became of one `POST /batch` after all of its attempts. */
export type BatchOutcome =
  /** An answer to every request, in their order. */
  | { kind: "answered"; replies: KintoReply[] }
  /** The batch as a whole was refused. */
  | { kind: "refused"; reply: KintoReply }
  /** An answer to every request; some of them still ask for another attempt. */
  | { kind: "failing"; replies: KintoReply[] };

/**
 * Sends requests as one batch; as several where that is how the others get their answer. A batch that
 * is refused as a whole is halved until the request that causes it stands alone. Requests that still
 * fail after all attempts are sent one by one.
 *
 * @param send sends one batch, with its attempts
 * @returns the last answer to each request, in their order
 */
export async function sendInParts(
  requests: readonly KintoRequest[],
  send: (requests: readonly KintoRequest[]) => Promise<BatchOutcome>,
): Promise<KintoReply[]> {
  if (requests.length === 0) return [];
  const outcome = await send(requests);
  switch (outcome.kind) {
    case "answered":
      return outcome.replies;
    case "refused": {
      if (requests.length === 1) return [outcome.reply];
      const half = Math.ceil(requests.length / 2);
      const first = await sendInParts(requests.slice(0, half), send);
      return [...first, ...await sendInParts(requests.slice(half), send)];
    }
    case "failing": {
      const failing = new Set(requests.filter((_, at) => isTransientReply(outcome.replies[at]!)));
      if (failing.size === requests.length) return outcome.replies;
      const others = await sendInParts(requests.filter((one) => !failing.has(one)), send);
      const replies: KintoReply[] = [];
      for (const request of requests) {
        const [alone] = failing.has(request) ? await sendInParts([request], send) : [];
        replies.push(alone ?? others.shift()!);
      }
      return replies;
    }
  }
}
