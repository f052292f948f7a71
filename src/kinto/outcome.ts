import type { Total } from "../reporting/telemetry.ts";

/**
 * What became of every record of a job. The stages of one job share it, and its numbers add up:
 * read = published + existing + unchanged + refused, and unsent when the job was cut short.
 */
export class Outcome {
  /** Records that came in, bad ones too. */
  read = 0;
  /** Written, as the server confirmed. */
  published = 0;
  /** Left alone, since only new records were to be created. */
  existing = 0;
  /** Not sent, since the server has them as they are. */
  unchanged = 0;
  /** Not accepted, by the server or by its schema. */
  refused = 0;
  readonly #onRefusal: (name: string, reason: string) => void;

  /** @param onRefusal is told of each at once, so that none must be kept in memory */
  constructor(onRefusal: (name: string, reason: string) => void = () => {}) {
    this.#onRefusal = onRefusal;
  }

  /** Counts a record that isn't accepted. */
  refuse(name: string, reason: string): void {
    this.refused++;
    this.#onRefusal(name, reason);
  }

  /** Records of which nothing became, since the job was cut short. */
  get unsent(): number {
    return this.read - this.published - this.existing - this.unchanged - this.refused;
  }

  /** The totals, for telemetry. */
  *totals(): Generator<Total> {
    for (const result of ["published", "unchanged", "existing", "refused"] as const) {
      yield ["buildhub.records", this[result], { result }];
    }
  }

  /** @returns `2866 read = 2860 published + 6 unchanged + 0 refused` */
  toString(): string {
    const parts = [`${this.published} published`, `${this.unchanged} unchanged`];
    if (this.existing > 0) parts.push(`${this.existing} existing`);
    parts.push(`${this.refused} refused`);
    if (this.unsent > 0) parts.push(`${this.unsent} unsent`);
    return `${this.read} read = ${parts.join(" + ")}`;
  }
}
