import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { COMMANDS } from "../main.ts";
import { SETTINGS } from "../src/settings/config.ts";
import { buildhub, spawnBuildhub } from "./buildhub.ts";
import { conformanceInventory, serveConformanceArchive } from "./conformance.ts";
import denoJson from "../deno.json" with { type: "json" };

Deno.test.each<{ args: string[]; stdout: RegExp }>([
  { args: [], stdout: /^buildhub: .*\n\nUsage: buildhub COMMAND/ },
  { args: ["help"], stdout: /^buildhub: .*\n\nUsage: buildhub COMMAND/ },
  { args: ["--help"], stdout: /^buildhub: .*\n\nUsage: buildhub COMMAND/ },
  { args: ["-h"], stdout: /^buildhub: .*\n\nUsage: buildhub COMMAND/ },
  { args: ["help", "explain"], stdout: /^Usage: buildhub explain \[OPTION…\] \[URL…\]\n/ },
  { args: ["--help", "explain"], stdout: /^Usage: buildhub explain / },
  { args: ["explain", "--json", "--help"], stdout: /^Usage: buildhub explain / },
  { args: ["version"], stdout: new RegExp(`^buildhub ${denoJson.version} \\(Deno .*\\)\n$`) },
  { args: ["--version"], stdout: new RegExp(`^buildhub ${denoJson.version} \\(Deno .*\\)\n$`) },
])("buildhub $args prints to stdout, and exits with 0", async ({ args, stdout }) => {
  const run = await buildhub(args);
  assertEquals([run.code, run.stderr], [0, ""]);
  assertMatch(run.stdout, stdout);
});

Deno.test.each<{ args: string[]; env?: Record<string, string>; says: string }>([
  { args: ["nonsense"], says: 'No command "nonsense"; "buildhub help" lists them' },
  { args: ["help", "nonsense"], says: 'No command "nonsense"; "buildhub help" lists them' },
  { args: ["inventory"], says: "did you mean inventory-to-records" },
  { args: ["sattus"], says: 'No command "sattus"; did you mean status?' },
  { args: ["help", "to-kino"], says: 'No command "to-kino"; did you mean to-kinto?' },
  { args: ["status", "--max-agee=1d"], says: "Unknown option --max-agee; did you mean --max-age?" },
  { args: ["__proto__"], says: 'No command "__proto__"' },
  { args: ["explain", "--nonsense"], says: "Unknown option --nonsense" },
  { args: ["version", "please"], says: 'Unexpected "please"' },
  { args: ["inventory-to-records", "a.csv"], says: 'Unexpected "a.csv"' },
  {
    args: ["explain", "a"],
    env: { ARCHIVE_URL: "archive" },
    says: 'ARCHIVE_URL "archive" is not a URL',
  },
  {
    args: ["inventory-to-records"],
    env: { NB_PARALLEL_REQUESTS: "many" },
    says: 'NB_PARALLEL_REQUESTS "many" is not a number from 1 to 1000',
  },
  { args: ["inventory-to-records"], env: { CACHE_FOLDER: "/dev/null/a" }, says: "CACHE_FOLDER" },
  { args: ["to-kinto", "--auth", "s3cr3t"], says: "--auth is not of the form user:password" },
  { args: ["to-kinto"], env: { AUTH: "s3cr3t" }, says: "AUTH is not of the form user:password" },
  { args: ["explain", "--auth=user:s3cr3t"], says: "Unknown option --auth" },
])(
  "buildhub $args with $env is refused in one line, with exit code 2",
  async ({ args, env, says }) => {
    const { code, stdout, stderr } = await buildhub(args, { env });
    assertEquals([code, stdout], [2, ""], stderr);
    assertMatch(stderr, /^error: [^\n]+\n$/);
    assertStringIncludes(stderr, says);
    assert(!stderr.includes("s3cr3t"), stderr);
  },
);

Deno.test("buildhub help helps whatever the settings are", async () => {
  const { code, stdout } = await buildhub(["help"], { env: { BUCKET: "no such name", AUTH: "x" } });
  assertEquals(code, 0);
  assertStringIncludes(stdout, "Usage:");
});

Deno.test.each([...COMMANDS.keys()])("buildhub help describes %s", async (name) => {
  const { command } = await COMMANDS.get(name)!();
  const all = await buildhub(["help"]);
  assertMatch(all.stdout, new RegExp(`^  ${name} +${escaped(command.summary)}$`, "m"));
  const one = await buildhub(["help", name]);
  assertEquals(one.code, 0);
  for (const setting of command.settings) assertStringIncludes(one.stdout, SETTINGS[setting].env);
  for (const flag of command.flags ?? []) assertStringIncludes(one.stdout, flag.help);
});

Deno.test.each([...COMMANDS.keys()])("deno task %s is the command", (name) => {
  const tasks: Record<string, string> = denoJson.tasks;
  assertEquals(tasks[name], `deno task --quiet buildhub ${name}`);
});

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

