import type { S3Client } from "@aws-sdk/client-s3";
import { Readable } from "node:stream";
import { bounded } from "../net/bounded_text.ts";

/**
 * The largest answer that the AWS client may hold: a listing of 1,000 keys of 1,024 bytes, each byte
 * written as `&quot;`, has 6 MB.
 */
const MAX_ANSWER_BYTES = 16 * 2 ** 20;

/**
 * Limits the answers that an AWS client reads as a whole, such as listings and errors; objects are
 * streams, and pass.
 *
 * What is larger fails with {@linkcode BodyTooLarge}.
 */
export function limitAnswers(client: S3Client): void {
  client.middlewareStack.add(
    (next, { commandName }) => async (args) => {
      const result = await next(args);
      const response = result.response as { statusCode: number; body: AsyncIterable<Uint8Array> };
      const isObject = commandName === "GetObjectCommand" && response.statusCode < 300;
      if (!isObject) response.body = Readable.from(bounded(response.body, MAX_ANSWER_BYTES));
      return result;
    },
    { step: "deserialize", priority: "low", name: "limitAnswers" },
  );
}
