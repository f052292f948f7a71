import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { UsageError } from "../../src/errors/usage_error.ts";
import { makeFolder } from "../../src/storage/make_folder.ts";
import { listenError } from "../../src/jobs/listen_error.ts";
import { noticedInput } from "../../src/commands/noticed_input.ts";
import { buildhub } from "../buildhub.ts";
import { startServe } from "../servers/serve.ts";

const RECORD = JSON.stringify({
  data: {
    id: "firefox_52-0_win32_fr",
    source: { product: "firefox" },
    target: { platform: "win32", os: "win", locale: "fr", version: "52.0", channel: "release" },
    download: { url: "https://a.example/", mimetype: "a/b", size: 1, date: "2017-03-02T12:07:51Z" },
  },
});

Deno.test("a command that Kinto refuses says what to do", async (test) => {
  await using serve = await startServe({ env: { AUTH: "operator:pw12" } });
  const cache = await Deno.makeTempDir();
  const right = { SERVER_URL: serve.url, AUTH: "operator:pw12", CACHE_FOLDER: cache };
  const wrong = { ...right, AUTH: "operator:other" };
  const root = { ...right, SERVER_URL: new URL(serve.url).origin, NB_RETRY_REQUEST: "0" };
  const cases: { args: string[]; env: Record<string, string>; stdin?: string; says: string }[] = [
    { args: ["status"], env: right, says: '"buildhub load" creates' },
    { args: ["audit"], env: right, stdin: "", says: '"buildhub load" creates' },
    { args: ["to-kinto"], env: right, stdin: RECORD, says: '"buildhub load" creates' },
    { args: ["load"], env: root, says: `is it ${serve.url}? Set SERVER_URL, or --server` },
    { args: ["status"], env: root, says: `is it ${serve.url}? Set SERVER_URL, or --server` },
    { args: ["load"], env: wrong, says: "user and password in AUTH" },
  ];
  const run = ({ args, env, stdin, says }: typeof cases[number]) =>
    test.step(`${args}: ${says}`, async () => {
      const { code, stderr } = await buildhub(args, { env, stdin });
      assertEquals(code, 1, stderr);
      assertStringIncludes(stderr, says);
      assert(!stderr.includes("pw12"));
    });
  for (const one of cases) await run(one);
  assertEquals((await buildhub(["load"], { env: right })).code, 0);
  await run({ args: ["to-kinto"], env: wrong, stdin: RECORD, says: "user and password in AUTH" });
  await Deno.remove(cache, { recursive: true });
});

Deno.test("serve says what to do about a file or a port that another program uses", async () => {
  await using serve = await startServe();
  const { port } = new URL(serve.url);
  const second = await buildhub(["serve", "--port", "0", "--database", serve.database]);
  assertEquals([second.code, second.stderr], [
    2,
    `error: Cannot open the database ${serve.database}: another buildhub serve uses it; stop ` +
    "that, or choose another file with --database\n",
  ]);
  const taken = await buildhub(["serve", "--port", port, "--database", ":memory:"]);
  assertEquals([taken.code, taken.stderr], [
    2,
    `error: Cannot listen on 127.0.0.1:${port}: another program uses this port; choose one with ` +
    "--port or SERVE_PORT\n",
  ]);
});

Deno.test("listenError() explains ports below 1024, and leaves other errors alone", () => {
  const denied = listenError(new Deno.errors.PermissionDenied("no"), "127.0.0.1", 80);
  assertStringIncludes(
    String(denied),
    "Cannot listen on 127.0.0.1:80: ports below 1024 need root; choose another one with --port",
  );
  const other = new TypeError("a bug");
  assertEquals(listenError(other, "127.0.0.1", 80), other);
});

Deno.test("a usage error is data with LOG_FORMAT=json", async () => {
  for (const args of [["sattus"], ["status", "--nonsense"], ["status", "--auth", "a"]]) {
    const { code, stderr } = await buildhub(args, { env: { LOG_FORMAT: "json" } });
    const { level, event, message } = JSON.parse(stderr);
    assertEquals([code, level, event, typeof message], [2, "error", "usage", "string"]);
  }
});

Deno.test("makeFolder() names the setting of a folder that can't be written to", async () => {
  await assertRejects(
    () => makeFolder("/dev/null/a", "CSV_DOWNLOAD_DIRECTORY"),
    UsageError,
    "set CSV_DOWNLOAD_DIRECTORY to a folder that can be written to",
  );
});

Deno.test("noticedInput() calls back once, when the input is first read", async () => {
  const calls: string[] = [];
  const bytes = new Uint8Array([1, 2]);
  const input = noticedInput(ReadableStream.from([bytes, bytes]), () => calls.push("read"));
  await Promise.resolve();
  assertEquals(calls, []);
  assertEquals(await Array.fromAsync(input), [bytes, bytes]);
  assertEquals(calls, ["read"]);
});
