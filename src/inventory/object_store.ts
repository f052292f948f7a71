import type {
  ListObjectsV2CommandInput,
  ListObjectsV2CommandOutput,
  S3Client,
  S3ClientConfig,
} from "@aws-sdk/client-s3";
import { BodyTooLarge, isBodyTooLarge } from "../errors/body_too_large.ts";
import { isUnreadableBody } from "../errors/unreadable_body.ts";
import { boundedText } from "../net/bounded_text.ts";
import { systemClock } from "../net/clock.ts";
import { USER_AGENT } from "../net/http.ts";
import { retryAfterMs } from "../net/retry_after.ts";
import { retrying, type RetryOptions } from "../net/retrying.ts";
import { type TimeLimit, TimeLimits } from "../net/time_limits.ts";
import { cappedWaitWarning } from "../net/wait_limit.ts";
import type { Log } from "../reporting/log.ts";
import { INVENTORY_BUCKET, INVENTORY_REGION } from "./inventories.ts";
import { limitAnswers } from "./limit_answers.ts";
import { chunksOf, type OpenObject } from "./open_object.ts";
import { isS3Error, S3Error } from "./s3_error.ts";

/** Which bucket, and how requests to it are made and retried. */
export interface ObjectStoreOptions
  extends Pick<RetryOptions, "retries" | "maxWaitMs" | "backoffMs" | "signal" | "clock"> {
  /** @default {INVENTORY_BUCKET} */
  bucket?: string;
  /** An S3 server other than Amazon's. */
  endpoint?: string;
  /** Whether the bucket is a part of the path instead of the host name. @default {false} */
  forcePathStyle?: boolean;
  /** The limit for an answer, and for each further chunk of a body. @default {300_000} */
  timeoutMs?: number;
  /**
   * Whether requests are signed with the credentials that the AWS client finds in its own environment
   * (`AWS_ACCESS_KEY_ID`, `AWS_PROFILE`, a role …), in the region that it finds there. Without any,
   * they aren't signed. @default {false}
   */
  usesCredentials?: boolean;
  /** Retries are logged and counted here. */
  log?: Log;
}

/** One answer of a listing. */
export type ListedPage = Pick<ListObjectsV2CommandOutput, "Contents" | "CommonPrefixes"> & {
  /** Whether more follows. */
  isTruncated: boolean;
};

const DEFAULT_TIMEOUT_MS = 300_000;

type Aws = typeof import("@aws-sdk/client-s3");

/** The options of a client that doesn't sign requests. */
const UNSIGNED: Pick<S3ClientConfig, "credentials" | "signer"> = {
  credentials: { accessKeyId: "", secretAccessKey: "" },
  signer: { sign: (request) => Promise.resolve(request) },
};

/** Pages of a listing: a page has up to 1,000 folders, and a day has one. */
const MAX_PAGES = 100;

/** A bucket. Unless told otherwise it's public: no credentials are looked for. */
export class ObjectStore implements Disposable {
  readonly #aws: Aws;
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #limits: TimeLimits;
  /** What it was opened with. */
  readonly options: ObjectStoreOptions;

  private constructor(aws: Aws, client: S3Client, options: ObjectStoreOptions) {
    this.#aws = aws;
    this.#client = client;
    this.#bucket = options.bucket ?? INVENTORY_BUCKET;
    this.#limits = new TimeLimits(options.timeoutMs ?? DEFAULT_TIMEOUT_MS, options);
    this.options = options;
  }

  /** Loads the AWS client, which takes a moment; sends nothing yet. */
  static async open(options: ObjectStoreOptions = {}): Promise<ObjectStore> {
    const { endpoint, forcePathStyle = false, usesCredentials = false } = options;
    const aws = await import("@aws-sdk/client-s3");
    const found = usesCredentials ? await foundIn(aws) : undefined;
    const client = new aws.S3Client({
      region: found?.region ?? INVENTORY_REGION,
      // Without credentials the client looks for some, and fails when there are none (its issue 2321).
      ...found?.hasCredentials ? {} : UNSIGNED,
      // Retries are made here: the client doesn't repeat what breaks within a body.
      maxAttempts: 1,
      // Pieces are checked against their manifest.
      responseChecksumValidation: "WHEN_REQUIRED",
      requestHandler: { connectionTimeout: 10_000 },
      customUserAgent: USER_AGENT.replace(/ .*/, ""),
      forcePathStyle,
      ...(endpoint && { endpoint }),
    });
    limitAnswers(client);
    return new ObjectStore(aws, client, options);
  }

