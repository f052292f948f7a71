import { assert, assertEquals } from "@std/assert";
import { seededArchive } from "../jobs/audit/seeded_archive.ts";
import { serveArchive } from "../../src/demo/archive_server.ts";
import { buildhub, spawnBuildhub } from "../buildhub.ts";
import { startFaultProxy } from "../servers/fault_proxy.ts";
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
  { name: "to-kinto with bad lines", args: ["to-kinto"], stdin: `{"data": {"id": "${AUTH}"}}\n` },
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
