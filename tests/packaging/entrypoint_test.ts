import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { startProcess } from "../servers/process.ts";
import { cleanCopy, deno } from "./clean_copy.ts";

Deno.test("the container's entrypoint runs commands and tasks, and its health check tells", async (t) => {
  await using copy = await cleanCopy();
  const dockerfile = await Deno.readTextFile(new URL("../../Dockerfile", import.meta.url));
  for (const [, task = ""] of dockerfile.matchAll(/^RUN deno task (.*)$/gm)) {
    const { code, stderr } = await deno(copy.folder, ["task", task]);
    assertEquals(code, 0, stderr);
  }
  const entrypoint = `${copy.folder}packaging/entrypoint`;
  const elsewhere = await Deno.makeTempDir();
  const run = async (...args: string[]) => {
    const output = await new Deno.Command(entrypoint, { args, cwd: elsewhere }).output();
    const [stdout, stderr] = [output.stdout, output.stderr].map((bytes) =>
      new TextDecoder().decode(bytes)
    );
    return { code: output.code, stdout: stdout!, stderr: stderr! };
  };

  await t.step("nothing is help", async () => {
    const { code, stdout, stderr } = await run();
    assertEquals([code, stderr], [0, ""]);
    assertStringIncludes(stdout, "latest-inventory-to-kinto");
  });

  await t.step("a command gets its arguments, and gives its exit code", async () => {
    const { code, stdout } = await run("explain", "pub/firefox/releases/52.0/KEY SUMS");
    assertEquals(code, 0);
    assertStringIncludes(stdout, "not an installer");
    assertEquals((await run("no-such-command")).code, 2);
  });

  await t.step("a task runs in the project", async () => {
    const { code, stderr } = await run("bundle");
    assertEquals(code, 0);
    assertStringIncludes(stderr, "dist/bundle/main.js");
  });

  await t.step("serve is healthy while it runs", async () => {
    const check = (port: string) =>
      deno(copy.folder, ["run", "--allow-net", "--allow-env", "packaging/healthcheck.ts"], {
        SERVE_PORT: port,
      });
    const [server, [, port = ""]] = await startProcess(entrypoint, {
      args: ["serve", "--port", "0", "--database", `${elsewhere}/a.sqlite`],
      ready: /http:\/\/127\.0\.0\.1:(\d+)/,
    });
    assertEquals((await check(port)).code, 0);
    await server[Symbol.asyncDispose]();
    assertEquals((await check(port)).code, 1);
    assert(server.logs.length > 0);
  });
  await Deno.remove(elsewhere, { recursive: true });
});