  /** The same store, for work that another signal ends too. */
  until(signal: AbortSignal): ObjectStore {
    const signals = [signal, ...this.options.signal ? [this.options.signal] : []];
    const options = { ...this.options, signal: AbortSignal.any(signals) };
    return new ObjectStore(this.#aws, this.#client, options);
  }

  /** How messages name an object. */
  urlOf(key: string): string {
    return `s3://${this.#bucket}/${key}`;
  }

  /**
   * Repeats an attempt by the common retry policy.
   *
   * @param attempt is passed a function to call when it got further than any attempt before
   * @throws {S3Error} with the number of attempts; whatever else the last attempt threw
   */
  retrying<T>(attempt: (progressed: () => void) => Promise<T>, url: string): Promise<T> {
    const { log } = this.options;
    return retrying(
      async (progressed) => ({ value: await attempt(progressed) }),
      {
        ...this.options,
        onRetry({ waitMs, cause, error }) {
          log?.info(`Trying again in ${Math.round(waitMs)} ms: ${cause}`);
          log?.telemetry.retried("s3", error);
        },
        onWaitCapped: (wait) => log?.warning(cappedWaitWarning(url, wait)),
      },
      (error, attempts) => {
        if (isS3Error(error)) return error.after(attempts);
        return isUnreadableBody(error) ? error.at(url, attempts) : error;
      },
    );
  }

  /**
   * The names of the folders right under a prefix, each with its slash, page by page.
   *
   * @throws {S3Error}
   */
  async *folders(prefix: string): AsyncGenerator<string> {
    for await (const { CommonPrefixes = [] } of this.children(prefix)) {
      for (const { Prefix = "" } of CommonPrefixes) yield Prefix.slice(prefix.length);
    }
  }

  /**
   * What is right under a prefix, page by page: its objects, and its folders as `CommonPrefixes`.
   *
   * @throws {S3Error}
   */
  async *children(prefix: string): AsyncGenerator<ListedPage> {
    let token: string | undefined;
    const tokens = new Set<string | undefined>();
    const url = this.urlOf(prefix);
    for (let count = 1; count <= MAX_PAGES; count++) {
      const page = await this.retrying(
        () => this.#page({ Prefix: prefix, Delimiter: "/", ContinuationToken: token }),
        url,
      );
      yield page;
      if (!page.isTruncated) return;
      token = page.NextContinuationToken;
      if (tokens.has(token)) throw new S3Error(url, "a page of the listing leads to one before");
      tokens.add(token);
    }
    throw new S3Error(url, `the listing has more than ${MAX_PAGES} pages`);
  }

  /**
   * The objects under a prefix at any depth that come after a key, up to 1,000, in the order of their
   * keys' bytes.
   *
   * @throws {S3Error}
   */
  objectsAfter(prefix: string, startAfter: string): Promise<ListedPage> {
    return this.retrying(
      () => this.#page({ Prefix: prefix, StartAfter: startAfter }),
      this.urlOf(prefix),
    );
  }

  /**
   * A small object as text; undefined when there is none. One attempt.
   *
   * @throws {S3Error}
   * @throws {BodyTooLarge} when it has more than `maxBytes`
   */
  async text(key: string, maxBytes: number): Promise<string | undefined> {
    try {
      using object = await this.read(key);
      const { sizeBytes, chunks } = object;
      if (sizeBytes !== undefined && sizeBytes > maxBytes) throw new BodyTooLarge(maxBytes);
      let readBytes = 0;
      const counted = async function* () {
        for await (const chunk of chunks) {
          readBytes += chunk.length;
          yield chunk;
        }
      };
      const text = await boundedText(counted(), maxBytes);
      if (sizeBytes !== undefined && readBytes !== sizeBytes) {
        const reason = `the body ended after ${readBytes} of ${sizeBytes} bytes`;
        throw new S3Error(this.urlOf(key), reason, { isTransient: true });
      }
      return text;
    } catch (error) {
      if (isS3Error(error) && error.cause instanceof this.#aws.NoSuchKey) return undefined;
      throw error;
    }
  }

  /**
   * Opens an object, from a byte on. One attempt.
   *
   * @param from.etag only this version: another one is refused with status 412
   * @throws {S3Error}
   */
  async read(key: string, from: { startByte?: number; etag?: string } = {}): Promise<OpenObject> {
    const { startByte = 0, etag } = from;
    const command = new this.#aws.GetObjectCommand({
      Bucket: this.#bucket,
      Key: key,
      IfMatch: etag,
      Range: startByte > 0 ? `bytes=${startByte}-` : undefined,
    });
    const limit = this.#limits.begin();
    const errorFrom = (thrown: unknown) => {
      limit[Symbol.dispose]();
      return this.#errorFrom(key, thrown, limit);
    };
    const output = await this.#client.send(command, { abortSignal: limit.signal })
      .catch((thrown) => {
        throw errorFrom(thrown);
      });
    const body: ReadableStream<Uint8Array<ArrayBuffer>> = output.Body?.transformToWebStream() ??
      ReadableStream.from([]);
    const range = /^bytes (\d+)-\d+\/(\d+)$/.exec(output.ContentRange ?? "");
    return {
      startByte: Number(range?.[1] ?? 0),
      sizeBytes: range ? Number(range[2]) : output.ContentLength,
      etag: output.ETag,
      chunks: chunksOf(body, limit, errorFrom),
      [Symbol.dispose]() {
        limit[Symbol.dispose]();
        limit.abort(new DOMException("no longer needed", "AbortError"));
      },
    };
  }

