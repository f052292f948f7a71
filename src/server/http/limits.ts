/**
 * What one request may ask for at most. Everything that a client can multiply belongs here.
 *
 * The limits of pages and batches that an operator may lower are settings (`PAGINATE_BY`,
 * `BATCH_MAX_REQUESTS`).
 */
export const LIMITS = {
  /** Bytes of a body; a batch of some thousand records is smaller. */
  bodyBytes: 16 * 1024 * 1024,
  /** Objects in a page, whatever `_limit` says. */
  pageObjects: 10_000,
  /** How long the `_token` of a paginated deletion is valid, in milliseconds. */
  deletionTokenMs: 10 * 60 * 1000,
} as const;
