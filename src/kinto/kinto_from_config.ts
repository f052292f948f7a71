import type { Config } from "../settings/config.ts";
import type { HttpOptions } from "../net/http.ts";
import type { Log } from "../reporting/log.ts";
import { Kinto } from "./kinto.ts";

/** The Kinto that the settings name; attempts that fail are told to the log. */
export function kintoFrom(
  config: Config,
  log: Log,
  options: Pick<HttpOptions, "fetch" | "signal"> = {},
): Kinto {
  return new Kinto({
    ...options,
    url: config.serverUrl,
    auth: config.auth,
    retries: config.retries,
    timeoutMs: config.timeoutMs,
    batchMaxRequests: config.batchMaxRequests,
    telemetry: log.telemetry,
    onRetry({ url, attempt, waitMs, cause, error }) {
      log.info("Asking Kinto again", { url, attempt, waitMs: Math.round(waitMs), cause });
      log.telemetry.retried("kinto", error);
    },
  });
}
