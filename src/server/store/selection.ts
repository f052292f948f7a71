import type { SQLInputValue } from "node:sqlite";
import type { JsonObject } from "../../net/json.ts";
import { type Comparison, comparison, type Filter, isIndexed, type Sort } from "./sql.ts";

/** A query on a list. */
export interface Selection {
  filters: readonly Filter[];
  sort: readonly Sort[];
  /** Where the previous page ended: the last object's values of the sort fields, and its `seq`. */
  after?: { values: JsonObject; seq?: number };
  limit: number;
  /** Whether tombstones are included. */
  includeDeleted: boolean;
}

/** The SQL condition for the matching objects of a list, by its key. */
export function where(
  list: number,
  filters: readonly Filter[],
  includeDeleted = false,
): Comparison {
  // Tombstones have no fields, so an equal value excludes them, and the index alone suffices.
  const isLive = filters.some(({ field, operator, value }) =>
    operator === "=" && isIndexed(field) && value !== undefined
  );
  return and([
    { sql: "list = ?", params: [list] },
    ...includeDeleted || isLive ? [] : [{ sql: "deleted = 0", params: [] }],
    ...filters.map((filter) => comparison(filter.field).filter(filter)),
  ]);
}

/** The SQL condition for all objects of a selection, those after the previous page included. */
export function conditionOf(list: number, selection: Selection): Comparison {
  const { filters, sort, after, includeDeleted } = selection;
  const base = where(list, filters, includeDeleted);
  if (after === undefined) return base;
  const following = rules(sort, after, sort.at(-1)?.direction ?? -1);
  return and([base, {
    sql: `(${following.map(({ sql }) => sql).join(" OR ")})`,
    params: following.flatMap(({ params }) => params),
  }]);
}

/**
 * Whether the time of a query depends on how many objects there are, not on how many match: then it
 * calls `pace()` with each row, and is interrupted at the end of a slice.
 */
function isPaced(filters: readonly Filter[], sort: readonly Sort[]): boolean {
  return filters.some(({ field, operator }) =>
    /^(like|in|exclude|has|!=)$/.test(operator) && field !== "id"
  ) || sort.length > 2;
}

/** A query without its columns and its `LIMIT`. */
export interface Query {
  select: (columns: string) => string;
  params: SQLInputValue[];
}

/**
 * The queries that read the matching objects, to be run one after the other. Their order is total, so
 * that it's defined which objects follow another.
 */
export function queriesOf(
  list: number,
  index: string,
  { filters, sort, after, includeDeleted }: Selection,
): Query[] {
  const base = paced(where(list, filters, includeDeleted), filters, sort);
  const last = sort.at(-1)?.direction ?? -1;
  const order = sort.map(({ field, direction }) => ({ ...comparison(field), direction }));
  const orderBy = [...order, { sql: "seq", direction: last }]
    .map(({ sql, direction }) => `${sql} ${direction < 0 ? "DESC" : "ASC"}`).join(", ");
  return (after ? rules(sort, after, last) : [undefined]).map((rule) => {
    const { sql, params } = rule ? and([base, rule]) : base;
    return {
      select: (columns) =>
        `SELECT ${columns} FROM objects INDEXED BY "${index}" WHERE ${sql} ORDER BY ${orderBy}`,
      params: [...params, ...order.flatMap((term) => term.params)],
    };
  });
}

/**
 * Conditions for the objects that follow another one, in order, one per query: first those that share
 * all fields but the last with it, and so on. Each is a range of an index, so that page 1,000 costs
 * as much as page 1.
 */
function rules(
  sort: readonly Sort[],
  { values, seq }: { values: JsonObject; seq?: number },
  last: number,
): Comparison[] {
  const terms = sort.map(({ field, direction }) => ({
    column: comparison(field),
    operator: direction < 0 ? "<" as const : ">" as const,
    value: Object.hasOwn(values, field) ? values[field] : undefined,
  }));
  const same = terms.map(({ column, value }) => column.compare("=", value));
  const all: Comparison[] = terms.map(({ column, operator, value }, index) =>
    and([...same.slice(0, index), column.compare(operator, value)])
  );
  if (seq !== undefined) {
    all.push(and([...same, { sql: `seq ${last < 0 ? "<" : ">"} ?`, params: [seq] }]));
  }
  return all.reverse();
}

/** A condition that can be interrupted, where that may be necessary. */
export function paced(
  { sql, params }: Comparison,
  filters: readonly Filter[],
  sort: readonly Sort[],
): Comparison {
  return { sql: isPaced(filters, sort) ? `${sql} AND pace()` : sql, params };
}

function and(conditions: Comparison[]): Comparison {
  return {
    sql: conditions.map(({ sql }) => sql).join(" AND "),
    params: conditions.flatMap(({ params }) => params),
  };
}
