import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { startSentry } from "../servers/sentry.ts";

const MAIN = new URL("../../main.ts", import.meta.url).href;
const CONFIG = new URL("../../deno.json", import.meta.url).pathname;

/** Runs `latest-inventory` against an S3 server that isn't there, or other code. */
async function run(env: Record<string, string>, { s3 = "http://127.0.0.1:9", code = "" } = {}) {
  const script = `${code}
    import { main } from ${JSON.stringify(MAIN)};
    Deno.exit(await main(["latest-inventory", "firefox"]));`;
  const { code: exitCode, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--quiet", `--config=${CONFIG}`, script],
    env: {
      AWS_ENDPOINT_URL_S3: s3,
      S3_FORCE_PATH_STYLE: "true",
      NB_RETRY_REQUEST: "0",
      AUTH: "admin:correct horse battery",
      ...env,
    },
    stdout: "null",
  }).output();
  return { exitCode, stderr: new TextDecoder().decode(stderr) };
}

Deno.test.each(["1", "buildhub"])(
  "Sentry.report() sends an error with its cause to project %s",
  async (project) => {
    await using sentry = startSentry({ project });
    const { exitCode, stderr } = await run({ SENTRY_DSN: sentry.dsn });
    assertEquals(exitCode, 1);
    assertStringIncludes(stderr, "error: Cannot read s3://");
    assertEquals(sentry.events.length, 1, sentry.received.join("\n"));
    const [event] = sentry.events;
    assertEquals(event?.level, "error");
    assertEquals(event?.tags, { command: "latest-inventory" });
    assertStringIncludes(event?.release ?? "", "buildhub@");
    const errors = event?.exception?.values ?? [];
    assertEquals(errors.map(({ type }) => type), ["Error", "S3Error"]);
    assertStringIncludes(errors.at(-1)?.value ?? "", "ECONNREFUSED");
    assert((errors.at(-1)?.stacktrace?.frames.length ?? 0) > 0);
  },
);

Deno.test.each([
  { name: "a thrown error", code: `setTimeout(() => { throw new Error(MESSAGE); }, 500);` },
  { name: "a rejection", code: `setTimeout(() => Promise.reject(new Error(MESSAGE)), 500);` },
])("Sentry.report() sends $name that nothing awaits", async ({ code }) => {
  await using sentry = startSentry();
  // S3 that never answers: the command is still under way when it crashes.
  using silent = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const message = `const MESSAGE = "boom";`;
  const { exitCode, stderr } = await run(
    { SENTRY_DSN: sentry.dsn },
    { code: message + code, s3: `http://127.0.0.1:${silent.addr.port}` },
  );
  assertEquals(exitCode, 1);
  assertStringIncludes(stderr, "Crashed: boom");
  assertEquals(sentry.events.length, 1);
  assertEquals(sentry.events[0]?.level, "fatal");
  assertStringIncludes(sentry.events[0]?.exception?.values[0]?.value ?? "", "boom");
  for (
    const secret of ["correct horse battery", "secretkey", btoa("admin:correct horse battery")]
  ) {
    assert(!sentry.received.join("\n").includes(secret), secret);
  }
});

Deno.test("Sentry is neither loaded nor told anything without SENTRY_DSN", async () => {
  await using sentry = startSentry();
  const { exitCode } = await run({ SENTRY_DSN: "" });
  assertEquals([exitCode, sentry.received], [1, []]);
});

Deno.test.each([
  { name: "isn't there", answer: undefined },
  { name: "fails", answer: () => Promise.resolve(new Response("no", { status: 500 })) },
  {
    name: "asks for patience",
    answer: () =>
      Promise.resolve(new Response("no", { status: 429, headers: { "retry-after": "3600" } })),
  },
  { name: "never answers", answer: () => new Promise<Response>(() => {}) },
])("a run ends as ever when Sentry $name", async ({ answer }) => {
  await using sentry = startSentry({ answer });
  const SENTRY_DSN = answer ? sentry.dsn : "http://publickey@127.0.0.1:9/1";
  const { exitCode, stderr } = await run({ SENTRY_DSN });
  assertEquals(exitCode, 1);
  assertEquals(stderr.trim().split("\n").length, 1, stderr);
  assertEquals(sentry.events.length, answer ? 1 : 0);
});

Deno.test.each(["https://sentry.example/1", "key@sentry.example/1", "https://key@sentry.example"])(
  "SENTRY_DSN %s is refused before any work, and not shown",
  async (SENTRY_DSN) => {
    const { exitCode, stderr } = await run({ SENTRY_DSN });
    assertEquals(exitCode, 2);
    assertEquals(stderr, "error: SENTRY_DSN is not of the form https://KEY@HOST/PROJECT\n");
  },
);
