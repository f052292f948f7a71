import type { Config } from "../settings/config.ts";
import { Http, type HttpOptions } from "../net/http.ts";
import type { Log } from "../reporting/log.ts";
import { Archive } from "./archive.ts";

/** The archive that the settings name; attempts that fail are told to the log. */
export function archiveFrom(
  config: Pick<
    Config,
    "archiveUrl" | "parallelRequests" | "requestsPerSecond" | "retries" | "timeoutMs"
  >,
  log: Log,
  options: Pick<HttpOptions, "fetch" | "signal"> = {},
): Archive {
  const http = new Http({
    ...options,
    retries: config.retries,
    timeoutMs: config.timeoutMs,
    onRetry({ url, cause, waitMs, isAskedFor, error }) {
      if (isAskedFor) archive.pause(waitMs);
      log.info("Asking again", { url, waitMs: Math.round(waitMs), cause });
      log.telemetry.retried("archive", error);
    },
  });
  const { archiveUrl: url, parallelRequests, requestsPerSecond } = config;
  const { telemetry } = log;
  const archive = new Archive({ url, http, parallelRequests, requestsPerSecond, telemetry });
  return archive;
}
