import { PRODUCTS } from "../builds/products.ts";
import { setting } from "./setting.ts";
import {
  AUTH_FORM,
  httpUrl,
  matching,
  names,
  number,
  oneOf,
  optional,
  text,
  wholeNumber,
} from "./setting_values.ts";

/** The archive, requests to it, and the cache of what it answered. */
export const ARCHIVE_SETTINGS = {
  archiveUrl: setting({
    env: "ARCHIVE_URL",
    default: "https://archive.mozilla.org/",
    help: "the archive",
    isUrl: true,
    parse: (url) => httpUrl(url).replace(/\/*$/, "/"),
  }),
  archiveAuth: setting({
    env: "ARCHIVE_AUTH",
    default: "",
    help: "user:password for an archive that asks for one",
    secret: true,
    parse: optional(matching(AUTH_FORM, "user:password")),
  }),
  products: setting({
    env: "PRODUCTS",
    option: "products",
    default: PRODUCTS.filter(({ isDefault }) => isDefault).map(({ key }) => key).join(" "),
    help: "the products to index; also known: fenix, focus and klar",
    parse: names(PRODUCTS.map(({ key }) => key)),
  }),
  cacheFolder: setting({
    env: "CACHE_FOLDER",
    default: ".",
    help: "the folder of the cache files, which are kept between runs",
    parse: text,
  }),
  retries: setting({
    env: "NB_RETRY_REQUEST",
    default: "3",
    help: "attempts after the first, for each request",
    parse: wholeNumber(0, 100),
  }),
  timeoutMs: setting({
    env: "TIMEOUT_SECONDS",
    default: "300",
    help: "the timeout of one request, in seconds",
    parse: (seconds) => number(0.001, 86_400)(seconds) * 1000,
  }),
  maxWaitMs: setting({
    env: "MAX_WAIT_SECONDS",
    default: "300",
    help: "the longest wait, in seconds, that a server may ask for with Retry-After or Backoff",
    parse: (seconds) => number(0, 86_400)(seconds) * 1000,
  }),
  parallelRequests: setting({
    env: "NB_PARALLEL_REQUESTS",
    default: "8",
    help: "requests to the archive at the same time",
    parse: wholeNumber(1, 1000),
  }),
  requestsPerSecond: setting({
    env: "MAX_REQUESTS_PER_SECOND",
    default: "0",
    help: "requests to the archive per second; 0 is no limit",
    parse: number(0, 10_000),
  }),
  sizes: setting({
    env: "SIZES",
    default: "exact",
    help: "exact: request the size of each build whose listed size is rounded; listed: don't",
    parse: oneOf(["exact", "listed"]),
  }),
  incomplete: setting({
    env: "INCOMPLETE",
    default: "skip",
    help: "publish: also publish builds of which the archive has no metadata; skip: don't",
    parse: oneOf(["skip", "publish"]),
  }),
};
