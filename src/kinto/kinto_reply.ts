import { counted } from "../errors/counted.ts";
import { isTransientStatus } from "../errors/http_error.ts";
import { UnreadableBody } from "../errors/unreadable_body.ts";

/** An answer, by itself or as a part of a batch. */
export interface KintoReply {
  status: number;
  headers: Headers;
  /** Parsed JSON; undefined when there is none. */
  body: unknown;
}

/** Why an answer is a refusal, in one line: Kinto's message, and its details about the fields. */
export function reasonOfReply({ body }: KintoReply): string {
  if (typeof body !== "object" || body === null) return String(body ?? "").trim().slice(0, 200);
  const { message, error, details } = body as Record<string, unknown>;
  const about = (Array.isArray(details) ? details : []).map((detail: unknown) => {
    const { name, description } = Object(detail) as { name?: unknown; description?: unknown };
    return ` (${name}: ${description})`;
  });
  return `${message ?? error ?? JSON.stringify(body).slice(0, 200)}${about.join("")}`;
}

/** Whether another attempt may succeed. 409 is a conflict between transactions, not with data. */
export function isTransientReply({ status }: KintoReply): boolean {
  return status === 409 || isTransientStatus(status);
}

/**
 * The parts of a batch's answer, in the order of the requests.
 *
 * @throws {UnreadableBody} unless there is a well-formed answer to each of the `expected` requests
 */
export function partsOf({ body }: KintoReply, expected: number): KintoReply[] {
  const { responses } = Object(body) as { responses?: unknown };
  const parts: unknown[] = Array.isArray(responses) ? responses : [];
  if (parts.length !== expected) {
    throw new UnreadableBody(
      `a batch of ${counted(expected, "requests")} got ${counted(parts.length, "answers")}`,
    );
  }
  return parts.map((part, at) => {
    if (typeof part !== "object" || part === null) {
      throw new UnreadableBody(`answer ${at + 1} of a batch is not an object`);
    }
    const { status, headers, body } = part as Record<string, unknown>;
    if (typeof status !== "number") {
      throw new UnreadableBody(`answer ${at + 1} of a batch has no status`);
    }
    return { status, headers: headersFrom(headers), body };
  });
}

/** Only what can be a header: `new Headers` throws for anything else. */
function headersFrom(fields: unknown): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(Object(fields))) {
    try {
      headers.set(name, String(value));
    } catch {
      // Nothing that this client reads has such a name or value.
    }
  }
  return headers;
}
