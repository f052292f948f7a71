import type { Config } from "../src/settings/config.ts";
import { publishLatestInventories } from "../src/jobs/publish_latest_inventories.ts";
import type { Handler } from "./runtime.ts";

/** What the reading leaves, at most, to what was read but not yet published. */
const FINISHING_MS = 60_000;

/**
 * The scheduled function: `latest-inventory-to-kinto`, as far as it gets. It stops reading in time
 * to finish what was read; the next run finds that published and goes on.
 *
 * @returns the handler; it throws when an inventory couldn't be read or a record was refused, after
 * everything else was done, and when the deadline came all the same
 */
export function s3Inventory(config: Config): Handler {
  return async (_event, { deadline, leftMs, fetch, log }) => {
    const ms = leftMs();
    const stop = AbortSignal.timeout(ms - Math.min(FINISHING_MS, ms / 3));
    const { summary, failed, refused, sizeFailures } = await publishLatestInventories(config, {
      ...{ deadline, fetch, log },
      signal: AbortSignal.any([stop, deadline]),
      style: "none",
    });
    log.print(summary.join("\n"));
    const isComplete = !stop.aborted;
    if (!isComplete) log.warning("Stopped before the deadline; the next run goes on from here");
    if (failed + refused + sizeFailures > 0) {
      throw new Error(
        `${failed} inventories failed, ${refused} records were refused, ` +
          `${sizeFailures} sizes couldn't be requested`,
      );
    }
    return { isComplete, summary };
  };
}
