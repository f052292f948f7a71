import type { TimeLimit } from "../net/time_limits.ts";
import type { S3Error } from "./s3_error.ts";

/** An open object. Disposing of it drops what wasn't read. */
export interface OpenObject extends Disposable {
  /** Where in the object `chunks` begin: the requested start, or 0 when the server ignored it. */
  startByte: number;
  /** Of the whole object; undefined when the server doesn't say. */
  sizeBytes?: number;
  /** Names this version of the object. */
  etag?: string;
  /** @throws {S3Error} when the connection breaks. A body may also just end too early */
  chunks: AsyncIterable<Uint8Array<ArrayBuffer>>;
}

/**
 * The chunks of a body; each one restarts the time limit.
 *
 * @param errorFrom the error to throw when the connection breaks
 */
export async function* chunksOf(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  limit: TimeLimit,
  errorFrom: (thrown: unknown) => S3Error,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  try {
    const { signal } = limit;
    for await (const chunk of body.pipeThrough(new TransformStream(), { signal })) {
      limit.renew();
      yield chunk;
    }
  } catch (cause) {
    throw errorFrom(new Error("the connection broke within the body", { cause }));
  }
}
