import { assert, assertEquals, assertMatch, assertObjectMatch } from "@std/assert";
import { startLambdaEmulator } from "../../servers/lambda_emulator.ts";
import { run } from "../../servers/python.ts";
import { cleanCopy, deno } from "./clean_copy.ts";

/** Unpacks as Lambda does, with the permissions that the zip file says; prints each entry. */
const UNZIP = `
import os, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as file:
    for entry in file.infolist():
        path = file.extract(entry, sys.argv[2])
        mode = entry.external_attr >> 16
        os.chmod(path, mode)
        print(oct(mode & 0o777), entry.filename)
`;

async function build(): Promise<{ folder: string; said: string } & AsyncDisposable> {
  const copy = await cleanCopy();
  const { code, stderr } = await deno(copy.folder, ["task", "--quiet", "lambda.zip"]);
  assertEquals(code, 0, stderr);
  return { folder: copy.folder, said: stderr, [Symbol.asyncDispose]: copy[Symbol.asyncDispose] };
}

Deno.test("lambda.zip is reproducible, small, and runs as Lambda runs it", async (t) => {
  await using first = await build();
  const zip = `${first.folder}dist/lambda.zip`;

  await t.step("two clean copies give the same bytes", async () => {
    await using second = await build();
    const [a, b] = await Promise.all(
      [first, second].map(({ folder }) => Deno.readFile(`${folder}dist/lambda.zip`)),
    );
    assert(a!.every((byte, i) => byte === b![i]) && a!.length === b!.length);
  });

  const root = await Deno.makeTempDir();
  await t.step("it holds what it says, and less than 50 MB", async () => {
    const entries = (await run("python3", ["-c", UNZIP, zip, root])).trim().split("\n");
    assert(entries.includes("0o755 bootstrap"));
    assert(entries.includes("0o755 deno") || entries.includes("0o755 buildhub"));
    const others = entries.filter((entry) => !entry.startsWith("0o755"));
    for (const entry of others) assertMatch(entry, /^0o644 bundle\/[\w.-]+\.js$/);
    const names = entries.map((entry) => entry.slice("0o755 ".length));
    assertEquals(names, [...names].sort());
    const listed = first.said.split("\n").filter((line) => /^ *\d+ +\d+ {2}\S/.test(line));
    assertEquals(listed.map((line) => line.trim().split(/ +/)[2]), names);
    assert((await Deno.stat(zip)).size < 50_000_000);
  });

  await t.step("AWS's emulator starts its bootstrap", async () => {
    await using emulator = await startLambdaEmulator({
      bootstrap: [`${root}/bootstrap`],
      handler: "no_such.handler",
      env: { LAMBDA_TASK_ROOT: root, DENO_DIR: `${root}/cache` },
    });
    const failure = await emulator.invoke({});
    assertObjectMatch(failure as Record<string, unknown>, { errorType: "UnknownHandler" });
    const logged = emulator.logs.filter((line) => line.includes("no_such.handler"))
      .flatMap((line) => line.startsWith("{") ? [JSON.parse(line)] : []);
    assertEquals(logged.map(({ level }) => level).at(0), "error");
  });
  await Deno.remove(root, { recursive: true });
});
