import type { Middleware } from "./middleware.ts";
import { ERRNO, Refusal } from "./refusal.ts";

/** Answers with refusals, and with 5xx for every other error. @param onError gets those errors */
export function errors(onError: (error: unknown) => void): Middleware {
  return async (head, next) => {
    try {
      return await next(head);
    } catch (error) {
      if (error instanceof Refusal) return error.reply;
      onError(error);
      return failure(error).reply;
    }
  };
}

/** 503 when the disk failed, so that clients retry; 500 for a bug. */
function failure(error: unknown): Refusal {
  if (error instanceof Error && "code" in error && error.code === "ERR_SQLITE_ERROR") {
    return new Refusal(503, ERRNO.BACKEND, {
      message:
        "Service temporary unavailable due to overloading or maintenance, please retry later.",
    }, { "retry-after": "3" });
  }
  return new Refusal(500, ERRNO.UNDEFINED, {
    message: "A programmatic error occurred, developers have been informed.",
  });
}
