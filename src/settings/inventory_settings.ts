import { setting } from "./setting.ts";
import {
  httpUrlWithoutAuth,
  names,
  number,
  optional,
  someOf,
  text,
  yesOrNo,
} from "./setting_values.ts";

/** Where inventories can be read from, the cheapest first. */
const SOURCES = ["s3", "crawl"] as const;

/** Where inventories come from, and which of their rows are read. */
export const INVENTORY_SETTINGS = {
  sources: setting({
    env: "SOURCE",
    option: "source",
    default: "s3",
    help: "s3: the latest S3 inventories; crawl: the archive's own listings; or both: s3,crawl",
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
  s3ForcePathStyle: setting({
    env: "S3_FORCE_PATH_STYLE",
    default: "false",
    help: "put S3 bucket names into the path instead of the host name",
    parse: yesOrNo,
  }),
};
