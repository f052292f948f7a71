import { parseArgs } from "@std/cli/parse-args";
import { PRODUCTS } from "../builds/products.ts";
import { UsageError } from "../errors/usage_error.ts";
import { LOG_LEVELS, type LogLevel } from "../reporting/log.ts";
import {
  httpUrl,
  kintoId,
  matching,
  names,
  nonEmpty,
  number,
  oneOf,
  optional,
  URL_PASSWORD,
  wholeNumber,
  yesOrNo,
} from "./setting_values.ts";

/** One setting: where its value comes from, and how it's read. */
export interface Setting<T> {
  /** The environment variable. */
  env: string;
  /** The option on the command line, without its dashes. Options override the environment. */
  option?: string;
  /** The default, spelled as a user would spell it; `""` is "none". */
  default: string;
  /** One line for `help`. */
  help: string;
  /** Never shown, and masked in logs. */
  secret?: boolean;
  /** @throws {Error} saying what is wrong with the text */
  parse: (text: string) => T;
}

const SENTRY_DSN_FORM = "https://KEY@HOST/PROJECT";

/** Every setting of every command, in the order in which `help` shows them. */
export const SETTINGS = {
  serverUrl: setting({
    env: "SERVER_URL",
    option: "server",
    default: "http://localhost:8888/v1",
    help: "the Kinto server",
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
    help: "user:password for Kinto; the password may hold colons",
    secret: true,
    parse: matching(/^[^:\s][^:]*:[^]+$/, "user:password"),
  }),
  cacheFolder: setting({
    env: "CACHE_FOLDER",
    default: ".",
    help: "where what was fetched is kept between runs",
    parse: nonEmpty,
  }),
  retries: setting({
    env: "NB_RETRY_REQUEST",
    default: "3",
    help: "attempts after the first, for each request",
    parse: wholeNumber(0, 100),
  }),
  parallelRequests: setting({
    env: "NB_PARALLEL_REQUESTS",
    default: "8",
    help: "requests to the archive under way at once",
    parse: wholeNumber(1, 1000),
  }),
  requestsPerSecond: setting({
    env: "MAX_REQUESTS_PER_SECOND",
    default: "0",
    help: "requests to the archive begun in a second; 0 is as many as are answered",
    parse: number(0, 10_000),
  }),
  batchMaxRequests: setting({
    env: "BATCH_MAX_REQUESTS",
    default: "",
    help: "records a batch; never above the server's own limit, its default",
    parse: optional(wholeNumber(1, 100_000)),
  }),
  timeoutMs: setting({
    env: "TIMEOUT_SECONDS",
    default: "300",
    help: "seconds that one request may take",
    parse: (text) => number(0.001, 86_400)(text) * 1000,
  }),
  maxWaitMs: setting({
    env: "MAX_WAIT_SECONDS",
    default: "300",
    help: "the longest wait, in seconds, that a server may ask for with Retry-After or Backoff",
    parse: (text) => number(0, 86_400)(text) * 1000,
  }),
  initializeServer: setting({
    env: "INITIALIZE_SERVER",
    default: "true",
    help: "create the bucket and collection first",
    parse: yesOrNo,
  }),
  archiveUrl: setting({
    env: "ARCHIVE_URL",
    default: "https://archive.mozilla.org/",
    help: "the archive",
    parse: (text) => httpUrl(text).replace(/\/*$/, "/"),
  }),
  products: setting({
    env: "PRODUCTS",
    option: "products",
    default: PRODUCTS.filter(({ isDefault }) => isDefault).map(({ key }) => key).join(" "),
    help: "the products to index; fenix, focus and klar are known too",
    parse: names(PRODUCTS.map(({ key }) => key)),
  }),
  source: setting({
    env: "SOURCE",
    option: "source",
    default: "s3",
    help: "s3: the latest S3 inventories; crawl: the archive's own listings",
    parse: oneOf(["s3", "crawl"]),
  }),
  sizes: setting({
    env: "SIZES",
    default: "exact",
    help: "exact: ask for the size of each build whose listed size is rounded; listed: don't",
    parse: oneOf(["exact", "listed"]),
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
    help: "skip rows last modified more hours ago than this; 0 skips none",
    parse: number(0, 1e6),
  }),
  csvDownloadDirectory: setting({
    env: "CSV_DOWNLOAD_DIRECTORY",
    default: "",
    help: "where inventories are downloaded to; default: a folder of the system's temporary one",
    parse: (text) => text || undefined,
  }),
  s3Endpoint: setting({
    env: "AWS_ENDPOINT_URL_S3",
    default: "",
    help: "an S3 server other than Amazon's",
    parse: optional(httpUrl),
  }),
  s3ForcePathStyle: setting({
    env: "S3_FORCE_PATH_STYLE",
    default: "false",
    help: "address S3 buckets as a path instead of a host name",
    parse: yesOrNo,
  }),
  lambdaRuntimeApi: setting({
    env: "AWS_LAMBDA_RUNTIME_API",
    default: "",
    help: "host and port of the Lambda Runtime API",
    parse: optional(matching(/^[\w.-]+:\d+$/, "host:port")),
  }),
  host: setting({
    env: "SERVE_HOST",
    option: "host",
    default: "127.0.0.1",
    help: "the address to listen on",
    parse: nonEmpty,
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
    parse: nonEmpty,
  }),
  accountsFile: setting({
    env: "SERVE_ACCOUNTS",
    option: "accounts",
    default: "",
    help: "a file with the accounts, one user:password a line, instead of AUTH",
    parse: (text) => text || undefined,
  }),
  paginateBy: setting({
    env: "KINTO_PAGINATE_BY",
    default: "",
    help: "the most objects in a page",
    parse: optional(wholeNumber(1, 10_000)),
  }),
  kintoBatchMaxRequests: setting({
    env: "KINTO_BATCH_MAX_REQUESTS",
    default: "200",
    help: "the most requests in a batch",
    parse: wholeNumber(1, 10_000),
  }),
  isFlushEnabled: setting({
    env: "KINTO_FLUSH_ENDPOINT_ENABLED",
    default: "false",
    help: "let POST /v1/__flush__ empty the database; for tests, anyone may",
    parse: yesOrNo,
  }),
  isReadonly: setting({
    env: "KINTO_READONLY",
    default: "false",
    help: "refuse whatever would write",
    parse: yesOrNo,
  }),
  sentryDsn: setting({
    env: "SENTRY_DSN",
    default: "",
    help: "report errors and crashes to this Sentry project",
    secret: true,
    parse: optional(matching(/^https?:\/\/\w+(:\w*)?@[^/@]+\/([^?#]*\/)?[\w-]+$/, SENTRY_DSN_FORM)),
  }),
  logLevel: setting<LogLevel>({
    env: "LOG_LEVEL",
    default: "warning",
    help: `${LOG_LEVELS.join(", ")}; -v is info, -D is debug, -q is error`,
    parse: (text) => oneOf(LOG_LEVELS)(text.toLowerCase().replace(/^warn$/, "warning")),
  }),
  logMetrics: setting({
    env: "LOG_METRICS",
    default: "",
    help: "logging: print the metrics at the end",
    parse: optional(oneOf(["logging"])),
  }),
  logFormat: setting({
    env: "LOG_FORMAT",
    default: "text",
    help: "text, or json: one object a line",
    parse: oneOf(["text", "json"]),
  }),
};

/** The name of a setting. */
export type SettingName = keyof typeof SETTINGS;

/** All settings, read and checked. */
export type Config = { [Name in SettingName]: ReturnType<typeof SETTINGS[Name]["parse"]> };

/** An option of one command that isn't a setting of the environment. */
export interface Flag {
  name: string;
  /** What it takes, such as `FILE`; without it the flag is a switch. */
  value?: string;
  help: string;
}

/** The settings that every command heeds. */
export const COMMON_SETTINGS = [
  "sentryDsn",
  "logLevel",
  "logFormat",
  "logMetrics",
] as const satisfies readonly SettingName[];

/** The switches that every command understands. */
export const COMMON_FLAGS: readonly Flag[] = [
  { name: "v", help: "say what happens" },
  { name: "D", help: "say it in detail" },
  { name: "q", help: "only errors and the summary" },
];

/** A command line and an environment, read. */
export interface Arguments {
  config: Config;
  /** What isn't an option. */
  operands: string[];
  /** The command's own flags: a string, or true for a switch. */
  flags: Record<string, string | true>;
}

/**
 * Reads the settings from the environment and the command line, once, before any work.
 *
 * @throws {UsageError} naming the first wrong value, or an option that the command doesn't have
 *
 * @example
 * ```ts
 * import { readArguments } from "./config.ts";
 * const { config } = readArguments(["--auth", "me:a:b"], { settings: ["auth"] }, () => undefined);
 * if (config.auth !== "me:a:b" || config.retries !== 3) throw new Error();
 * ```
 */
export function readArguments(
  args: string[],
  command: {
    settings: readonly SettingName[];
    defaults?: Partial<Record<SettingName, string>>;
    flags?: readonly Flag[];
    operands?: string;
  },
  env: (name: string) => string | undefined,
): Arguments {
  const flags = [...COMMON_FLAGS, ...command.flags ?? []];
  const valued = [
    ...command.settings.flatMap((name) => SETTINGS[name].option ?? []),
    ...flags.flatMap((flag) => flag.value ? flag.name : []),
  ];
  const unknown: string[] = [];
  const parsed = parseArgs(args, {
    string: [...valued, "_"],
    collect: valued,
    boolean: flags.flatMap((flag) => flag.value ? [] : flag.name),
    unknown: (arg, key) => {
      if (key !== undefined && arg !== "-") unknown.push(arg);
    },
  });
  // What follows the "=" may be a password.
  if (unknown.length > 0) throw new UsageError(`Unknown option ${unknown[0]!.split("=")[0]}`);
  if (command.operands === undefined && parsed._.length > 0) {
    throw new UsageError(`Unexpected ${JSON.stringify(parsed._[0])}: it takes only options`);
  }
  for (const name of valued) {
    const [value, another] = (parsed[name] ?? []) as string[];
    if (another !== undefined) throw new UsageError(`Option --${name} is given twice`);
    if (value === "") throw new UsageError(`Option --${name} needs a value`);
    parsed[name] = value;
  }
  // `help` helps whatever the environment says.
  const isHeeding = command.settings.length > 0;
  const read = (name: SettingName): unknown => {
    const { env: variable, option, default: fallback, parse, secret } = SETTINGS[name] as Setting<
      unknown
    >;
    const given = option !== undefined && command.settings.includes(name)
      ? parsed[option] as string | undefined
      : undefined;
    // An empty variable is how shells and Lambda's console say "not set".
    const fromEnv = isHeeding ? env(variable)?.trim() : undefined;
    const text = given ?? (fromEnv || (command.defaults?.[name] ?? fallback));
    try {
      return parse(text);
    } catch (error) {
      const from = given === undefined ? variable : `--${option}`;
      const shown = secret ? "" : ` ${JSON.stringify(text.replace(URL_PASSWORD, "$1***@"))}`;
      throw new UsageError(`${from}${shown} ${(error as Error).message}`);
    }
  };
  const config = Object.fromEntries(
    (Object.keys(SETTINGS) as SettingName[]).map((name) => [name, read(name)]),
  ) as Config;
  config.logLevel = parsed.D ? "debug" : parsed.v ? "info" : parsed.q ? "error" : config.logLevel;
  return {
    config,
    operands: parsed._.map(String),
    flags: Object.fromEntries(
      flags.flatMap(({ name }) =>
        parsed[name] === undefined || parsed[name] === false
          ? []
          : [[name, parsed[name] as string | true]]
      ),
    ),
  };
}

function setting<T>(definition: Setting<T>): Setting<T> {
  return definition;
}
