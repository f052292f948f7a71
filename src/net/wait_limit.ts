/** The longest wait that a server may ask for, unless a setting says otherwise. */
export const DEFAULT_MAX_WAIT_MS = 300_000;

/** How long a server may make its client wait, with Retry-After or Kinto's Backoff. */
export interface WaitLimit {
  /** A longer wait is cut to this. @default {300_000} */
  maxWaitMs?: number;
  /** Called when a wait is cut. */
  onWaitCapped?: (wait: CappedWait) => void;
}

/** A wait that was cut to the maximum. */
export interface CappedWait {
  /** What the server asked for. */
  askedForMs: number;
  /** What it gets. */
  waitMs: number;
}

/** A warning for a log: `The archive asks for a wait of 86400 s; waiting 300 s (MAX_WAIT_SECONDS)`. */
export function cappedWaitWarning(server: string, { askedForMs, waitMs }: CappedWait): string {
  return `${server} asks for a wait of ${Math.round(askedForMs / 1000)} s; ` +
    `waiting ${waitMs / 1000} s (MAX_WAIT_SECONDS)`;
}
