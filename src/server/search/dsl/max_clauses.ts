import { DslError } from "./dsl_error.ts";

/** Elasticsearch's `indices.query.bool.max_clause_count`. */
export const MAX_CLAUSES = 1024;

/** More clauses in one `bool` than are allowed. */
export function tooManyClauses(): DslError {
  return new DslError("too_many_clauses", `maxClauseCount is set to ${MAX_CLAUSES}`);
}
