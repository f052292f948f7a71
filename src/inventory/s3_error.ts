import { BuildhubError } from "../errors/buildhub_error.ts";
import { isTransientStatus } from "../errors/http_error.ts";
import { reasonOf } from "../errors/reason_of.ts";

/** What is known about a failure of S3. */
export interface S3Failure {
  /** HTTP status, when there was an answer. */
  status?: number;
  /** Whether another attempt may succeed. @default {false} */
  isTransient?: boolean;
  /** How long the server asks to wait. */
  retryAfterMs?: number;
  /** How many attempts were made. @default {1} */
  attempts?: number;
  cause?: unknown;
}

/** S3 refused, couldn't be reached, or sent something else than it announced. */
export class S3Error extends BuildhubError {
  override name = "S3Error";
  override readonly isTransient: boolean;
  override readonly retryAfterMs?: number;
  readonly status?: number;

  /** @param url as `s3://bucket/key` */
  constructor(readonly url: string, readonly reason: string, failure: S3Failure = {}) {
    const { status, isTransient = false, retryAfterMs, attempts = 1, cause } = failure;
    super(
      `Cannot read ${url}: ${reason}${attempts > 1 ? ` (${attempts} attempts)` : ""}`,
      { cause },
    );
    this.status = status;
    this.isTransient = isTransient;
    this.retryAfterMs = retryAfterMs;
  }

  /** From what sending a request with the AWS client, or reading a body, threw. */
  static from(url: string, thrown: unknown, retryAfterMs?: number): S3Error {
    if (isS3Error(thrown)) return thrown;
    const { $metadata, name } = Object(thrown) as {
      $metadata?: { httpStatusCode?: number };
      name?: string;
    };
    const status = $metadata?.httpStatusCode;
    // An answer that isn't XML, or whose XML is cut off, is thrown with its status, often 200.
    const isRefusal = status !== undefined && status >= 300;
    const reason = isRefusal
      ? `server replied ${status} ${name}: ${reasonOf(thrown)}`
      : reasonOf(thrown);
    const isTransient = !isRefusal || isTransientStatus(status);
    return new S3Error(url, reason, { status, isTransient, retryAfterMs, cause: thrown });
  }

  /** The same error, naming how many attempts were made. */
  after(attempts: number): S3Error {
    const { status, isTransient, retryAfterMs, cause } = this;
    const failure = { status, isTransient, retryAfterMs, attempts, cause };
    return new S3Error(this.url, this.reason, failure);
  }
}

/** Whether an error is an {@linkcode S3Error}. */
export function isS3Error(error: unknown): error is S3Error {
  return error instanceof S3Error;
}
