import type { DatabaseSync, StatementSync } from "node:sqlite";
import { type BuildPlace, idAt, placeOf } from "./build_place.ts";

/** What an audit finds of a build, or of a record. */
export const STATES = ["present", "missing", "incomplete", "gone", "failed"] as const;

/** One of {@linkcode STATES}. */
export type State = typeof STATES[number];

/** A build or record that isn't as it should be. */
export interface Finding {
  id: string;
  state: Exclude<State, "present">;
  /** Why it's incomplete, or failed. */
  reason?: string;
}

/** One place of the matrix of a product, channel and version. */
export interface Cell {
  place: BuildPlace;
  state: State;
}

/**
 * Every build of the archive and every record of the collection once, with what was found of it: in
 * an SQLite file, so that a million of them take no memory.
 */
export class Ledger implements Disposable {
  readonly #database: DatabaseSync;
  readonly #insert: StatementSync;
  readonly #select: StatementSync;
  readonly #lack: StatementSync;
  readonly #lacking: StatementSync;
  readonly #folder: string;

  private constructor(database: DatabaseSync, folder: string) {
    this.#database = database;
    this.#folder = folder;
    this.#insert = database.prepare(
      "INSERT OR IGNORE INTO builds VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    );
    this.#select = database.prepare(
      "SELECT 1 FROM builds WHERE product = ? AND channel = ? AND version = ? AND date = ? " +
        "AND platform = ? AND locale = ?",
    );
    this.#lack = database.prepare("INSERT OR IGNORE INTO lacking VALUES (?)");
    this.#lacking = database.prepare("SELECT 1 FROM lacking WHERE id = ?");
    database.exec("BEGIN");
  }

  /** Makes an empty one in a new folder under this one; disposing removes it. */
  static async open(folder: string): Promise<Ledger> {
    const { DatabaseSync } = await import("node:sqlite");
    await Deno.mkdir(folder, { recursive: true });
    const own = await Deno.makeTempDir({ dir: folder, prefix: "audit-" });
    const database = new DatabaseSync(`${own}/ledger.sqlite`);
    // Every audit recreates it: nothing is to be saved from a crash.
    database.exec(`
      PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
      PRAGMA cache_size = -32000; PRAGMA temp_store = FILE;
      CREATE TABLE builds (
        product TEXT, channel TEXT, version TEXT, date TEXT, platform TEXT, locale TEXT,
        state INTEGER NOT NULL, reason TEXT,
        PRIMARY KEY (product, channel, version, date, platform, locale)
      ) WITHOUT ROWID;
      CREATE TABLE lacking (id TEXT PRIMARY KEY) WITHOUT ROWID;`);
    return new Ledger(database, own);
  }

  /** @returns false when it's there already: the first one counts */
  add(id: string, state: State, reason?: string): boolean {
    const { changes } = this.#insert.run(
      ...key(placeOf(id)),
      STATES.indexOf(state),
      reason ?? null,
    );
    return changes === 1;
  }

  /** Whether this id is in it. */
  has(id: string): boolean {
    return this.#select.get(...key(placeOf(id))) !== undefined;
  }

  /** Notes that the collection's record of this id has no build id. */
  lack(id: string): void {
    this.#lack.run(id);
  }

  /** Whether that was noted. */
  isLacking(id: string): boolean {
    return this.#lacking.get(id) !== undefined;
  }

  /** How many have this state. */
  count(state: State): number {
    const row = this.#database.prepare("SELECT count(*) AS count FROM builds WHERE state = ?")
      .get(STATES.indexOf(state));
    return (row as { count: number }).count;
  }

  /** All that is missing, incomplete, gone or failed, in the order of the matrix. */
  *findings(): Generator<Finding> {
    const rows = this.#database.prepare("SELECT * FROM builds WHERE state > 0 ORDER BY 1, 2, 3, 4")
      .iterate();
    for (const row of rows as Iterable<Row>) {
      const state = STATES[row.state] as Finding["state"];
      yield { id: idAt(row), state, ...row.reason === null ? {} : { reason: row.reason } };
    }
  }

  /** The matrix of each product, channel and version in which some have this state. */
  *matrices(state: Exclude<State, "present">): Generator<Cell[]> {
    const number = STATES.indexOf(state);
    // What was never in the catalogue is no part of what may vanish from it, and the reverse.
    const others = state === "gone" ? "0" : "0, 1, 2, 4";
    const versions = this.#database.prepare(
      "SELECT product, channel, version FROM builds GROUP BY 1, 2, 3 HAVING sum(state = ?) > 0",
    ).iterate(number);
    const cells = this.#database.prepare(
      "SELECT * FROM builds WHERE product = ? AND channel = ? AND version = ? " +
        `AND state IN (${number}, ${others})`,
    );
    for (const { product, channel, version } of versions as Iterable<Row>) {
      const rows = cells.all(product, channel, version) as unknown as Row[];
      yield rows.map((row) => ({ place: row, state: STATES[row.state]! }));
    }
  }

  /** Removes the file. */
  [Symbol.dispose](): void {
    this.#database.close();
    Deno.removeSync(this.#folder, { recursive: true });
  }
}

interface Row extends BuildPlace {
  state: number;
  reason: string | null;
}

function key({ product, channel, version, date, platform, locale }: BuildPlace): string[] {
  return [product, channel, version, date, platform, locale];
}
