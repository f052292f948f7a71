import { assert, assertEquals, assertMatch } from "@std/assert";
import { sleep } from "../../src/net/sleep.ts";
import { spawnBuildhub } from "../buildhub.ts";

Deno.test("demo indexes its own archive, serves what it published, and leaves nothing behind", async () => {
  const folder = await Deno.makeTempDir();
  const demo = spawnBuildhub(["demo"], { TMPDIR: folder });
  await demo.stdin.close();
  const stdout = demo.stdout.cancel();
  const lines = demo.stderr.pipeThrough(new TextDecoderStream());
  let said = "";
  for await (const text of lines.values({ preventCancel: true })) {
    said += text;
    if (/until Ctrl-C\):\n\s+http\S+\n/.test(said)) break;
  }
  const [, rows, ignored, builds] = said.match(/^(\d+) rows = (\d+) ignored \+ (\d+) builds$/m)!;
  const [, all, published, incomplete] = said.match(
    /^(\d+) builds = (\d+) published \+ 0 unchanged \+ 0 refused \+ (\d+) incomplete$/m,
  )!;
  assertEquals(Number(rows), Number(ignored) + Number(builds));
  assertEquals(Number(all), Number(published) + Number(incomplete));
  assertEquals(all, builds);

  const [records] = /http:\S+\/records/.exec(said)!;
  const { data } = await (await fetch(`${records}?_limit=10000`)).json();
  assertEquals(data.length, Number(published));
  assert(data.length >= 300);
  const products = new Set(
    data.map(({ source }: { source: { product: string } }) => source.product),
  );
  assertEquals([...products].sort(), ["devedition", "fennec", "firefox", "thunderbird"]);
  for (const [, url] of said.matchAll(/curl '(\S+)'$/gm)) {
    const { data } = await (await fetch(url!)).json();
    assert(data.length > 1, `${url} finds ${data.length} records`);
  }

  const told = said.split("\n").map((line) => line.trim());
  const start = told.findIndex((line) => line.startsWith("export "));
  const cache = await Deno.makeTempDir();
  const pipe = await new Deno.Command("sh", {
    args: ["-ec", told.slice(start, start + 3).join("\n")],
    cwd: new URL("../..", import.meta.url).pathname,
    env: { CACHE_FOLDER: cache, CSV_DOWNLOAD_DIRECTORY: cache },
  }).output();
  const summaries = new TextDecoder().decode(pipe.stderr);
  assertEquals(pipe.code, 0, summaries);
  assertMatch(summaries, /(\d+) read = 0 published \+ \1 unchanged \+ 0 refused$/m);
  await Deno.remove(cache, { recursive: true });

  // As deno task sends one Ctrl-C.
  demo.kill("SIGINT");
  demo.kill("SIGINT");
  await sleep(20);
  demo.kill("SIGINT");
  const [last] = await Promise.all([Array.fromAsync(lines), stdout]);
  assertMatch(last.join(""), /^Stopping: finishing what is under way\n$/);
  assertEquals((await demo.status).code, 130);
  assertEquals([...Deno.readDirSync(folder)], []);
  await Deno.remove(folder);
});

Deno.test("demo --once ends by itself, whatever the environment says of real servers", async () => {
  const demo = spawnBuildhub(["demo", "--once"], {
    SERVER_URL: "http://127.0.0.1:9/v1",
    BUCKET: "other",
    COLLECTION: "other",
    AUTH: "someone:else",
    INVENTORIES: "archive",
    INITIALIZE_SERVER: "false",
    ARCHIVE_URL: "http://127.0.0.1:9/",
    AWS_ENDPOINT_URL_S3: "http://127.0.0.1:9",
    MIN_AGE_LAST_MODIFIED_HOURS: "1",
  });
  await demo.stdin.close();
  const { code, stderr } = await demo.output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
});
