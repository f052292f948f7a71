import { assert, assertEquals } from "@std/assert";
import type { ReleaseRecord } from "../../src/archive/record.ts";

const MAIN = new URL("../../main.ts", import.meta.url).pathname;

Deno.test("demo indexes its own archive without network, and leaves nothing behind", async () => {
  const folder = await Deno.makeTempDir();
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--allow-env",
      "--allow-read",
      "--allow-sys",
      "--allow-net=127.0.0.1",
      `--allow-write=${folder}`,
      MAIN,
      "demo",
    ],
    env: { TMPDIR: folder },
  }).output();
  const summary = new TextDecoder().decode(stderr);
  assertEquals(code, 0, summary);
  const records = new TextDecoder().decode(stdout).trimEnd().split("\n")
    .map((line): ReleaseRecord => JSON.parse(line).data);
  assertEquals(new Set(records.map(({ id }) => id)).size, records.length);
  const products = new Set(records.map(({ source }) => source.product));
  assertEquals([...products].sort(), ["devedition", "fennec", "firefox", "thunderbird"]);
  assert(records.length >= 300);

  const [, rows, ignored, builds] = summary.match(/^(\d+) rows = (\d+) ignored \+ (\d+) builds$/m)!;
  const [, all, complete, incomplete] = summary
    .match(/^(\d+) builds = (\d+) complete \+ (\d+) incomplete$/m)!;
  assertEquals(Number(rows), Number(ignored) + Number(builds));
  assertEquals([all, complete], [builds, String(records.length)]);
  assertEquals(Number(all), Number(complete) + Number(incomplete));
  assertEquals([...Deno.readDirSync(folder)], []);
  await Deno.remove(folder);
});
