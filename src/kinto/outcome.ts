import { type SumEvent, summaryLine } from "../reporting/summary.ts";
import type { Total } from "../reporting/telemetry.ts";

/**
 * Counts every record of a job by its result. The stages of one job share it, and its numbers add
 * up: read = published + existing + unchanged + refused + unsent. Nothing is unsent unless the job
 * was interrupted.
 */
export class Outcome {
  /** Records in the input, including bad ones. */
  read = 0;
  /** Written; the server has confirmed it. */
  published = 0;
  /** Left unchanged because only new records are created. */
  existing = 0;
  /** Not sent because the server has an equal record. */
  unchanged = 0;
  /** Not accepted by the server or its schema. */
  refused = 0;
  readonly #onRefusal: (name: string, reason: string) => void;

  /** @param onRefusal called with each refused record at once, so that none is kept in memory */
  constructor(onRefusal: (name: string, reason: string) => void = () => {}) {
    this.#onRefusal = onRefusal;
  }

  /** Counts and reports a record that isn't accepted. */
  refuse(name: string, reason: string): void {
    this.refused++;
    this.#onRefusal(name, reason);
  }

  /** Records without a result, because the job was interrupted. */
  get unsent(): number {
    return this.read - this.published - this.existing - this.unchanged - this.refused;
  }

  /** The totals, for telemetry. */
  *totals(): Generator<Total> {
    for (const result of ["published", "unchanged", "existing", "refused"] as const) {
      yield ["buildhub.records", this[result], { result }];
    }
  }

  /** For a job's summary: `2866 read = 2860 published + 6 unchanged + 0 refused`. */
  get sum(): SumEvent {
    const { read, published, unchanged, existing, refused, unsent } = this;
    const parts = {
      ...{ published, unchanged },
      ...existing > 0 && { existing },
      refused,
      ...unsent > 0 && { unsent },
    };
    return { event: "read", count: read, parts };
  }

  /** The same as text. */
  toString(): string {
    return summaryLine(this.sum);
  }
}
