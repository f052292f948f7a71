import type { Kinto } from "./kinto.ts";
import type { KintoReply } from "./kinto_reply.ts";
import { type CollectionName, type KintoRecord, recordRequest } from "./kinto_request.ts";

/** Kinto's own default for the most requests of a batch; {@linkcode Kinto.batch} halves refused ones. */
const BATCH_SIZE = 25;

/** How {@linkcode RecordWriter} writes. */
export interface RecordWriterOptions {
  to: CollectionName;
  /** Records a batch. @default {25} */
  batchSize?: number;
}

interface Waiting {
  record: KintoRecord;
  settle: PromiseWithResolvers<KintoReply>;
}

/**
 * Creates records that come one by one, and tells each caller what became of its own. One batch is
 * under way at a time, and the next one takes what has come meanwhile.
 */
export class RecordWriter {
  readonly #kinto: Kinto;
  readonly #options: RecordWriterOptions;
  #waiting: Waiting[] = [];
  #isWriting = false;

  constructor(kinto: Kinto, options: RecordWriterOptions) {
    this.#kinto = kinto;
    this.#options = options;
  }

  /**
   * Creates a record, unless there is one with its id.
   *
   * @returns the server's answer: 201 created, 412 exists, others are refusals
   * @throws as {@linkcode Kinto.batch} does
   */
  create(record: KintoRecord): Promise<KintoReply> {
    const settle = Promise.withResolvers<KintoReply>();
    this.#waiting.push({ record, settle });
    if (!this.#isWriting) this.#write();
    return settle.promise;
  }

  async #write(): Promise<void> {
    const { to, batchSize = BATCH_SIZE } = this.#options;
    this.#isWriting = true;
    await undefined; // what the same turn brings goes into the same batch
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, batchSize);
      const requests = batch.map(({ record }) => recordRequest(to, record, { createOnly: true }));
      try {
        const replies = await this.#kinto.batch(requests);
        batch.forEach(({ settle }, at) => settle.resolve(replies[at]!));
      } catch (error) {
        for (const { settle } of batch) settle.reject(error);
      }
    }
    this.#isWriting = false;
  }
}
