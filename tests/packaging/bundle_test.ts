import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { COMMANDS } from "../../main.ts";
import { sampleArchive } from "../../src/demo/sample_archive.ts";
import { sampleInventory } from "../../src/demo/sample_inventory.ts";
import { INVENTORY_BUCKET } from "../../src/inventory/inventories.ts";
import { serveS3 } from "../../src/demo/s3_server.ts";
import { cleanCopy, deno } from "./clean_copy.ts";

const URL_OF_BUILD =
  "https://archive.mozilla.org/pub/firefox/releases/52.0/win32/fr/Firefox Setup 52.0.exe";

Deno.test("bundle runs without cache, network, configuration or sources", async (t) => {
  await using copy = await cleanCopy();
  const built = await deno(copy.folder, ["task", "bundle"]);
  assertEquals(built.code, 0, built.stderr);
  const bundle = `${await Deno.makeTempDir()}/`;
  for (const { name } of Deno.readDirSync(`${copy.folder}dist/bundle`)) {
    await Deno.copyFile(`${copy.folder}dist/bundle/${name}`, bundle + name);
  }
  const run = (env: Record<string, string>, ...args: string[]) =>
    deno(bundle, ["run", "--no-config", "--cached-only", "--allow-read", "--allow-env", ...args], {
      ...env,
      DENO_DIR: `${bundle}empty`,
    });

  await t.step("every command is there", async () => {
    const { stdout, stderr } = await run({}, "main.js", "help");
    for (const name of COMMANDS.keys()) assertStringIncludes(stdout, `  ${name} `, stderr);
  });

  await t.step("a start reads no lazy chunk, and nothing of Node", async () => {
    for (const { name } of Deno.readDirSync(bundle)) {
      if (!name.endsWith(".js")) continue;
      assert(!/\bimport\((["'`])\.\/[^)]*?\1\)/.test(await Deno.readTextFile(bundle + name)), name);
    }
    for (const name of await imported(bundle, "main.js", "lambda.js")) {
      assert(!/\bfrom\s*"node:/.test(await Deno.readTextFile(bundle + name)), name);
    }
  });

  await t.step("every chunk is there with all that it imports", async () => {
    const script = `const all = [...Deno.readDirSync(".")].filter((file) => file.isFile);
      for (const { name } of all) await import("./" + name);
      console.log(all.length);`;
    await Deno.writeTextFile(`${bundle}all.js`, script);
    const { code, stdout, stderr } = await run({}, "--allow-sys", "all.js");
    assertEquals(code, 0, stderr);
    assert(Number(stdout) > 5);
    await Deno.remove(`${bundle}all.js`);
  });

  await t.step("the S3 client works", async () => {
    const files = sampleArchive();
    await using s3 = serveS3({ bucket: INVENTORY_BUCKET, objects: sampleInventory(files) });
    const env = {
      AWS_ENDPOINT_URL_S3: s3.url,
      S3_FORCE_PATH_STYLE: "true",
      CSV_DOWNLOAD_DIRECTORY: `${bundle}downloads`,
    };
    const permissions = ["--allow-net=127.0.0.1", "--allow-sys", `--allow-write=${bundle}`];
    const { code, stdout, stderr } = await run(env, ...permissions, "main.js", "latest-inventory");
    assertEquals(code, 0, stderr);
    assertEquals(stdout.split("\n").length, files.length + 1);
  });

  await t.step("demo validates, publishes and serves", async () => {
    const permissions = ["--allow-net=127.0.0.1", "--allow-sys", "--allow-write"];
    const { code, stderr } = await run(
      {},
      ...permissions,
      "main.js",
      "demo",
      "--once",
      "--port",
      "0",
    );
    assertEquals(code, 0, stderr);
  });

  await t.step("help, explain and lambda load neither S3 nor Sentry nor ajv", async () => {
    let removed = 0;
    for (const { name, isFile } of Deno.readDirSync(bundle)) {
      if (
        !isFile ||
        !/AmazonS3|sentry\.javascript|ajv implementation/.test(
          await Deno.readTextFile(bundle + name),
        )
      ) {
        continue;
      }
      await Deno.remove(bundle + name);
      removed++;
    }
    assert(removed > 2);
    assertStringIncludes((await run({}, "main.js", "help", "lambda")).stdout, "_HANDLER");
    const { stdout } = await run({}, "main.js", "explain", "--json", URL_OF_BUILD);
    assertEquals(JSON.parse(stdout).record?.id, "firefox_52-0_win32_fr");
    assertStringIncludes((await run({}, "main.js", "lambda")).stderr, "AWS_LAMBDA_RUNTIME_API");
  });
  await Deno.remove(bundle, { recursive: true });
});

/** These files, and all that they import before they run. */
async function imported(folder: string, ...names: string[]): Promise<Set<string>> {
  const all = new Set(names);
  for (const name of all) {
    const source = await Deno.readTextFile(folder + name);
    for (const [, next = ""] of source.matchAll(/(?:from|import)\s*"\.\/([\w.-]+)"/g)) {
      all.add(next);
    }
  }
  return all;
}
