import type { ConfigOf } from "../src/settings/config.ts";
import type { PUBLISH_LATEST } from "../src/settings/setting_groups.ts";
import { publishLatestInventories } from "../src/jobs/publish_latest_inventories.ts";
import { summaryLine } from "../src/reporting/summary.ts";
import { counted } from "../src/errors/counted.ts";
import { type Clock, systemClock } from "../src/net/clock.ts";
import type { Handler } from "./runtime.ts";

/** The time left for publishing what was read, at most. */
const FINISHING_MS = 60_000;

/**
 * The scheduled function: `latest-inventory-to-kinto`, as far as it gets before the deadline. It stops
 * reading early enough to publish what was read; the next run continues from there.
 *
 * @returns the handler; it throws when an inventory couldn't be read, a record was refused or a document
 * couldn't be fetched, after everything else was done, and when the deadline came before the end
 */
export function s3Inventory(
  config: ConfigOf<typeof PUBLISH_LATEST>,
  clock: Clock = systemClock,
): Handler {
  return async (_event, { deadline, leftMs, fetch, log }) => {
    const ms = leftMs();
    const stop = new AbortController();
    using stack = new DisposableStack();
    stack.defer(clock.after(ms - Math.min(FINISHING_MS, ms / 3), () => stop.abort()));
    const { summary, failed, refused, unfetched } = await publishLatestInventories(config, {
      ...{ deadline, fetch, log },
      signal: AbortSignal.any([stop.signal, deadline]),
      style: "none",
    });
    log.summary(summary);
    const isComplete = !stop.signal.aborted;
    if (!isComplete) log.warning("Stopped before the deadline; the next run goes on from here");
    if (failed + refused + unfetched > 0) {
      throw new Error(
        `${counted(failed, "inventories")} failed, ${refused} records were refused, ` +
          `${unfetched} documents couldn't be fetched`,
      );
    }
    return { isComplete, summary: summary.map(summaryLine) };
  };
}
