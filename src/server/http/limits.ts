/**
 * What one request may ask for at most. Everything that a client can multiply belongs here.
 *
 * The limits of pages and batches that an operator may lower are settings (`PAGINATE_BY`,
 * `BATCH_MAX_REQUESTS`).
 */
export const LIMITS = {
  /** Characters of a path with its query. Percent-encoded text has one byte per character. */
  targetLength: 8192,
  /** Parameters of a query string; one that is repeated counts each time. */
  parameters: 100,
  /** Filters of a list. */
  filters: 20,
  /** Fields in `_sort`. */
  sortFields: 5,
  /** Fields in `_fields`. */
  fields: 50,
  /** Characters of a field's name, and its parts between dots. */
  fieldLength: 256,
  fieldParts: 20,
  /** Bytes of a body; a batch of some thousand records is smaller. */
  bodyBytes: 16 * 1024 * 1024,
  /** Arrays and objects within each other in a body. */
  jsonDepth: 100,
  /** Values in a body: a batch of 10,000 records has some 400,000. */
  jsonValues: 500_000,
  /** Requests in a batch, whatever the setting. */
  batchParts: 10_000,
  /** Characters of the headers of one request in a batch, names included. */
  partHeaderLength: 8192,
  /** Characters of a value that an error message quotes. */
  quotedLength: 10_000,
  /** Characters of all answers in a batch. */
  batchAnswerLength: 64 * 1024 * 1024,
  /** The same in one transaction, which holds up others. */
  transactionAnswerLength: 16 * 1024 * 1024,
  /** How long one request may work before others have their turn, in milliseconds. */
  turnMs: 20,
  /** Slices of scans in one transaction: nothing else is answered in the meantime. */
  slicesInTransaction: 25,
  /** Objects in a page, whatever `_limit` says. */
  pageObjects: 10_000,
  /** How long the `_token` of a paginated deletion is valid, in milliseconds. */
  deletionTokenMs: 10 * 60 * 1000,
} as const;
