import { setting } from "./setting.ts";
import { matching, number, optional, text, wholeNumber, yesOrNo } from "./setting_values.ts";

/** The embedded server, and the Lambda runtime. */
export const SERVE_SETTINGS = {
  host: setting({
    env: "SERVE_HOST",
    option: "host",
    default: "127.0.0.1",
    help: "the address to listen on",
    parse: text,
  }),
  port: setting({
    env: "SERVE_PORT",
    option: "port",
    default: "8888",
    help: "the port to listen on; 0 takes a free one",
    parse: wholeNumber(0, 65_535),
  }),
  database: setting({
    env: "SERVE_DATABASE",
    option: "database",
    default: "buildhub.sqlite",
    help: "the SQLite file",
    parse: text,
  }),
  accountsFile: setting({
    env: "SERVE_ACCOUNTS",
    option: "accounts",
    default: "",
    help: "a file of accounts, one user:password per line, instead of AUTH",
    parse: optional(text),
  }),
  paginateBy: setting({
    env: "KINTO_PAGINATE_BY",
    default: "",
    help: "the maximum number of objects per page",
    parse: optional(wholeNumber(1, 10_000)),
  }),
  kintoBatchMaxRequests: setting({
    env: "KINTO_BATCH_MAX_REQUESTS",
    default: "200",
    help: "the maximum number of requests per batch",
    parse: wholeNumber(1, 10_000),
  }),
  maxScanMs: setting({
    env: "MAX_SCAN_SECONDS",
    default: "10",
    help: "how long a request may read fields without an index, in seconds",
    parse: (seconds) => number(0.001, 3600)(seconds) * 1000,
  }),
  isFlushEnabled: setting({
    env: "KINTO_FLUSH_ENDPOINT_ENABLED",
    default: "false",
    help: "let anyone empty the database with POST /v1/__flush__; for tests",
    parse: yesOrNo,
  }),
  isReadonly: setting({
    env: "KINTO_READONLY",
    default: "false",
    help: "refuse every request that would write",
    parse: yesOrNo,
  }),
  lambdaRuntimeApi: setting({
    env: "AWS_LAMBDA_RUNTIME_API",
    default: "",
    help: "host:port of the Lambda Runtime API",
    parse: optional(matching(/^[\w.-]+:\d+$/, "host:port")),
  }),
};
