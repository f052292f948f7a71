import { assertEquals, assertMatch } from "@std/assert";
import denoJson from "../../deno.json" with { type: "json" };
import { FLAGS } from "../../packaging/compile.ts";
import { ROOT } from "../../packaging/run_deno.ts";
import { python, PYTHON_PACKAGES, run } from "../servers/python.ts";

Deno.test.each([
  { linter: "cfn-lint", packages: PYTHON_PACKAGES.cfnLint, file: "lambda/template.yaml" },
  { linter: "hadolint", packages: PYTHON_PACKAGES.hadolint, file: "Dockerfile" },
  { linter: "shellcheck", packages: PYTHON_PACKAGES.shellcheck, file: "lambda/bootstrap" },
  { linter: "shellcheck", packages: PYTHON_PACKAGES.shellcheck, file: "packaging/entrypoint" },
])("$linter has nothing to say about $file", async ({ linter, packages, file }) => {
  const bin = await python(linter, packages);
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

Deno.test.each(["lambda/bootstrap", "packaging/entrypoint"])(
  "%s allows what the task buildhub does",
  async (file) => {
    const script = await Deno.readTextFile(ROOT + file);
    assertEquals(script.match(/--(?:allow|v8-flags)\S+/g), FLAGS);
  },
);
