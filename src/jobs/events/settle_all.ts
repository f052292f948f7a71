/**
 * Waits until all promises are settled.
 *
 * @throws {AggregateError} with every error; those of nested ones are flattened
 */
export async function settleAll(promises: Iterable<Promise<unknown>>): Promise<void> {
  const errors = (await Promise.allSettled(promises)).flatMap((result) =>
    result.status === "rejected" ? errorsOf(result.reason) : []
  );
  if (errors.length > 0) throw new AggregateError(errors, `${errors.length} failed`);
}

/** The errors in an {@linkcode AggregateError}; anything else is an error itself. */
export function errorsOf(error: unknown): unknown[] {
  return error instanceof AggregateError ? error.errors : [error];
}