  /** Closes the connections that are kept for the next request. */
  [Symbol.dispose](): void {
    this.#client.destroy();
  }

  async #page(input: Omit<ListObjectsV2CommandInput, "Bucket">) {
    const { Prefix = "" } = input;
    const command = new this.#aws.ListObjectsV2Command({ Bucket: this.#bucket, ...input });
    using limit = this.#limits.begin();
    const page = await this.#client.send(command, { abortSignal: limit.signal })
      .catch((thrown) => {
        throw this.#errorFrom(Prefix, thrown, limit);
      });
    const { IsTruncated: isTruncated = false } = page;
    // An error page with status 200 reads as a listing of nothing.
    const isListing = page.Name !== undefined &&
      (!isTruncated || page.NextContinuationToken !== undefined);
    if (isListing) return { ...page, isTruncated };
    throw new S3Error(this.urlOf(Prefix), "the answer is not a listing", { isTransient: true });
  }

  /** Names the timeout when there was one: what is thrown then only says "aborted". */
  #errorFrom(key: string, thrown: unknown, { signal }: TimeLimit): S3Error {
    if (isBodyTooLarge(thrown)) return new S3Error(this.urlOf(key), thrown.reason);
    const { $response } = Object(thrown) as { $response?: { headers?: Record<string, string> } };
    const retryAfter = $response?.headers?.["retry-after"];
    const headers = new Headers(retryAfter === undefined ? [] : [["retry-after", retryAfter]]);
    const { clock = systemClock } = this.options;
    const cause = signal.aborted ? signal.reason : thrown;
    return S3Error.from(this.urlOf(key), cause, retryAfterMs(headers, clock.now()));
  }
}

/** What the AWS client finds in its own environment. */
async function foundIn(aws: Aws): Promise<{ region?: string; hasCredentials: boolean }> {
  const client = new aws.S3Client({});
  try {
    return {
      region: await client.config.region().catch(() => undefined),
      hasCredentials: await client.config.credentials().then(() => true, () => false),
    };
  } finally {
    client.destroy();
  }
}
