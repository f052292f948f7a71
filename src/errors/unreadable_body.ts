import { BuildhubError } from "./buildhub_error.ts";

/**
 * A whole body that isn't what it should be, such as an HTML page instead of JSON. It's worth another
 * attempt: proxies answer so for a moment.
 */
export class UnreadableBody extends BuildhubError {
  override name = "UnreadableBody";
  override readonly isTransient: boolean = true;

  /** @param reason what was expected and what came: `expected JSON, got "<html>"` */
  constructor(readonly reason: string, options: { cause?: unknown; message?: string } = {}) {
    super(options.message ?? reason, { cause: options.cause });
  }

  /** The same error, naming what was read and how many attempts were made. */
  at(url: string, attempts: number): UnreadableBody {
    const count = `${attempts} attempt${attempts === 1 ? "" : "s"}`;
    const message = `Cannot read ${url} (${count}): ${this.reason}`;
    return new UnreadableBody(this.reason, { cause: this.cause, message });
  }
}

/** Whether an error is an {@linkcode UnreadableBody}. */
export function isUnreadableBody(error: unknown): error is UnreadableBody {
  return error instanceof UnreadableBody;
}
