import { reasonOf } from "../errors/reason_of.ts";

/** What is known of a failure of S3. */
export interface S3Failure {
  /** HTTP status, when there was an answer. */
  status?: number;
  /** Whether another attempt may succeed. @default {false} */
  transient?: boolean;
  /** How long the server asks to wait. */
  retryAfterMs?: number;
  /** How often it was tried. @default {1} */
  attempts?: number;
  cause?: unknown;
}

/** S3 refused, couldn't be reached, or gave something else than it announced. */
export class S3Error extends Error {
  override name = "S3Error";
  readonly status?: number;
  readonly transient: boolean;
  readonly retryAfterMs?: number;

  /** @param url as `s3://bucket/key` */
  constructor(readonly url: string, readonly reason: string, failure: S3Failure = {}) {
    const { status, transient = false, retryAfterMs, attempts = 1, cause } = failure;
    super(
      `Cannot read ${url}: ${reason}${attempts > 1 ? ` (${attempts} attempts)` : ""}`,
      { cause },
    );
    this.status = status;
    this.transient = transient;
    this.retryAfterMs = retryAfterMs;
  }

  /** From whatever the AWS client, or the body that it gave, threw. */
  static from(url: string, thrown: unknown, retryAfterMs?: number): S3Error {
    if (thrown instanceof S3Error) return thrown;
    const { $metadata, name } = thrown as {
      $metadata?: { httpStatusCode?: number };
      name?: string;
    };
    const status = $metadata?.httpStatusCode;
    // An answer that isn't XML, or whose XML is cut off, comes with its status, 200 often.
    const refused = status !== undefined && status >= 300 && status < 500 &&
      status !== 408 && status !== 429;
    const reason = refused || (status ?? 0) >= 500
      ? `server replied ${status} ${name}: ${reasonOf(thrown)}`
      : reasonOf(thrown);
    return new S3Error(url, reason, { status, transient: !refused, retryAfterMs, cause: thrown });
  }

  /** The same, after so many attempts. */
  after(attempts: number): S3Error {
    const { status, transient, retryAfterMs, cause } = this;
    return new S3Error(this.url, this.reason, { status, transient, retryAfterMs, attempts, cause });
  }
}
