import { assert, assertEquals } from "@std/assert";
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
    if (said.includes("Serving until")) break;
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

  demo.kill("SIGINT");
  await Promise.all([lines.cancel(), stdout]);
  assertEquals((await demo.status).code, 130);
  assertEquals([...Deno.readDirSync(folder)], []);
  await Deno.remove(folder);
});

Deno.test("demo --once ends by itself", async () => {
  const demo = spawnBuildhub(["demo", "--once"]);
  await demo.stdin.close();
  const { code, stderr } = await demo.output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
});
