import type { Database } from "./database.ts";
import { IndexChoice } from "./index_choice.ts";
import type { List } from "./lists.ts";
import { scanCount, scanFirst } from "./scan.ts";
import { paced, queriesOf, type Query, type Selection, where } from "./selection.ts";
import type { Filter } from "./sql.ts";
import { BY_CHANGE } from "./tables.ts";
import type { Work } from "./work.ts";

/** An object in a list: its number, in order of creation, and its JSON. */
export type Row = [seq: number, data: string];

/** A page of a list. */
export interface Page {
  rows: Row[];
  /** Whether more objects follow. */
  hasNext: boolean;
}

/**
 * What was written together mostly lies together: a long page in the order of changes is then read
 * in one walk through the table, faster than by a search for each row.
 */
const [LONG_PAGE, DENSE] = [100, 1.25];

/** Finds the objects of a list that match filters. */
export class Pages {
  readonly #db: Database;
  readonly #index: IndexChoice;

  constructor(db: Database) {
    this.#db = db;
    this.#index = new IndexChoice((list, field, key, limit) => {
      const row = db.prepare(
        `SELECT count(*) AS n FROM (SELECT 1 FROM objects WHERE list = ? AND "${field}" = ? LIMIT ${limit})`,
      ).get(list, key);
      return Number(row?.n);
    });
  }

  /** The number of matching objects. */
  *count(list: List, filters: readonly Filter[]): Work<number> {
    if (filters.length === 0) return list.count;
    const count = this.#db.slice.attempt(() => {
      const { sql, params } = paced(where(list.key, filters), filters, []);
      const index = this.#index.of(list.key, filters, []);
      const row = this.#db.prepare(
        `SELECT count(*) AS n FROM objects INDEXED BY "${index}" WHERE ${sql}`,
      ).get(...params);
      return Number(row?.n);
    });
    if (count !== undefined) return count;
    yield "scan";
    const selection = { filters, sort: [], limit: 0, includeDeleted: false };
    return yield* scanCount(this.#db, list, selection);
  }

  /** The matching objects, in order: those after the given one, up to the limit. */
  *page(list: List, selection: Selection): Work<Page> {
    const page = this.#db.slice.attempt(() => this.#indexed(list, selection));
    if (page !== undefined) return page;
    yield "scan";
    const { limit, includeDeleted } = selection;
    // One object beyond the limit shows whether more follow.
    const found = yield* scanFirst(this.#db, list, { ...selection, limit: limit + 1 });
    const rows = this.#db.prepareArrays(
      `SELECT seq, data FROM json_each(?) AS wanted JOIN objects ON seq = wanted.value
       ${includeDeleted ? "" : "WHERE deleted = 0"} ORDER BY wanted.key`,
    ).all(JSON.stringify(found.slice(0, limit))) as unknown as Row[];
    return { rows, hasNext: found.length > limit };
  }

  /** The page, by the queries that an index answers best. */
  #indexed(list: List, selection: Selection): Page {
    const { filters, sort, limit } = selection;
    const index = this.#index.of(list.key, filters, sort);
    let rows: Row[] = [];
    for (const query of queriesOf(list.key, index, selection)) {
      // One row beyond the limit shows whether more follow.
      const wanted = limit + 1 - rows.length;
      if (wanted === 0) break;
      rows = rows.concat(this.#rows(query, wanted, index));
    }
    return { rows: rows.slice(0, limit), hasNext: rows.length > limit };
  }

  /** Drops cached counts. */
  forget(): void {
    this.#index.clear();
  }

  /** The rows of one query, in its order. */
  #rows({ select, params }: Query, limit: number, index: string): Row[] {
    // With a bound LIMIT, SQLite would plan the query again each time.
    const read = (columns: string) =>
      this.#db.rows<Row>(`${select(columns)} LIMIT ${limit}`, params);
    if (limit < LONG_PAGE || index !== BY_CHANGE) return read("seq, data");
    const seqs = read("seq").map(([seq]) => seq);
    if (seqs.length === 0) return [];
    const [first, last] = [seqs.reduce(least), seqs.reduce(greatest)];
    if (last - first > DENSE * seqs.length) return read("seq, data");
    const found = this.#db.prepareArrays("SELECT seq, data FROM objects WHERE seq BETWEEN ? AND ?")
      .all(first, last) as unknown as Row[];
    const data = new Array<string>(last - first + 1);
    for (const [seq, text] of found) data[seq - first] = text;
    return seqs.map((seq) => [seq, data[seq - first]!]);
  }
}

function least(a: number, b: number): number {
  return Math.min(a, b);
}

function greatest(a: number, b: number): number {
  return Math.max(a, b);
}
