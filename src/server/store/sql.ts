import type { SQLInputValue } from "node:sqlite";
import { sortKey } from "./sort_key.ts";

/** The fields that catalogues query: each has a column with its sort key, and an index. */
export const INDEXED_FIELDS = [
  "build.id",
  "source.revision",
  "source.product",
  "target.version",
  "target.channel",
  "target.platform",
  "target.locale",
  "download.date",
] as const;

/** Whether a field has an index. */
export function isIndexed(field: string): boolean {
  return (INDEXED_FIELDS as readonly string[]).includes(field);
}

/** One condition on a field of the objects. `undefined` is the value of a missing field. */
export interface Filter {
  field: string;
  operator: "=" | "!=" | "<" | "<=" | ">" | ">=" | "in" | "exclude" | "like" | "has";
  /** A JSON value; for `in` and `exclude` an array of them, for `has` a boolean. */
  value: unknown;
}

/** One field of a sort order: 1 ascending, -1 descending. */
export interface Sort {
  field: string;
  direction: 1 | -1;
}

/** A piece of SQL with the values of its parameters. */
export interface Comparison {
  sql: string;
  params: SQLInputValue[];
}

/** How a field is compared in SQL. Values are always parameters. */
export interface Column extends Comparison {
  compare(operator: "=" | "!=" | "<" | "<=" | ">" | ">=", value: unknown): Comparison;
  filter(filter: Filter): Comparison;
}

const ALWAYS: Comparison = { sql: "1", params: [] };
const NEVER: Comparison = { sql: "0", params: [] };

/**
 * The column of a field, or an expression that reads it from the object's JSON.
 *
 * `id` and `last_modified` are columns with plain values: with values of another type they are
 * compared by the order of types. All other fields are compared by their {@linkcode sortKey}.
 */
export function comparison(field: string): Column {
  const plainType = field === "id" ? "string" : field === "last_modified" ? "number" : undefined;
  const isColumn = plainType !== undefined || isIndexed(field);
  const column: Comparison = isColumn
    ? { sql: `"${field}"`, params: [] }
    : { sql: "sort_key(data, ?)", params: [field] };

  const parameter = (value: unknown): string | number | undefined => {
    if (plainType === undefined) return sortKey(value);
    if (field === "id" && typeof value === "number") return String(value);
    const isPlain = plainType === "string" ? typeof value === "string" : typeof value === "number";
    return isPlain ? value as string | number : undefined;
  };
  const compare: Column["compare"] = (operator, value) => {
    const right = parameter(value);
    if (right !== undefined) {
      return { sql: `${column.sql} ${operator} ?`, params: [...column.params, right] };
    }
    const isSmaller = sortKey(plainType === "string" ? "" : 0) < sortKey(value);
    return operator === "!=" || operator.startsWith(isSmaller ? "<" : ">") ? ALWAYS : NEVER;
  };
  const among = (values: unknown[]): Comparison => ({
    sql: `${column.sql} IN (SELECT value FROM json_each(?))`,
    params: [
      ...column.params,
      JSON.stringify(values.map(parameter).filter((value) => value !== undefined)),
    ],
  });
  return {
    ...column,
    compare,
    filter({ operator, value }) {
      switch (operator) {
        case "in":
          return among(value as unknown[]);
        case "exclude": {
          const { sql, params } = among(value as unknown[]);
          return { sql: `NOT ${sql}`, params };
        }
        case "like":
          if (plainType === "number") return NEVER;
          return {
            sql: `${column.sql} LIKE ? ESCAPE '\\'`,
            params: [...column.params, (plainType ? "" : sortKey("")) + likePattern(String(value))],
          };
        case "has":
          if (plainType !== undefined) return value ? ALWAYS : NEVER;
          return compare(value ? "!=" : "=", undefined);
        default:
          return compare(operator, value);
      }
    },
  };
}

/** Stars are wildcards; without any, the text may be anywhere. */
function likePattern(text: string): string {
  const starred = text.includes("*") ? text : `*${text}*`;
  return starred.replace(/[\\%_]/g, "\\$&").replace(/\*+/g, "%");
}
