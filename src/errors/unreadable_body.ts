import { BuildhubError } from "./buildhub_error.ts";
import { counted } from "./counted.ts";

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
    const message = `Cannot read ${url} (${counted(attempts, "attempts")}): ${this.reason}`;
    return new UnreadableBody(this.reason, { cause: this.cause, message });
  }
}

/** Whether an error is an {@linkcode UnreadableBody}. */
export function isUnreadableBody(error: unknown): error is UnreadableBody {
  return error instanceof UnreadableBody;
}
