import { setting } from "./setting.ts";
import {
  httpUrlWithoutAuth,
  matching,
  names,
  number,
  optional,
  someOf,
  text,
  yesOrNo,
} from "./setting_values.ts";

/** Where inventories can be read from, the cheapest first. */
const SOURCES = ["s3", "bucket", "crawl"] as const;

/** Where inventories come from, and which of their rows are read. */
export const INVENTORY_SETTINGS = {
  sources: setting({
    env: "SOURCE",
    option: "source",
    default: "s3",
    help:
      "s3: the latest S3 inventories; bucket: the archive's bucket; crawl: its listings; or s3,crawl",
    parse: someOf(SOURCES),
  }),
  inventories: setting({
    env: "INVENTORIES",
    default: "firefox, archive",
    help: "the S3 inventories, in order",
    parse: names(),
  }),
  minAgeLastModifiedHours: setting({
    env: "MIN_AGE_LAST_MODIFIED_HOURS",
    default: "0",
    help: "skip rows last modified more than this many hours ago; 0 skips none",
    parse: number(0, 1e6),
  }),
  csvDownloadDirectory: setting({
    env: "CSV_DOWNLOAD_DIRECTORY",
    default: "",
    help: "the folder of downloaded inventories; default: one in the system's temporary folder",
    parse: optional(text),
  }),
  s3Endpoint: setting({
    env: "AWS_ENDPOINT_URL_S3",
    default: "",
    help: "an S3 server other than Amazon's",
    isUrl: true,
    parse: optional(httpUrlWithoutAuth),
  }),
  archiveBucket: setting({
    env: "ARCHIVE_BUCKET",
    default: "moz-fx-productdelivery-pr-38b5-productdelivery",
    help: "the bucket with the archive's files, or a mirror of it",
    parse: matching(/^[a-z0-9][a-z0-9._-]{1,221}$/, "a bucket's name"),
  }),
  archiveBucketUrl: setting({
    env: "ARCHIVE_BUCKET_URL",
    default: "https://storage.googleapis.com",
    help: "the S3 server of that bucket",
    isUrl: true,
    parse: httpUrlWithoutAuth,
  }),
  productDetailsUrl: setting({
    env: "PRODUCT_DETAILS_URL",
    default: "https://product-details.mozilla.org/1.0/",
    help: "where Mozilla publishes which versions it shipped",
    isUrl: true,
    parse: (url) => httpUrlWithoutAuth(url).replace(/\/*$/, "/"),
  }),
  s3ForcePathStyle: setting({
    env: "S3_FORCE_PATH_STYLE",
    default: "false",
    help: "put S3 bucket names into the path instead of the host name",
    parse: yesOrNo,
  }),
};
