import { UnreadableBody } from "./unreadable_body.ts";

/** A body, or a file, that is larger than anything of its kind. Another attempt wouldn't help. */
export class BodyTooLarge extends UnreadableBody {
  override name = "BodyTooLarge";
  override readonly isTransient = false;

  /** @param maxBytes the limit @param url where it came from, for the message */
  constructor(readonly maxBytes: number, url?: string) {
    const reason = `larger than ${sizeOf(maxBytes)}`;
    super(reason, { message: url && `Cannot read ${url}: ${reason}` });
  }
}

/** Whether an error is a {@linkcode BodyTooLarge}. */
export function isBodyTooLarge(error: unknown): error is BodyTooLarge {
  return error instanceof BodyTooLarge;
}

function sizeOf(bytes: number): string {
  return bytes % 2 ** 20 === 0 ? `${bytes / 2 ** 20} MiB` : `${bytes} bytes`;
}
