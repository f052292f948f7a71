import type { Reply } from "../http/reply.ts";
import type { Work } from "../store/work.ts";

/** What a handler answers: a reply, or the work that leads to one. */
export type Answer = Reply | Work<Reply>;

/** Whether the reply isn't there yet. */
export function isWork(answer: Answer): answer is Work<Reply> {
  return "next" in answer;
}
