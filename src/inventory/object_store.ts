import type { S3Client } from "@aws-sdk/client-s3";
import { retryAfterMs, USER_AGENT } from "../net/http.ts";
import { INVENTORY_BUCKET, INVENTORY_REGION } from "./inventories.ts";
import { Patience } from "./patience.ts";
import { retrying, type RetryOptions } from "./retrying.ts";
import { S3Error } from "./s3_error.ts";

/** Where objects come from, and how patient their reader is. */
export interface ObjectStoreOptions extends RetryOptions {
  /** @default {INVENTORY_BUCKET} */
  bucket?: string;
  /** An S3 server other than Amazon's. */
  endpoint?: string;
  /** Whether the bucket is a part of the path instead of the host name. @default {false} */
  forcePathStyle?: boolean;
  /** How long a request may take, or a body may stand still. @default {300_000} */
  timeoutMs?: number;
}

/** One object, opened. Disposing of it drops what wasn't read. */
export interface OpenObject extends Disposable {
  /** Where in the object `chunks` begin: the asked start, or 0 when the server ignored it. */
  startByte: number;
  /** Of the whole object; unknown when the server doesn't tell. */
  sizeBytes?: number;
  /** Names this version of the object. */
  etag?: string;
  /** @throws {S3Error} when the connection breaks. A body may also just end too early */
  chunks: AsyncIterable<Uint8Array<ArrayBuffer>>;
}

const DEFAULT_TIMEOUT_MS = 300_000;

type Aws = typeof import("@aws-sdk/client-s3");

/** A bucket that anyone may read: requests are not signed, no credentials are looked for. */
export class ObjectStore implements Disposable {
  readonly #aws: Aws;
  readonly #client: S3Client;
  readonly #bucket: string;
  /** How patient its readers are. */
  readonly options: ObjectStoreOptions;

  private constructor(aws: Aws, client: S3Client, options: ObjectStoreOptions) {
    this.#aws = aws;
    this.#client = client;
    this.#bucket = options.bucket ?? INVENTORY_BUCKET;
    this.options = options;
  }

  /** Loads the AWS client, which takes a moment; sends nothing yet. */
  static async open(options: ObjectStoreOptions = {}): Promise<ObjectStore> {
    const { endpoint, forcePathStyle = false } = options;
    const aws = await import("@aws-sdk/client-s3");
    const client = new aws.S3Client({
      region: INVENTORY_REGION,
      // Without credentials the client looks for some, and fails when there are none (its issue 2321).
      credentials: { accessKeyId: "", secretAccessKey: "" },
      signer: { sign: (request) => Promise.resolve(request) },
      // Attempts are counted here: the client doesn't repeat what breaks within a body.
      maxAttempts: 1,
      // Pieces are checked against their manifest.
      responseChecksumValidation: "WHEN_REQUIRED",
      requestHandler: { connectionTimeout: 10_000 },
      customUserAgent: USER_AGENT.replace(/ .*/, ""),
      forcePathStyle,
      ...(endpoint && { endpoint }),
    });
    return new ObjectStore(aws, client, options);
  }

  /** The same store, for work that also ends with another signal. */
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
   * The names of the folders right under a prefix, each with its slash, page by page.
   *
   * @throws {S3Error}
   */
  async *folders(prefix: string): AsyncGenerator<string> {
    let token: string | undefined;
    do {
      const page = await retrying(() => this.#page(prefix, token), this.options);
      for (const { Prefix = "" } of page.CommonPrefixes ?? []) yield Prefix.slice(prefix.length);
      token = page.IsTruncated ? page.NextContinuationToken : undefined;
    } while (token !== undefined);
  }

  /**
   * A small object as text; undefined when there is none. One attempt.
   *
   * @throws {S3Error}
   */
  async text(key: string): Promise<string | undefined> {
    try {
      using object = await this.read(key);
      const { sizeBytes, chunks } = object;
      const bytes = new Uint8Array(await new Response(ReadableStream.from(chunks)).arrayBuffer());
      if (sizeBytes !== undefined && bytes.length !== sizeBytes) {
        const reason = `the body ended after ${bytes.length} of ${sizeBytes} bytes`;
        throw new S3Error(this.urlOf(key), reason, { transient: true });
      }
      return new TextDecoder().decode(bytes);
    } catch (error) {
      if (error instanceof S3Error && error.cause instanceof this.#aws.NoSuchKey) return undefined;
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
    const patience = this.#patience();
    const errorFrom = (thrown: unknown) => this.#errorFrom(key, patience.causeOf(thrown));
    try {
      const command = new this.#aws.GetObjectCommand({
        Bucket: this.#bucket,
        Key: key,
        IfMatch: etag,
        Range: startByte > 0 ? `bytes=${startByte}-` : undefined,
      });
      const output = await this.#client.send(command, { abortSignal: patience.signal });
      const body: ReadableStream<Uint8Array<ArrayBuffer>> = output.Body?.transformToWebStream() ??
        ReadableStream.from([]);
      const range = /^bytes (\d+)-\d+\/(\d+)$/.exec(output.ContentRange ?? "");
      return {
        startByte: Number(range?.[1] ?? 0),
        sizeBytes: range ? Number(range[2]) : output.ContentLength,
        etag: output.ETag,
        chunks: chunksOf(body, patience, errorFrom),
        [Symbol.dispose]: () => patience[Symbol.dispose](),
      };
    } catch (error) {
      const failure = errorFrom(error);
      patience[Symbol.dispose]();
      throw failure;
    }
  }

  /** Closes the connections that are kept for the next request. */
  [Symbol.dispose](): void {
    this.#client.destroy();
  }

  async #page(prefix: string, token: string | undefined) {
    using patience = this.#patience();
    try {
      const command = new this.#aws.ListObjectsV2Command({
        Bucket: this.#bucket,
        Prefix: prefix,
        Delimiter: "/",
        ContinuationToken: token,
      });
      const page = await this.#client.send(command, { abortSignal: patience.signal });
      // An error page with status 200 reads as a listing of nothing.
      const isListing = page.Name !== undefined &&
        (!page.IsTruncated || page.NextContinuationToken !== undefined);
      if (isListing) return page;
    } catch (error) {
      throw this.#errorFrom(prefix, patience.causeOf(error));
    }
    throw new S3Error(this.urlOf(prefix), "the answer is no listing", { transient: true });
  }

  #patience(): Patience {
    return new Patience(this.options.timeoutMs ?? DEFAULT_TIMEOUT_MS, this.options.signal);
  }

  #errorFrom(key: string, thrown: unknown): S3Error {
    const { $response } = thrown as { $response?: { headers?: Record<string, string> } };
    const retryAfter = $response?.headers?.["retry-after"];
    const headers = new Headers(retryAfter === undefined ? [] : [["retry-after", retryAfter]]);
    return S3Error.from(this.urlOf(key), thrown, retryAfterMs(headers));
  }
}

async function* chunksOf(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  patience: Patience,
  errorFrom: (thrown: unknown) => S3Error,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  try {
    const { signal } = patience;
    for await (const chunk of body.pipeThrough(new TransformStream(), { signal })) {
      patience.renew();
      yield chunk;
    }
  } catch (cause) {
    throw errorFrom(new Error("the connection broke within the body", { cause }));
  }
}
