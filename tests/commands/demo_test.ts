import { assert, assertEquals, assertMatch } from "@std/assert";
import { sampleArchive } from "../../src/demo/sample_archive.ts";
import { startProcess } from "../servers/process.ts";

const MAIN = new URL("../../main.ts", import.meta.url).pathname;

/** The command line, with rights to this machine and to one folder only. */
function demo(folder: string, ...args: string[]): { args: string[]; env: Record<string, string> } {
  const rights = ["--allow-env", "--allow-sys", "--allow-read", `--allow-write=${folder}`];
  return {
    args: ["run", ...rights, "--allow-net=127.0.0.1", MAIN, "demo", ...args],
    env: { TMPDIR: folder },
  };
}

Deno.test("demo --once indexes its own archive without network, and leaves nothing behind", async () => {
  const folder = await Deno.makeTempDir();
  const output = await new Deno.Command(Deno.execPath(), demo(folder, "--once")).output();
  const said = new TextDecoder().decode(output.stderr);
  assertEquals([output.code, output.stdout.length], [0, 0], said);

  const numbers = (pattern: RegExp) => (said.match(pattern) ?? []).slice(1).map(Number);
  const [rows, ignored, builds] = numbers(/^(\d+) rows = (\d+) ignored \+ (\d+) builds$/m);
  assertEquals([rows, rows], [sampleArchive().length, ignored! + builds!]);
  const [all, published, unchanged, refused, incomplete] = numbers(
    /^(\d+) builds = (\d+) published \+ (\d+) unchanged \+ (\d+) refused \+ (\d+) incomplete$/m,
  );
  assertEquals([all, all], [builds, published! + incomplete!]);
  assertEquals([unchanged, refused], [0, 0]);
  assert(published! >= 300);
  assertMatch(said, new RegExp(`^The catalogue has ${published} records\\.$`, "m"));
  assertEquals([...Deno.readDirSync(folder)], []);
  await Deno.remove(folder);
});

Deno.test("demo serves a catalogue until Ctrl-C, and the commands that it names work", async () => {
  const folder = await Deno.makeTempDir();
  const { args, env } = demo(folder);
  const [server] = await startProcess(Deno.execPath(), {
    args,
    env,
    ready: /Serving until Ctrl-C/,
    stop: "SIGINT",
  });
  {
    await using _ = server;
    const urls = server.logs.flatMap((line) => line.match(/^ {2}curl '(.*)'$/)?.[1] ?? []);
    const [byBuildId, byVersion] = await Promise.all(urls.map(async (url) => {
      const { data } = await (await fetch(url)).json();
      return data;
    }));
    assert(byBuildId.length > 1);
    assertEquals(
      new Set(byBuildId.map(({ build }: { build: { id: string } }) => build.id)).size,
      1,
    );
    const platforms = byVersion.map(({ target }: { target: { platform: string } }) =>
      target.platform
    );
    assert(platforms.includes("win32-eme-free"));
    assertEquals(platforms, [...platforms].sort());

    const lines = server.logs.map((line) => line.trim());
    const start = lines.findIndex((line) => line.startsWith("export "));
    const pipe = lines.slice(start, start + 3).join("\n");
    const { code, stderr } = await new Deno.Command("sh", {
      args: ["-ec", pipe],
      cwd: new URL("../..", import.meta.url).pathname,
      env: { CACHE_FOLDER: folder, CSV_DOWNLOAD_DIRECTORY: folder },
    }).output();
    const said = new TextDecoder().decode(stderr);
    assertEquals(code, 0, said);
    assertMatch(said, /(\d+) read = 0 published \+ \1 unchanged \+ 0 refused$/m);
  }
  assertEquals(
    [...Deno.readDirSync(folder)].filter(({ name }) => name.startsWith("buildhub-demo")),
    [],
  );
  await Deno.remove(folder, { recursive: true });
});
