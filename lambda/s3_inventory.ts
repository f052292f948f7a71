import type { ConfigOf } from "../src/settings/config.ts";
import type { PUBLISH_LATEST } from "../src/settings/setting_groups.ts";
import { publishLatestInventories } from "../src/jobs/publish_latest_inventories.ts";
import type { Handler } from "./runtime.ts";

/** The time left for publishing what was read, at most. */
const FINISHING_MS = 60_000;

/**
 * The scheduled function: `latest-inventory-to-kinto`, as far as it gets before the deadline. It stops
 * reading early enough to publish what was read; the next run continues from there.
 *
 * @returns the handler; it throws when an inventory couldn't be read or a record was refused, after
 * everything else was done, and when the deadline came before the end
 */
export function s3Inventory(config: ConfigOf<typeof PUBLISH_LATEST>): Handler {
  return async (_event, { deadline, leftMs, fetch, log }) => {
    const ms = leftMs();
    const stop = AbortSignal.timeout(ms - Math.min(FINISHING_MS, ms / 3));
    const { summary, failed, refused } = await publishLatestInventories(config, {
      ...{ deadline, fetch, log },
      signal: AbortSignal.any([stop, deadline]),
      style: "none",
    });
    log.print(summary.join("\n"));
    const isComplete = !stop.aborted;
    if (!isComplete) log.warning("Stopped before the deadline; the next run goes on from here");
    if (failed > 0 || refused > 0) {
      throw new Error(`${failed} inventories failed, ${refused} records were refused`);
    }
    return { isComplete, summary };
  };
}
