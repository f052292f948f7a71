/** What is counted beyond the number of names that a {@linkcode Tally} keeps. */
export const OTHERS = "others";

/** Counts by reason, the most frequent first when listed. */
export class Tally {
  readonly #counts = new Map<string, number>();

  /** @param namesAtMost where names come from outside: further ones are counted together */
  constructor(readonly namesAtMost = Infinity) {}

  add(reason: string, count = 1): void {
    if (this.#counts.size >= this.namesAtMost && !this.#counts.has(reason)) reason = OTHERS;
    this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + count);
  }

  get total(): number {
    return this.#counts.values().reduce((sum, count) => sum + count, 0);
  }

  entries(): [reason: string, count: number][] {
    return [...this.#counts].sort(([, a], [, b]) => b - a);
  }
}

/** Shapes are few, unless a whole tree of another kind appears. */
const SHAPES_AT_MOST = 1_000;

/** What became of the rows of an inventory: `rows` = `ignored` + builds. */
export class RowCounts {
  rows = 0;
  /** Rows that are no build, by reason; rows that can't be read among them. */
  readonly ignored = new Tally();
  /** Files that look like installers and that no rule knows, and builds in folders never seen, by shape. */
  readonly unknown = new Tally(SHAPES_AT_MOST);
  /** Builds by the layout that read them. */
  readonly layouts = new Tally();

  get builds(): number {
    return this.rows - this.ignored.total;
  }
}
