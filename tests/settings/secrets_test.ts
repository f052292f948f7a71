import { assert, assertEquals } from "@std/assert";
import { seededArchive } from "../jobs/audit/seeded_archive.ts";
import { serveArchive } from "../../src/demo/archive_server.ts";
import { buildhub, spawnBuildhub } from "../buildhub.ts";
import { startFaultProxy } from "../servers/fault_proxy.ts";
import { startOtlp } from "../servers/otlp.ts";
import { startServe } from "../servers/serve.ts";

const PASSWORD = "pa55 wörd:with:colons";
const AUTH = `operator:${PASSWORD}`;
const SENTRY_KEY = "5ecre7key";

/** The password as it is, and as it may be spelled on its way. */
const SPELLINGS = [
  PASSWORD,
  SENTRY_KEY,
  encodeURIComponent(PASSWORD),
  btoa(String.fromCharCode(...new TextEncoder().encode(AUTH))),
  JSON.stringify(PASSWORD).slice(1, -1),
];

interface Case {
  name: string;
  args: string[];
  stdin?: string;
  env?: Record<string, string>;
}

const CASES: Case[] = [
  { name: "load", args: ["load"] },
  { name: "audit --fix", args: ["audit", "--fix"], stdin: "inventory" },
  { name: "inventory-to-records", args: ["inventory-to-records"], stdin: "inventory" },
  { name: "to-kinto with bad lines", args: ["to-kinto"], stdin: `{"data": {"id": 1}}\n{\n` },
  { name: "status", args: ["status"] },
  { name: "a wrong option's value", args: ["load", "--auth", ":"] },
  { name: "the password as an option", args: ["status", "--auth", AUTH] },
  { name: "the password as an option's value", args: ["status", "--server", AUTH] },
  { name: "the password as an operand", args: ["explain", PASSWORD], env: { LOG_FORMAT: "text" } },
  {
    name: "no server",
    args: ["latest-inventory-to-kinto"],
    env: { SERVER_URL: "http://127.0.0.1:9/v1", NB_RETRY_REQUEST: "1" },
  },
  { name: "a server that repeats what it's sent", args: ["status"], env: { SERVER_URL: "echo" } },
];

Deno.test.each(
  CASES.flatMap((one) => ["text", "json"].map((format) => ({ ...one, format }))),
)("no secret is in what $name writes as $format", async ({ args, stdin, env, format }) => {
  const seeded = seededArchive({ releases: 1, nightlies: 1, others: 0 });
  await using archive = serveArchive({ files: seeded.documents });
  await using serve = await startServe({ env: { AUTH, LOG_LEVEL: "debug" } });
  await using echo = await startFaultProxy(serve.url, {
    handle: (request) =>
      Promise.resolve({
        status: 403,
        headers: { "content-type": "application/json" },
        body: new TextEncoder().encode(
          JSON.stringify({
            message: `No: ${JSON.stringify([...Object.entries(request.headers)])}`,
          }),
        ),
      }),
  });
  const cache = await Deno.makeTempDir();
  const settings = {
    ...{ AUTH, SERVER_URL: serve.url, ARCHIVE_URL: archive.url, CACHE_FOLDER: cache },
    ...{ SENTRY_DSN: `http://${SENTRY_KEY}@127.0.0.1:9/1`, LOG_METRICS: "logging" },
    ...{ LOG_LEVEL: "debug", LOG_FORMAT: format },
    ...env,
  };
  if (settings.SERVER_URL === "echo") settings.SERVER_URL = `${new URL(echo.url).origin}/v1`;
  const input = stdin === "inventory" ? seeded.csv : stdin;
  const { stdout, stderr } = await buildhub(args, { env: settings, stdin: input });
  const isEcho = args[0] === "explain"; // it says what it's asked
  for (const output of [isEcho ? "" : stdout, stderr, ...serve.logs]) {
    for (const secret of SPELLINGS) assert(!output.includes(secret), `${secret} in ${output}`);
  }
  if (format === "json") assertJsonLines(stderr);
  await Deno.remove(cache, { recursive: true });
});

