/**
 * The settings that one piece of the program reads, for the commands that use it. They are here, not
 * beside what reads them, so that `help` and a cold start of Lambda don't load that code.
 *
 * @module
 */
import type { SettingName } from "./config.ts";

/** Requests, to whichever server. */
const REQUESTS = ["retries", "timeoutMs", "maxWaitMs"] as const satisfies readonly SettingName[];

/** A client of Kinto: `kintoFrom()`. */
export const KINTO_CLIENT = [
  ...["serverUrl", "auth"] as const,
  ...REQUESTS,
  "batchMaxRequests",
] as const satisfies readonly SettingName[];

/** The collection of the records. */
export const COLLECTION = ["bucket", "collection"] as const satisfies readonly SettingName[];

/** The archive without a cache: `archiveFrom()`. */
export const ARCHIVE_CLIENT = [
  ...["archiveUrl", "archiveAuth"] as const,
  ...REQUESTS,
  ...["parallelRequests", "requestsPerSecond"] as const,
] as const satisfies readonly SettingName[];

/** The archive with its cache: `openArchive()`. */
export const CACHED_ARCHIVE = [
  ...ARCHIVE_CLIENT,
  "cacheFolder",
] as const satisfies readonly SettingName[];

/** The latest S3 inventories: `openS3()`. */
export const S3_INVENTORIES = [
  ...["inventories", "csvDownloadDirectory", "s3Endpoint", "s3ForcePathStyle"] as const,
  ...REQUESTS,
] as const satisfies readonly SettingName[];

/** The bucket with the archive's files: `openBucketListing()`. */
export const ARCHIVE_BUCKET = [
  ...["archiveBucket", "archiveBucketUrl", "products", "parallelRequests", "cacheFolder"] as const,
  ...REQUESTS,
] as const satisfies readonly SettingName[];

/** Everything from the inventories to the collection: `publishLatestInventories()`. */
export const PUBLISH_LATEST = [
  ...KINTO_CLIENT,
  ...COLLECTION,
  "initializeServer",
  ...["sources", "products", "minAgeLastModifiedHours", "sizes", "incomplete"] as const,
  ...S3_INVENTORIES,
  ...CACHED_ARCHIVE,
  ...ARCHIVE_BUCKET,
] as const satisfies readonly SettingName[];

/** The comparison of an inventory with the collection: `auditCollection()`. */
export const AUDIT = [
  ...KINTO_CLIENT,
  ...COLLECTION,
  ...["products", "sizes", "incomplete"] as const,
  ...S3_INVENTORIES,
  ...CACHED_ARCHIVE,
  ...ARCHIVE_BUCKET,
  "productDetailsUrl",
] as const satisfies readonly SettingName[];

/** The Lambda function of S3 events. */
export const S3_EVENT = [
  ...KINTO_CLIENT,
  ...COLLECTION,
  ...ARCHIVE_CLIENT,
  ...["products", "sizes"] as const,
] as const satisfies readonly SettingName[];

/** The embedded server. */
export const SERVE = [
  ...["host", "port", "database", "auth", "accountsFile"] as const,
  ...["paginateBy", "kintoBatchMaxRequests", "maxScanMs", "isFlushEnabled", "isReadonly"] as const,
  ...COLLECTION,
] as const satisfies readonly SettingName[];
