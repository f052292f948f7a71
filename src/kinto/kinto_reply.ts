import { UnreadableBody } from "../errors/unreadable_body.ts";

/** An answer, by itself or as a part of a batch. */
export interface KintoReply {
  status: number;
  headers: Headers;
  /** Parsed JSON; undefined when there is none. */
  body: unknown;
}

/** Why an answer is a refusal, in one line: Kinto's message, with what it says of the fields. */
export function reasonOfReply({ body }: KintoReply): string {
  if (typeof body !== "object" || body === null) return String(body ?? "").trim().slice(0, 200);
  const { message, error, details } = body as Record<string, unknown>;
  const about = Array.isArray(details)
    ? details.map(({ name, description }) => ` (${name}: ${description})`).join("")
    : "";
  return `${message ?? error ?? JSON.stringify(body).slice(0, 200)}${about}`;
}

/** Whether another attempt is asked for. 409 is a conflict between transactions, not with data. */
export function isTransient({ status }: KintoReply): boolean {
  return status === 409 || status === 408 || status === 429 || status >= 500;
}

/** The parts of a batch's answer. @throws {UnreadableBody} unless there is an answer to each request */
export function partsOf(reply: KintoReply, expected: number): KintoReply[] {
  const { responses } = (reply.body ?? {}) as { responses?: unknown };
  const count = Array.isArray(responses) ? responses.length : 0;
  if (count !== expected) {
    throw new UnreadableBody(`a batch of ${expected} requests got ${count} answers`);
  }
  return (responses as { status: number; headers?: Record<string, string>; body?: unknown }[])
    .map(({ status, headers, body }) => ({ status, headers: new Headers(headers), body }));
}
