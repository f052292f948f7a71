/** Counts by reason, the most frequent first when listed. */
export class Tally {
  readonly #counts = new Map<string, number>();

  add(reason: string, count = 1): void {
    this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + count);
  }

  get total(): number {
    return this.#counts.values().reduce((sum, count) => sum + count, 0);
  }

  entries(): [reason: string, count: number][] {
    return [...this.#counts].sort(([, a], [, b]) => b - a);
  }
}

/** What became of the rows of an inventory: `rows` = `ignored` + builds. */
export class RowCounts {
  rows = 0;
  /** Rows that are no build, by reason; rows that can't be read among them. */
  readonly ignored = new Tally();

  get builds(): number {
    return this.rows - this.ignored.total;
  }
}