Deno.test("every setting is one of a command", async () => {
  const commands = await Promise.all([...COMMANDS.values()].map((load) => load()));
  // Those that main.ts itself reads, whatever the command.
  const known = new Set(["sentryDsn", "logLevel", "logFormat", "logMetrics"]);
  for (const { command } of commands) for (const name of command.settings) known.add(name);
  assertEquals(Object.keys(SETTINGS).filter((name) => !known.has(name)), []);
});

/** Reads the first lines of stdout, and closes it. */
async function head(child: Deno.ChildProcess): Promise<string> {
  const reader = child.stdout.getReader();
  const { value } = await reader.read();
  await reader.cancel();
  return new TextDecoder().decode(value);
}

const BUILD =
  "https://archive.mozilla.org/pub/firefox/releases/52.0/linux-x86_64/fr/firefox-52.0.tar.bz2";

Deno.test("buildhub explain ends quietly when its reader closes the pipe", async () => {
  const child = spawnBuildhub(["explain", "--json"]);
  const endless = new ReadableStream<Uint8Array>({
    pull: (it) => it.enqueue(new TextEncoder().encode(`${BUILD}\n`.repeat(1_000))),
  });
  const written = endless.pipeTo(child.stdin).catch(() => {});
  assertStringIncludes(await head(child), '"kind":"build"');
  const [{ code }, stderr] = await Promise.all([child.status, new Response(child.stderr).text()]);
  await written;
  assertEquals([code, stderr], [0, ""]);
});

Deno.test("buildhub inventory-to-records ends quietly when its reader closes the pipe", async () => {
  await using archive = await serveConformanceArchive();
  const cache = await Deno.makeTempDir();
  const child = spawnBuildhub(["inventory-to-records"], {
    ARCHIVE_URL: archive.url,
    CACHE_FOLDER: cache,
  });
  const pieces = await conformanceInventory("firefox");
  const endless = new ReadableStream<Uint8Array>({
    pull(it) {
      for (const piece of pieces) it.enqueue(piece);
    },
  });
  const written = endless.pipeTo(child.stdin).catch(() => {});
  assert((await head(child)).startsWith('{"data":'));
  const [{ code }, stderr] = await Promise.all([child.status, new Response(child.stderr).text()]);
  await written;
  assertEquals([code, stderr], [0, ""]);
  await Deno.remove(cache, { recursive: true });
});

Deno.test.each<{ signal: Deno.Signal; code: number }>([
  { signal: "SIGINT", code: 130 },
  { signal: "SIGTERM", code: 143 },
])("buildhub explain ends on $signal while it waits for input", async ({ signal, code }) => {
  const child = spawnBuildhub(["explain"]);
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(`${BUILD}\n`));
  const reader = child.stdout.getReader();
  await reader.read();
  child.kill(signal);
  const [status, stderr] = await Promise.all([child.status, new Response(child.stderr).text()]);
  assertEquals([status.code, stderr], [code, "Stopping: finishing what is under way\n"]);
  await reader.cancel();
  await writer.close().catch(() => {});
});

Deno.test.each<{ signal: Deno.Signal; code: number }>([
  { signal: "SIGINT", code: 130 },
  { signal: "SIGTERM", code: 143 },
])("buildhub inventory-to-records saves its cache on $signal", async ({ signal, code }) => {
  await using archive = await serveConformanceArchive();
  const cache = await Deno.makeTempDir();
  const env = { ARCHIVE_URL: archive.url, CACHE_FOLDER: cache };
  const [piece] = await conformanceInventory("firefox");
  const whole = await buildhub(["inventory-to-records"], {
    stdin: piece!,
    env: { ...env, CACHE_FOLDER: `${cache}/other` },
  });
  archive.requests.clear();

  const child = spawnBuildhub(["inventory-to-records"], env);
  const writer = child.stdin.getWriter();
  await writer.write(piece!);
  const stderr = new Response(child.stderr).text();
  // Input stays open: only the signal ends it, once every record is there.
  let stdout = "";
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    stdout += text;
    if (stdout.length === whole.stdout.length) child.kill(signal);
  }
  const { code: exitCode } = await child.status;
  assertEquals(exitCode, code, await stderr);
  assertEquals(stdout, whole.stdout);
  assertMatch(
    await stderr,
    /^Stopping: finishing what is under way\nInterrupted after (\d+) rows\n\1 rows = /m,
  );
  await writer.close().catch(() => {});

  const found = ([path]: [string, number]) => archive.tree.file(path) !== undefined;
  assert([...archive.requests].some(found));
  archive.requests.clear();
  const again = await buildhub(["inventory-to-records"], { stdin: piece!, env });
  assertEquals([...archive.requests].filter(found), []);
  assertEquals(again.stdout, stdout);
  await Deno.remove(cache, { recursive: true });
});
