/** The name under which a {@linkcode Tally} counts all names beyond its limit. */
export const OTHERS = "others";

/** The reason of rows that can't be read. */
export const UNREADABLE_ROW = "unreadable row";

/** Counts by reason, the most frequent first when listed. */
export class Tally {
  readonly #counts = new Map<string, number>();

  /** @param namesAtMost a limit for names from outside: further ones are counted together */
  constructor(readonly namesAtMost = Infinity) {}

  add(reason: string, count = 1): void {
    if (this.#counts.size >= this.namesAtMost && !this.#counts.has(reason)) reason = OTHERS;
    this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + count);
  }

  /** The count of one reason. */
  of(reason: string): number {
    return this.#counts.get(reason) ?? 0;
  }

  get total(): number {
    return this.#counts.values().reduce((sum, count) => sum + count, 0);
  }

  entries(): [reason: string, count: number][] {
    return [...this.#counts].sort(([, a], [, b]) => b - a);
  }
}

/** There are few shapes, unless a whole new tree appears. */
const SHAPES_AT_MOST = 1_000;

/** Counts the rows of an inventory: `rows` = `ignored` + `builds`. */
export class RowCounts {
  rows = 0;
  /** Rows that aren't builds, by reason; including rows that can't be read. */
  readonly ignored = new Tally();
  /** Files that look like installers and that no rule knows, and builds in new folders, by shape. */
  readonly unknown = new Tally(SHAPES_AT_MOST);
  /** Builds by the layout that read them. */
  readonly layouts = new Tally();

  get builds(): number {
    return this.rows - this.ignored.total;
  }
}
