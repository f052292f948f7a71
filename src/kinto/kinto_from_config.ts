import type { HttpOptions } from "../net/http.ts";
import { cappedWaitWarning } from "../net/wait_limit.ts";
import type { Log } from "../reporting/log.ts";
import type { ConfigOf } from "../settings/config.ts";
import type { KINTO_CLIENT } from "../settings/setting_groups.ts";
import { Kinto } from "./kinto.ts";

/** The Kinto server that the settings name. Retries are logged and counted. */
export function kintoFrom(
  config: ConfigOf<typeof KINTO_CLIENT>,
  log: Log,
  options: Pick<HttpOptions, "fetch" | "signal" | "clock"> = {},
): Kinto {
  const { serverUrl: url, auth, retries, timeoutMs, maxWaitMs, batchMaxRequests } = config;
  const { telemetry } = log;
  return new Kinto({
    ...options,
    ...{ url, auth, retries, timeoutMs, maxWaitMs, batchMaxRequests, telemetry },
    onRetry({ url, attempt, waitMs, cause, error }) {
      log.info("Asking Kinto again", { url, attempt, waitMs: Math.round(waitMs), cause });
      telemetry.retried("kinto", error);
    },
    onWaitCapped: (wait) => log.warning(cappedWaitWarning(url, wait)),
  });
}
