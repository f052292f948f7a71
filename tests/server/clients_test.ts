/** Others' clients against `serve`: kinto-http and kinto-wizard from PyPI. */
import { assert, assertEquals } from "@std/assert";
import { python, PYTHON_PACKAGES, run } from "../servers/python.ts";
import { startServe } from "../servers/serve.ts";

Deno.test("kinto-http creates, patches, pages, filters and deletes", async () => {
  const bin = await python("kinto-clients", PYTHON_PACKAGES.kintoClients);
  await using serve = await startServe({ env: { KINTO_PAGINATE_BY: "25" } });
  const check = new URL("./kinto_http_check.py", import.meta.url).pathname;
  assertEquals(await run(`${bin}python`, [check, serve.url]), "all as expected\n");
});

Deno.test("kinto-wizard loads initialization.yml, and finds nothing to change after", async () => {
  const bin = await python("kinto-clients", PYTHON_PACKAGES.kintoClients);
  // Version 6 dumps with Python 3.12 and later only.
  const dumper = await python("kinto-wizard-4", PYTHON_PACKAGES.kintoWizard4);
  await using serve = await startServe();
  const file = new URL("../../initialization.yml", import.meta.url).pathname;
  const server = ["--server", serve.url, "--auth", "alice:a"];
  const dump = () => run(`${dumper}kinto-wizard`, ["dump", ...server, "--full"]);
  await run(`${bin}kinto-wizard`, ["load", ...server, file]);
  const loaded = await dump();
  assert(loaded.includes("additionalProperties: false"), loaded);
  await run(`${bin}kinto-wizard`, ["load", ...server, file]);
  assertEquals(await dump(), loaded, "the same, last_modified included");
});

Deno.test("load finds nothing to change after itself", async () => {
  await using serve = await startServe();
  const load = () => buildhub(["load", "--server", serve.url, "--auth", "alice:a"]);
  await load();
  const collection = `${serve.url}/buckets/build-hub/collections/releases`;
  const before = await (await fetch(collection)).text();
  await load();
  assertEquals(await (await fetch(collection)).text(), before);
});

async function buildhub(args: string[]): Promise<void> {
  const main = new URL("../../main.ts", import.meta.url).pathname;
  await run(Deno.execPath(), ["run", "--no-check", "--allow-all", main, ...args]);
}