/** What isn't the outcome is JSON with the stable names. */
function assertJsonLines(stderr: string): void {
  for (const line of stderr.split("\n").filter((line) => line.startsWith("{"))) {
    const { time, level, message } = JSON.parse(line);
    assert(!Number.isNaN(Date.parse(time)) && message !== undefined, line);
    assert(["debug", "info", "warning", "error"].includes(level), line);
  }
}

Deno.test("no secret is in what serve writes when it can't start", async () => {
  const child = spawnBuildhub(["serve", "--port", "0", "--database", "/"], { AUTH });
  await child.stdin.close();
  const { code, stdout, stderr } = await child.output();
  assertEquals(code, 2);
  const output = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  for (const secret of SPELLINGS) assert(!output.includes(secret), output);
});

Deno.test("passwords in SERVER_URL and ARCHIVE_URL are sent, and are in no trace, record or message", async () => {
  const seeded = seededArchive({ releases: 1, nightlies: 1, others: 0 });
  await using archive = serveArchive({ files: seeded.documents });
  await using otlp = await startOtlp();
  await using serve = await startServe({ env: { AUTH: "operator:pw12" } });
  const authorizations = new Set<unknown>();
  await using guarded = await startFaultProxy(archive.url, {
    handle(request, forward) {
      authorizations.add(request.headers.authorization);
      return forward(request);
    },
  });
  const withUser = (url: string, user: string) => url.replace("://", `://${user}@`);
  const cache = await Deno.makeTempDir();
  const env = {
    ...{ ...otlp.env, CACHE_FOLDER: cache, LOG_LEVEL: "debug" },
    SERVER_URL: withUser(serve.url, "operator:pw12"),
    ARCHIVE_URL: withUser(guarded.url, "t0ken"),
  };
  const runs = [
    await buildhub(["load"], { env }),
    await buildhub(["audit", "--fix"], { env, stdin: seeded.csv }),
    await buildhub(["inventory-to-records"], { env, stdin: seeded.csv }),
    await buildhub(["inventory-to-records"], {
      env: { ...env, ARCHIVE_URL: "http://t0ken:pw12@127.0.0.1:9", NB_RETRY_REQUEST: "0" },
      stdin: seeded.csv,
    }),
  ];
  assertEquals(runs.slice(0, 3).map(({ code }) => code), [0, 0, 0], runs[1]!.stderr);
  assertEquals([...authorizations], [`Basic ${btoa("t0ken:")}`]);
  const outputs = runs.flatMap(({ stdout, stderr }) => [stdout, stderr]);
  assert(otlp.text().includes(new URL(guarded.url).host));
  for (const output of [...outputs, otlp.text(), ...serve.logs]) {
    for (const secret of ["pw12", "t0ken", btoa("t0ken:")]) {
      assert(!output.includes(secret), `${secret} in ${output.slice(0, 5_000)}`);
    }
  }
  await Deno.remove(cache, { recursive: true });
});

Deno.test.each(["https://user:pw12@kinto.example/v1", "https://t0ken@kinto.example/v1"])(
  "serve refuses to publish the password of --catalogue-of %s",
  async (url) => {
    const { code, stderr } = await buildhub(["serve", "--catalogue-of", url]);
    assertEquals(code, 2);
    assertEquals(
      stderr,
      "error: --catalogue-of https://***@kinto.example/v1 contains a user name or a password: " +
        "the page would publish it\n",
    );
  },
);

Deno.test("messages keep words that are also a user name or a password", async () => {
  const wrong = await buildhub(["status"], { env: { AUTH: "user" } });
  assertEquals([wrong.code, wrong.stderr], [2, "error: AUTH is not of the form user:password\n"]);
  const env = { AUTH: "firefox:nightly", SERVER_URL: "http://127.0.0.1:9/nightly/v1" };
  const { stderr } = await buildhub(["status"], { env: { ...env, NB_RETRY_REQUEST: "0" } });
  assert(stderr.includes("Cannot reach http://127.0.0.1:9/nightly/v1/"), stderr);
});
