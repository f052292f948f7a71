import { setting } from "./setting.ts";
import {
  httpUrl,
  matching,
  names,
  number,
  oneOf,
  optional,
  text,
  yesOrNo,
} from "./setting_values.ts";

/** Where inventories come from, and which of their rows are read. */
export const INVENTORY_SETTINGS = {
  source: setting({
    env: "SOURCE",
    option: "source",
    default: "s3",
    help: "s3: the latest S3 inventories; crawl: the archive's own listings; bucket: its bucket",
    parse: oneOf(["s3", "crawl", "bucket"]),
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
    parse: optional(httpUrl),
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
    parse: httpUrl,
  }),
  productDetailsUrl: setting({
    env: "PRODUCT_DETAILS_URL",
    default: "https://product-details.mozilla.org/1.0/",
    help: "where Mozilla publishes which versions it shipped",
    parse: (url) => httpUrl(url).replace(/\/*$/, "/"),
  }),
  s3ForcePathStyle: setting({
    env: "S3_FORCE_PATH_STYLE",
    default: "false",
    help: "put S3 bucket names into the path instead of the host name",
    parse: yesOrNo,
  }),
};
