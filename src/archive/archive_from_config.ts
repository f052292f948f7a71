import { Gate } from "../net/gate.ts";
import { Http, type HttpOptions } from "../net/http.ts";
import { cappedWaitWarning } from "../net/wait_limit.ts";
import type { Log } from "../reporting/log.ts";
import type { ConfigOf } from "../settings/config.ts";
import type { ARCHIVE_CLIENT } from "../settings/setting_groups.ts";
import { Archive } from "./archive.ts";

/**
 * The archive that the settings name. Retries are logged and counted; a Retry-After that answers one
 * request holds back all of them.
 */
export function archiveFrom(
  config: ConfigOf<typeof ARCHIVE_CLIENT>,
  log: Log,
  options: Pick<HttpOptions, "fetch" | "signal" | "clock"> = {},
): Archive {
  const { archiveUrl: url, archiveAuth: auth, retries, timeoutMs, maxWaitMs } = config;
  const { telemetry } = log;
  const gate = new Gate({
    ...options,
    slots: config.parallelRequests,
    perSecond: config.requestsPerSecond,
    maxWaitMs,
    onWaitCapped: (wait) => log.warning(cappedWaitWarning(url, wait)),
  });
  const http = new Http({
    ...options,
    retries,
    timeoutMs,
    maxWaitMs,
    onRetry({ url, cause, waitMs, askedForMs, error }) {
      if (askedForMs !== undefined) gate.pause(askedForMs);
      log.info("Asking again", { url, waitMs: Math.round(waitMs), cause });
      telemetry.retried("archive", error);
    },
  });
  return new Archive({ url, http, auth, gate, telemetry });
}
