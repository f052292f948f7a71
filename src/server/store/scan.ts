import type { SQLInputValue } from "node:sqlite";
import type { Database } from "./database.ts";
import type { List } from "./lists.ts";
import { conditionOf, type Selection } from "./selection.ts";
import { comparison, isIndexed } from "./sql.ts";
import { BY_CHANGE } from "./tables.ts";
import { SLICE_MS } from "./time_slice.ts";
import type { Work } from "./work.ts";

/** Objects read in the first slice; the next ones are as long as the clock allows. */
const FIRST_SLICE = 100;
const MAX_SLICE = 5000;

/** The SQL for a match whose keys aren't needed. */
const NO_KEYS = "'[]'";

/** A matching object: its values of the order's fields, and its number. */
interface Match {
  seq: number;
  keys: (string | number)[];
}

/**
 * Counts the matching objects of a list, one after the other, in slices. What is written in the
 * meantime may be counted or not.
 */
export function* scanCount(db: Database, list: List, selection: Selection): Work<number> {
  let count = 0;
  for (const matches of slices(db, list, selection, -1, NO_KEYS, [])) {
    count += matches.length;
    yield "scan";
  }
  return count;
}

/**
 * Finds the first matching objects of a list in an order that no index has, in slices.
 *
 * @returns their numbers, in order, up to `selection.limit`
 */
export function* scanFirst(db: Database, list: List, selection: Selection): Work<number[]> {
  const { sort, limit } = selection;
  const columns = sort.map(({ field }) => comparison(field));
  const isInOrder = sort.length === 1 && sort[0]?.field === "last_modified";
  const directions = [...sort.map(({ direction }) => direction), sort.at(-1)?.direction ?? -1];
  const inOrder = (a: Match, b: Match) => compareMatches(a, b, directions);
  const walk = isInOrder ? directions[0]! : -1;
  const keys = isInOrder ? NO_KEYS : `json_array(${columns.map(({ sql }) => sql).join(", ")})`;
  const params = isInOrder ? [] : columns.flatMap(({ params }) => params);
  let first: Match[] = [];
  for (const matches of slices(db, list, selection, walk, keys, params)) {
    for (const match of matches) first.push(match);
    if (isInOrder && first.length >= limit) break;
    if (!isInOrder && first.length >= 2 * limit) first = first.sort(inOrder).slice(0, limit);
    yield "scan";
  }
  if (!isInOrder) first.sort(inOrder);
  return first.slice(0, limit).map(({ seq }) => seq);
}

/** The matching objects, those of one slice at a time, in the order of their changes. */
function* slices(
  db: Database,
  list: List,
  selection: Selection,
  direction: 1 | -1,
  keys: string,
  keyParams: SQLInputValue[],
): Generator<Match[]> {
  const matches = conditionOf(list.key, selection);
  const equal = selection.filters.find(({ field, operator }) =>
    operator === "=" && isIndexed(field)
  );
  const same = equal && comparison(equal.field).compare("=", equal.value);
  const [index, only] = equal && same ? [`by ${equal.field}`, `AND ${same.sql}`] : [BY_CHANGE, ""];
  const order = direction < 0 ? "DESC" : "ASC";
  const sqlOf = (size: number) =>
    `SELECT seq, last_modified, CASE WHEN ${matches.sql} THEN ${keys} END
     FROM objects INDEXED BY "${index}"
     WHERE list = ? ${only} AND (last_modified, seq) ${direction < 0 ? "<" : ">"} (?, ?)
       AND last_modified <= ?
     ORDER BY last_modified ${order}, seq ${order} LIMIT ${size}`;
  const params = [...matches.params, ...keyParams, list.key, ...same?.params ?? []];
  // An object that is changed in the meantime moves to the end: it isn't found again there.
  const newest = list.timestamp;
  let position = direction < 0 ? [newest + 1, 0] : [-(2 ** 53), 0];
  const { after, sort } = selection;
  const last = after?.values.last_modified;
  if (typeof last === "number" && sort.length === 1 && sort[0]?.field === "last_modified") {
    // Those with the same timestamp are told apart by the condition.
    position = [last - direction, 0];
  }
  for (let size = FIRST_SLICE;;) {
    const began = db.slice.now();
    const read = () =>
      db.rows<[number, number, string | null]>(sqlOf(size), [...params, ...position, newest]);
    // Large objects may take so long that not all fit into a slice. A single one must.
    const rows = size > 1 ? db.slice.attempt(read) : read();
    if (rows === undefined) {
      size = Math.max(1, Math.floor(size / 4));
      continue;
    }
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows.flatMap(([seq, , keys]) =>
      keys === null ? [] : [{ seq, keys: keys === "[]" ? [] : JSON.parse(keys) }]
    );
    if (rows.length < size) return;
    position = [last[1], last[0]];
    size = nextSize(size, db.slice.now() - began);
  }
}

/** A power of two, so that there are few different statements. */
function nextSize(size: number, tookMs: number): number {
  if (tookMs > SLICE_MS / 2) return Math.max(1, Math.floor(size / 2));
  return tookMs < SLICE_MS / 5 ? Math.min(MAX_SLICE, size * 2) : size;
}

function compareMatches(a: Match, b: Match, directions: readonly number[]): number {
  for (const [i, key] of a.keys.entries()) {
    const other = b.keys[i]!;
    if (key !== other) return directions[i]! * (isBefore(key, other) ? -1 : 1);
  }
  return directions.at(-1)! * (a.seq - b.seq);
}

/** Whether a key is before another one, in SQLite's order: that of UTF-8, by code points. */
function isBefore(a: string | number, b: string | number): boolean {
  if (typeof a === "number" || typeof b === "number") return a < b;
  let i = 0;
  while (i < a.length && a.charCodeAt(i) === b.charCodeAt(i)) i++;
  if (i === a.length || i === b.length) return a.length < b.length;
  return rank(a.charCodeAt(i)) < rank(b.charCodeAt(i));
}

/** Surrogates belong behind all other characters of UTF-16. */
function rank(unit: number): number {
  return unit >= 0xe000 ? unit - 0x800 : unit >= 0xd800 ? unit + 0x2000 : unit;
}
