/**
 * Waits for all of them, whatever becomes of the others.
 *
 * @throws {AggregateError} with every error, those of nested ones too
 */
export async function settleAll(promises: Iterable<Promise<unknown>>): Promise<void> {
  const errors = (await Promise.allSettled(promises)).flatMap((result) =>
    result.status === "rejected" ? errorsOf(result.reason) : []
  );
  if (errors.length > 0) throw new AggregateError(errors, `${errors.length} failed`);
}

/** The errors within an {@linkcode AggregateError}; of anything else, itself. */
export function errorsOf(error: unknown): unknown[] {
  return error instanceof AggregateError ? error.errors : [error];
}
