import { setting } from "./setting.ts";
import {
  AUTH_FORM,
  httpUrl,
  kintoId,
  matching,
  optional,
  wholeNumber,
  yesOrNo,
} from "./setting_values.ts";

/** The Kinto server and its collection. */
export const KINTO_SETTINGS = {
  serverUrl: setting({
    env: "SERVER_URL",
    option: "server",
    default: "http://localhost:8888/v1",
    help: "the Kinto server",
    isUrl: true,
    parse: (text) => httpUrl(text).replace(/\/+$/, ""),
  }),
  bucket: setting({
    env: "BUCKET",
    option: "bucket",
    default: "build-hub",
    help: "the Kinto bucket",
    parse: kintoId,
  }),
  collection: setting({
    env: "COLLECTION",
    option: "collection",
    default: "releases",
    help: "the Kinto collection",
    parse: kintoId,
  }),
  auth: setting({
    env: "AUTH",
    option: "auth",
    default: "user:pass",
    help: "user:password for Kinto; the password may contain colons",
    secret: true,
    parse: matching(AUTH_FORM, "user:password"),
  }),
  batchMaxRequests: setting({
    env: "BATCH_MAX_REQUESTS",
    default: "",
    help: "records per batch; at most the server's own limit, which is the default",
    parse: optional(wholeNumber(1, 100_000)),
  }),
  initializeServer: setting({
    env: "INITIALIZE_SERVER",
    default: "true",
    help: "create the bucket and the collection where they are missing",
    parse: yesOrNo,
  }),
};
