import type { Matches } from "./matches.ts";
import type { RecordIndex } from "./record_index.ts";
import type { RewriteContext } from "./rewrite.ts";
import type { Work } from "./work.ts";

/** A query whose values are checked: it only has to be run. */
export type Matcher = (index: RecordIndex) => Work<Matches>;

/** Where a query stands. */
export interface QueryContext extends RewriteContext {
  /** Called with each field of the mapping whose column is needed. */
  onField: (field: string) => void;
}

/** How a query is to be understood. */
export interface Position {
  /** In a filter, `should` needs one match. */
  isFilter: boolean;
  /** Whether scores are needed. */
  isScored: boolean;
  /** The product of the boosts around it. */
  boost: number;
}
