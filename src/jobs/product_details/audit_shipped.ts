import { kintoFrom } from "../../kinto/kinto_from_config.ts";
import { KnownRecords } from "../../kinto/known_records.ts";
import { refreshKnownRecords } from "../../kinto/refresh_known_records.ts";
import { Http } from "../../net/http.ts";
import type { Log } from "../../reporting/log.ts";
import type { ConfigOf } from "../../settings/config.ts";
import type { COLLECTION, KINTO_CLIENT } from "../../settings/setting_groups.ts";
import { compareShipped, type ShippedComparison } from "./compare_shipped.ts";
import { publishedPlatforms } from "./published_platforms.ts";
import { shippedVersions } from "./shipped_versions.ts";

/** The settings of {@linkcode auditShipped}. */
export type AuditShippedConfig = ConfigOf<
  readonly [
    ...typeof KINTO_CLIENT,
    ...typeof COLLECTION,
    "products",
    "productDetailsUrl",
    "cacheFolder",
  ]
>;

/**
 * Compares the collection with what Mozilla says it shipped. It reads the ids of all records from what
 * is known of the collection, which is brought up to date first: after the first time, that takes a
 * request or two, where asking for each version would take some 4,000.
 *
 * @throws as reading the collection and product-details does
 */
export async function auditShipped(
  config: AuditShippedConfig,
  { log, signal }: { log: Log; signal?: AbortSignal },
): Promise<ShippedComparison> {
  const { bucket, collection, cacheFolder: folder, productDetailsUrl, products } = config;
  const { retries, timeoutMs, maxWaitMs } = config;
  const http = new Http({
    ...{ retries, timeoutMs, maxWaitMs, signal },
    onRetry({ url, waitMs, cause, error }) {
      log.info("Asking again", { url, waitMs: Math.round(waitMs), cause });
      log.telemetry.retried("product-details", error);
    },
  });
  const versions = await shippedVersions(http, productDetailsUrl, products);
  const kinto = kintoFrom(config, log, { signal });
  await kinto.info();
  const name = { bucket, collection };
  using known = await KnownRecords.open({ folder, server: kinto.url, ...name, log });
  await refreshKnownRecords(known, kinto, { ...name, log });
  return compareShipped(versions, publishedPlatforms(known.ids(), versions));
}
