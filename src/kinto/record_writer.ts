import type { Kinto } from "./kinto.ts";
import type { KintoReply } from "./kinto_reply.ts";
import { type CollectionName, type KintoRecord, recordRequest } from "./kinto_request.ts";
import { whyUnstorable } from "./storable.ts";
import { UnstorableRecord } from "./unstorable_record.ts";

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
 * Creates records that arrive one by one, in batches, and returns to each caller the answer to its
 * own. One batch is in flight at a time; the next one takes what has arrived meanwhile.
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
   * Creates a record unless one with its id exists.
   *
   * @returns the server's answer: 201 created, 412 exists, others are refusals
   * @throws {UnstorableRecord} when Kinto couldn't store it: it isn't sent
   * @throws like {@linkcode Kinto.batch}
   */
  async create(record: KintoRecord): Promise<KintoReply> {
    const reason = whyUnstorable(record);
    if (reason !== undefined) throw new UnstorableRecord(record.id ?? "(no id)", reason);
    const settle = Promise.withResolvers<KintoReply>();
    this.#waiting.push({ record, settle });
    if (!this.#isWriting) this.#write();
    return await settle.promise;
  }

  async #write(): Promise<void> {
    const { to, batchSize = BATCH_SIZE } = this.#options;
    this.#isWriting = true;
    await undefined; // records from the same turn of the event loop share a batch
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
