/**
 * A search request that can't be answered: malformed, beyond a limit, or with something that isn't
 * supported. The endpoint answers 400.
 */
export class DslError extends Error {
  override name = "DslError";
  readonly status = 400;

  /**
   * @param type Elasticsearch's name of the kind of error, such as `parsing_exception`
   * @param reason what is wrong; names the part of the request
   */
  constructor(readonly type: DslErrorType, readonly reason: string) {
    super(reason);
  }
}

/** Elasticsearch's names of what can be wrong with a request. */
export type DslErrorType =
  | "json_parse_exception"
  | "parsing_exception"
  | "illegal_argument_exception"
  | "number_format_exception"
  | "parse_exception"
  | "query_shard_exception"
  | "query_phase_execution_exception"
  | "aggregation_execution_exception"
  | "named_object_not_found_exception"
  | "too_many_clauses"
  | "too_complex_to_determinize_exception"
  | "too_many_buckets_exception";

/** A request that isn't of the expected form. */
export function parsingError(reason: string): DslError {
  return new DslError("parsing_exception", reason);
}

/** A value that isn't allowed. */
export function illegalArgument(reason: string): DslError {
  return new DslError("illegal_argument_exception", reason);
}

/** Something that Elasticsearch supports and this server doesn't. */
export function unsupported(what: string): DslError {
  return parsingError(`${what} is not supported`);
}
