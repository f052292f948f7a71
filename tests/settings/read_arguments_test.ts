import { assert, assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../src/errors/usage_error.ts";
import { type Config, type SettingName, SETTINGS } from "../../src/settings/config.ts";
import { readArguments } from "../../src/settings/read_arguments.ts";

const ALL = Object.keys(SETTINGS) as SettingName[];
const PASSWORD = "s3cr3t:p@ss word";

function read(args: string[], env: Record<string, string> = {}) {
  const flags = [{ name: "json", help: "" }, { name: "out", value: "FILE", help: "" }];
  return readArguments(args, { settings: ALL, flags, operands: "[URL…]" }, (name) => env[name]);
}

Deno.test.each<{ name: SettingName; text: string; value: unknown }>([
  { name: "serverUrl", text: "", value: "http://localhost:8888/v1" },
  { name: "serverUrl", text: "https://kinto.example/v1//", value: "https://kinto.example/v1" },
  { name: "bucket", text: "", value: "build-hub" },
  { name: "collection", text: "", value: "releases" },
  { name: "auth", text: "", value: "user:pass" },
  { name: "auth", text: "user:with:colons:", value: "user:with:colons:" },
  { name: "auth", text: `user:${PASSWORD}`, value: `user:${PASSWORD}` },
  { name: "cacheFolder", text: "", value: "." },
  { name: "retries", text: "", value: 3 },
  { name: "retries", text: "0", value: 0 },
  { name: "parallelRequests", text: "", value: 8 },
  { name: "batchMaxRequests", text: "", value: undefined },
  { name: "batchMaxRequests", text: "10", value: 10 },
  { name: "timeoutMs", text: "", value: 300_000 },
  { name: "timeoutMs", text: "0.5", value: 500 },
  { name: "initializeServer", text: "", value: true },
  { name: "initializeServer", text: "False", value: false },
  { name: "initializeServer", text: "0", value: false },
  { name: "archiveUrl", text: "", value: "https://archive.mozilla.org/" },
  { name: "archiveUrl", text: "http://127.0.0.1:8080", value: "http://127.0.0.1:8080/" },
  { name: "archiveUrl", text: "http://a/b//", value: "http://a/b/" },
  { name: "products", text: "", value: ["firefox", "thunderbird", "mobile", "devedition"] },
  { name: "products", text: " mobile,firefox  mobile", value: ["mobile", "firefox"] },
  { name: "inventories", text: "", value: ["firefox", "archive"] },
  { name: "minAgeLastModifiedHours", text: "", value: 0 },
  { name: "minAgeLastModifiedHours", text: "1.5", value: 1.5 },
  { name: "s3Endpoint", text: "", value: undefined },
  { name: "s3ForcePathStyle", text: "", value: false },
  { name: "sentryDsn", text: "", value: undefined },
  { name: "logLevel", text: "", value: "warning" },
  { name: "logLevel", text: "WARN", value: "warning" },
  { name: "logLevel", text: "Debug", value: "debug" },
  { name: "logFormat", text: "json", value: "json" },
])("readArguments() reads $name from $text", ({ name, text, value }) => {
  assertEquals<unknown>(read([], { [SETTINGS[name].env]: text }).config[name], value);
  assertEquals<unknown>(read([], { [SETTINGS[name].env]: ` ${text} ` }).config[name], value);
});

Deno.test.each<{ variable: string; text: string; message: string }>([
  { variable: "SERVER_URL", text: "localhost:8888", message: "http://" },
  { variable: "SERVER_URL", text: "http:///v1", message: "http://" },
  { variable: "SERVER_URL", text: "http://[v1", message: "http://" },
  { variable: "BUCKET", text: "build hub", message: "letters" },
  { variable: "COLLECTION", text: "../x", message: "letters" },
  { variable: "NB_RETRY_REQUEST", text: "-1", message: "0 to 100" },
  { variable: "NB_RETRY_REQUEST", text: "three", message: "0 to 100" },
  { variable: "NB_RETRY_REQUEST", text: "1.5", message: "whole" },
  { variable: "NB_PARALLEL_REQUESTS", text: "0", message: "1 to 1000" },
  { variable: "BATCH_MAX_REQUESTS", text: "0", message: "1 to 100000" },
  { variable: "TIMEOUT_SECONDS", text: "0", message: "0.001 to 86400" },
  { variable: "TIMEOUT_SECONDS", text: "NaN", message: "0.001 to 86400" },
  { variable: "INITIALIZE_SERVER", text: "maybe", message: "true nor false" },
  { variable: "ARCHIVE_URL", text: "ftp://archive.mozilla.org/", message: "http://" },
  {
    variable: "PRODUCTS",
    text: "firefox seamonkey",
    message: "contains seamonkey, which is not one of firefox",
  },
  { variable: "PRODUCTS", text: ",", message: "contains no name" },
  { variable: "MIN_AGE_LAST_MODIFIED_HOURS", text: "-1", message: "0 to" },
  { variable: "LOG_LEVEL", text: "loud", message: "debug, info, warning, error" },
  { variable: "LOG_FORMAT", text: "xml", message: "text, json" },
])("readArguments() refuses $variable=$text", ({ variable, text, message }) => {
  const error = assertThrows(() => read([], { [variable]: text }), UsageError, message);
  assert(error.message.startsWith(`${variable} ${JSON.stringify(text)} `), error.message);
});

Deno.test.each<{ name: string; args: string[]; env?: Record<string, string> }>([
  { name: "AUTH without a colon", args: [], env: { AUTH: PASSWORD.replaceAll(":", "") } },
  { name: "AUTH without a user", args: [], env: { AUTH: `:${PASSWORD}` } },
  { name: "--auth without a colon", args: ["--auth", PASSWORD.replaceAll(":", "")] },
  { name: "a misspelled --auth", args: [`--Auth=user:${PASSWORD}`] },
  { name: "--auth given twice", args: ["--auth", `a:${PASSWORD}`, "--auth", `b:${PASSWORD}`] },
  { name: "a wrong URL", args: [], env: { SERVER_URL: "ftp://user:s3cr3t@kinto.example/v1" } },
  { name: "a wrong SENTRY_DSN", args: [], env: { SENTRY_DSN: `sentry.io/${PASSWORD}` } },
])("readArguments() doesn't show the secret of $name", ({ args, env }) => {
  const { message } = assertThrows(() => read(args, env), UsageError);
  assert(!message.includes(PASSWORD.slice(-8)) && !message.includes("s3cr3t"), message);
});

Deno.test("readArguments() doesn't show the secret of an option that the command doesn't have", () => {
  const { message } = assertThrows(
    () => readArguments([`--auth=user:${PASSWORD}`], { settings: ["archiveUrl"] }, () => undefined),
    UsageError,
  );
  assertEquals(message, "Unknown option --auth");
});

Deno.test.each<{ args: string[]; expected: Partial<Config> }>([
  { args: ["--bucket", "b"], expected: { bucket: "b", collection: "from-env" } },
  { args: ["--bucket=b", "--collection=c"], expected: { bucket: "b", collection: "c" } },
  { args: ["--server", "http://a/v1"], expected: { serverUrl: "http://a/v1" } },
  { args: ["-v"], expected: { logLevel: "info" } },
  { args: ["-D"], expected: { logLevel: "debug" } },
  { args: ["-q"], expected: { logLevel: "error" } },
  { args: ["-qD"], expected: { logLevel: "debug" } },
  { args: [], expected: { bucket: "from-env", collection: "from-env", logLevel: "info" } },
])("readArguments() lets $args override the environment", ({ args, expected }) => {
  const env = { BUCKET: "from-env", COLLECTION: "from-env", LOG_LEVEL: "info" };
  const { config } = read(args, env);
  for (const [name, value] of Object.entries(expected)) {
    assertEquals<unknown>(config[name as SettingName], value);
  }
});

Deno.test.each<{ args: string[]; message: string }>([
  { args: ["--nonsense"], message: "Unknown option --nonsense" },
  { args: ["-x"], message: "Unknown option -x" },
  { args: ["--__proto__", "x"], message: "Unknown option --__proto__" },
  { args: ["--constructor"], message: "Unknown option --constructor" },
  { args: ["--server.x=1"], message: "Unknown option --server.x" },
  { args: ["--bucket"], message: "Option --bucket needs a value" },
  { args: ["--bucket="], message: "Option --bucket needs a value" },
  { args: ["--bucket", "--json"], message: "Option --bucket needs a value" },
  { args: ["--out"], message: "Option --out needs a value" },
  { args: ["--bucket", "a", "--bucket", "b"], message: "Option --bucket is given twice" },
  { args: ["--bucket", "a b"], message: '--bucket "a b" is not an id of letters' },
])("readArguments() refuses $args", ({ args, message }) => {
  assertThrows(() => read(args), UsageError, message);
});

Deno.test("readArguments() tells options, flags and operands apart", () => {
  const { operands, flags } = read([
    "a",
    "--json",
    "007",
    "--out",
    "f",
    "-",
    "--",
    "--bucket",
    "-v",
  ]);
  assertEquals(operands, ["a", "007", "-", "--bucket", "-v"]);
  assertEquals(flags, { json: true, out: "f" });
});

Deno.test("readArguments() refuses operands of a command that takes none", () => {
  assertThrows(
    () => readArguments(["inventory.csv"], { settings: ["bucket"] }, () => undefined),
    UsageError,
    'Unexpected "inventory.csv"',
  );
});

Deno.test("readArguments() reads no environment for a command without settings, such as help", () => {
  const { config } = readArguments([], { settings: [] }, () => "not a value of anything \0");
  assertEquals<unknown>(config, {
    ...{ logFormat: "text", logLevel: "warning", logMetrics: undefined, sentryDsn: undefined },
  });
});

Deno.test("readArguments() reads the settings that a command declares, and the common ones", () => {
  const command = { settings: ["archiveUrl", "retries", "retries"] } as const;
  const env: Record<string, string> = { SERVE_PORT: "abc", AUTH: "abc", LOG_LEVEL: "info" };
  const { config } = readArguments([], command, (name) => env[name]);
  assertEquals<unknown>(config, {
    ...{ archiveUrl: "https://archive.mozilla.org/", retries: 3 },
    ...{ logFormat: "text", logLevel: "info", logMetrics: undefined, sentryDsn: undefined },
  });
  const wrong = { LOG_FORMAT: "xml" } as Record<string, string>;
  assertThrows(() => readArguments([], command, (name) => wrong[name]), UsageError, "LOG_FORMAT");
});

Deno.test("readArguments() tells the settings given as options from those of the environment", () => {
  const { given } = read(["--bucket", "build-hub"], { COLLECTION: "c" });
  assertEquals([...given], ["bucket"]);
});

Deno.test("SETTINGS have defaults that can be read, and options and variables of their own", () => {
  read([]);
  const settings = Object.values(SETTINGS);
  const options = settings.flatMap(({ option }) => option ?? []);
  assertEquals(new Set(options).size, options.length);
  assertEquals(new Set(settings.map(({ env }) => env)).size, settings.length);
});

Deno.test.each<{ name: string; args?: string[]; env: Record<string, string>; expected: object }>([
  {
    name: "SERVER_URL's user and password, as AUTH",
    env: { SERVER_URL: "https://us%40er:in@url:80@kinto.example/v1/" },
    expected: { serverUrl: "https://kinto.example/v1", auth: "us@er:in@url:80" },
  },
  {
    name: "a token without a password",
    env: { SERVER_URL: "https://t0ken@kinto.example/v1" },
    expected: { serverUrl: "https://kinto.example/v1", auth: "t0ken:" },
  },
  {
    name: "AUTH rather than SERVER_URL's",
    env: { SERVER_URL: "https://user:pw@kinto.example/v1", AUTH: "other:one" },
    expected: { serverUrl: "https://kinto.example/v1", auth: "other:one" },
  },
  {
    name: "--auth rather than SERVER_URL's",
    args: ["--auth", "other:one", "--server", "https://user:pw@kinto.example/v1"],
    env: {},
    expected: { serverUrl: "https://kinto.example/v1", auth: "other:one" },
  },
  {
    name: "ARCHIVE_URL's user and password, as ARCHIVE_AUTH",
    env: { ARCHIVE_URL: "http://user:%zz@archive.example" },
    expected: { archiveUrl: "http://archive.example/", archiveAuth: "user:%zz" },
  },
  {
    name: "an @ in a path",
    env: { ARCHIVE_URL: "http://archive.example/a@b/" },
    expected: { archiveUrl: "http://archive.example/a@b/", archiveAuth: undefined },
  },
])("readArguments() takes $name", ({ args = [], env, expected }) => {
  const config: Partial<Config> = read(args, env).config;
  const names = Object.keys(expected) as SettingName[];
  assertEquals(Object.fromEntries(names.map((name) => [name, config[name]])), expected);
});

Deno.test.each([
  { given: "localhost:8888/v1", shown: "localhost:8888/v1" },
  { given: "kinto", shown: "kinto" },
  { given: "ftp://kinto.example/v1", shown: "ftp://kinto.example/v1" },
  { given: "ftp://user:pw12@kinto.example/v1", shown: "ftp://***@kinto.example/v1" },
  { given: "ftp://t0ken@kinto.example/v1", shown: "ftp://***@kinto.example/v1" },
  { given: "https://user:pw/12@kinto.example/v1", shown: "***" },
  { given: "user:pw12", shown: "***" },
  { given: "user:pw12@kinto.example", shown: "***" },
])("readArguments() refuses SERVER_URL $given, and shows $shown", ({ given, shown }) => {
  const { message } = assertThrows(() => read([], { SERVER_URL: given }), UsageError);
  assertEquals(message, `SERVER_URL ${JSON.stringify(shown)} ${message.split('" ')[1]}`);
});

Deno.test("readArguments() refuses a password for S3, which wouldn't be sent", () => {
  const env = { AWS_ENDPOINT_URL_S3: "https://user:pw12@s3.example" };
  const { message } = assertThrows(() => read([], env), UsageError);
  assert(message.includes('"https://***@s3.example" contains a user name or a password'), message);
});
