import type { Mapping } from "./mapping.ts";
import { type NumberRange, numberRange } from "./number_values.ts";
import type { Query } from "./query.ts";

/** What a query is rewritten by. */
export interface RewriteContext {
  mapping: Mapping;
  nowMs: number;
  /** The least and the greatest number of a field, when it has any. */
  boundsOf(field: string): NumberRange | undefined;
}

/**
 * Replaces what can't match, as Elasticsearch does before it looks at values: what stands beside it
 * in a `bool` isn't looked at any more, so that its wrong values are no error.
 *
 * @throws {DslError} when a bound of a range of dates can't be read
 */
export function rewriteQuery(query: Query, context: RewriteContext): Query {
  // As a node of Elasticsearch first does for itself, and then where the records are.
  return rewrite(rewrite(query, undefined), context);
}

function rewrite(query: Query, context: RewriteContext | undefined): Query {
  const { boost } = query;
  const each = (queries: Query[]) => queries.map((one) => rewrite(one, context));
  switch (query.kind) {
    case "range":
      return context !== undefined && isDisjoint(query, context)
        ? { kind: "match_none", boost }
        : query;
    case "constant_score": {
      const filter = rewrite(query.filter, context);
      return filter.kind === "match_none" ? filter : { ...query, filter };
    }
    case "bool": {
      const [must, filter] = [each(query.must), each(query.filter)];
      const [should, mustNot] = [each(query.should), each(query.mustNot)];
      const isNone = [...must, ...filter].some(({ kind }) => kind === "match_none");
      return isNone ? { kind: "match_none", boost } : { ...query, must, filter, should, mustNot };
    }
    default:
      return query;
  }
}

/** Whether no record can have a number of the range; known of dates and unknown fields only. */
function isDisjoint(query: Query & { kind: "range" }, context: RewriteContext): boolean {
  const type = context.mapping.get(query.field);
  if (type === undefined) return !query.field.startsWith("_");
  if (type.kind !== "date") return false;
  const { format, offsetMs } = query;
  const range = numberRange(query, type, { nowMs: context.nowMs, format, offsetMs });
  const bounds = context.boundsOf(query.field);
  return bounds === undefined || bounds.max < range.min || bounds.min > range.max;
}

/** The fields of dates of which a request has ranges. */
export function dateRangeFields(request: unknown, mapping: Mapping): Set<string> {
  const fields = new Set<string>();
  const visit = (value: unknown) => {
    if (typeof value !== "object" || value === null) return;
    if (value instanceof Map) return value.forEach(visit);
    const { kind, field } = value as { kind?: unknown; field?: unknown };
    const isRange = kind === "range" && typeof field === "string";
    if (isRange && mapping.get(field)?.kind === "date") fields.add(field);
    Object.values(value).forEach(visit);
  };
  visit(request);
  return fields;
}
