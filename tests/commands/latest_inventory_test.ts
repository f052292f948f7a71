import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { startFaultProxy } from "../servers/fault_proxy.ts";
import { startMoto } from "../servers/moto.ts";

const MAIN = new URL("../../main.ts", import.meta.url).pathname;
const CONFIG = new URL("../../deno.json", import.meta.url).pathname;
const ROWS = `"b","pub/a","1","2017-06-02T12:20:10.2Z","x"\n`.repeat(20_000);

/** Moto with both inventories, and what runs `latest-inventory` against it. */
async function setUp() {
  await using stack = new AsyncDisposableStack();
  const moto = stack.use(await startMoto());
  await moto.putInventory({ name: "firefox", pieces: ["f1\n", ROWS], date: "2017-07-02T03-09Z" });
  await moto.putInventory({ name: "archive", pieces: ["a1"] });
  const directory = await Deno.makeTempDir({ prefix: "buildhub-test-" });
  stack.defer(() => Deno.remove(directory, { recursive: true }));
  const env = {
    AWS_ENDPOINT_URL_S3: moto.url,
    S3_FORCE_PATH_STYLE: "true",
    CSV_DOWNLOAD_DIRECTORY: directory,
    NB_RETRY_REQUEST: "1",
  };
  const command = (args: string[], more: Record<string, string> = {}) =>
    new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "--allow-all", `--config=${CONFIG}`, MAIN, ...args],
      env: { ...env, ...more },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    });
  const parts = stack.move();
  return {
    moto,
    directory,
    command,
    async run(args: string[], more?: Record<string, string>) {
      const { code, stdout, stderr } = await command(["latest-inventory", ...args], more).output();
      const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
      return { code, stdout: text(stdout), stderr: text(stderr) };
    },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

Deno.test("latest-inventory prints the CSV, and a summary that adds up", async (test) => {
  await using s3 = await setUp();
  await test.step("of all INVENTORIES in order", async () => {
    const { code, stdout, stderr } = await s3.run([]);
    assertEquals([code, stdout], [0, `f1\n${ROWS}a1\n`]);
    const pattern =
      /^firefox of 2017-07-02T03-09Z: 2 pieces = 2 downloaded \+ 0 reused; (\d+) bytes = \1 downloaded \+ 0 reused; 900003 bytes of CSV\narchive of 2017-07-01T03-09Z: 1 piece = 1 downloaded \+ 0 reused; (\d+) bytes = \2 downloaded \+ 0 reused; 3 bytes of CSV\n$/;
    assertMatch(stderr, pattern);
  });
  await test.step("of those named, reused", async () => {
    const { code, stdout, stderr } = await s3.run(["-q", "archive", "archive"]);
    assertEquals([code, stdout, stderr], [0, "a1\n", ""]);
    assertMatch((await s3.run(["archive"])).stderr, /: 1 piece = 0 downloaded \+ 1 reused; /);
  });
  await test.step("into a folder of the temporary one", async () => {
    const more = { CSV_DOWNLOAD_DIRECTORY: "", TMPDIR: s3.directory };
    assertEquals((await s3.run(["archive"], more)).code, 0);
    const files = [...Deno.readDirSync(`${s3.directory}/buildhub-inventories`)];
    assertEquals(files.length, 1);
  });
});

Deno.test("latest-inventory refuses", async (test) => {
  await using s3 = await setUp();
  const cases = [
    { args: ["nothing"], code: 1, message: 'no inventory "nothing": there is no dated folder' },
    { args: ["../etc"], code: 2, message: '"../etc" is no inventory\'s name' },
    { args: ["firefox", "A/B"], code: 2, message: '"A/B" is no inventory\'s name' },
    { args: ["--frob"], code: 2, message: "Unknown option --frob" },
  ];
  for (const { args, code, message } of cases) {
    await test.step(args.join(" "), async () => {
      const result = await s3.run(args);
      assertEquals([result.code, result.stdout], [code, ""]);
      assertStringIncludes(result.stderr, message);
      assertEquals(result.stderr.trim().split("\n").length, 1);
    });
  }
});

Deno.test("latest-inventory ends quietly when its reader has seen enough", async () => {
  await using s3 = await setUp();
  await using child = s3.command(["latest-inventory", "firefox"]).spawn();
  const reader = child.stdout.getReader();
  await reader.read();
  await reader.cancel();
  assertEquals([(await child.status).code, await child.stderr.text()], [0, ""]);
});

Deno.test("latest-inventory exits 130 on Ctrl-C, and leaves no half download", async () => {
  await using s3 = await setUp();
  const piece = Promise.withResolvers<void>();
  await using proxy = await startFaultProxy(s3.moto.url, {
    faults: { latency: 1 },
    latencyMs: 60_000,
    only: ({ path }) => {
      if (path.includes("-1.csv.gz")) piece.resolve();
      return path.includes("-1.csv.gz");
    },
  });
  const env = { AWS_ENDPOINT_URL_S3: proxy.url };
  await using child = s3.command(["latest-inventory", "firefox"], env).spawn();
  await piece.promise;
  child.kill("SIGINT");
  const { code, stderr } = await child.output();
  assertEquals(code, 130);
  assertMatch(
    new TextDecoder().decode(stderr),
    /^Stopping: finishing what is under way\nInterrupted after \d+ of \d+ bytes of firefox\n$/,
  );
  const files = [...Deno.readDirSync(s3.directory)].map(({ name }) => name);
  assertEquals(files.filter((name) => name.endsWith(".part")), []);
});
