import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { buildhub } from "../buildhub.ts";

const ROOT = new URL("../../", import.meta.url).pathname;

Deno.test("lambda says that it isn't AWS Lambda, where it isn't", async () => {
  const { code, stderr } = await buildhub(["lambda"]);
  assertEquals(code, 2);
  assertStringIncludes(stderr, "AWS_LAMBDA_RUNTIME_API isn't set");
});

Deno.test("lambda loads nothing for an ignored event that it doesn't need", async () => {
  const heavy = /@aws-sdk|@sentry|\/ajv|yaml|csv|sqlite|src\/inventory|src\/server/;
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", `--config=${ROOT}deno.json`, `${ROOT}lambda/s3_event.ts`],
  }).output();
  const { modules } = JSON.parse(new TextDecoder().decode(stdout)) as {
    modules: {
      specifier: string;
      dependencies?: { code?: { specifier: string }; isDynamic?: true }[];
    }[];
  };
  const bySpecifier = new Map(modules.map((module) => [module.specifier, module]));
  const loaded = new Set<string>();
  const visit = (specifier: string) => {
    if (loaded.has(specifier)) return;
    loaded.add(specifier);
    for (const { code, isDynamic } of bySpecifier.get(specifier)?.dependencies ?? []) {
      if (code && !isDynamic) visit(code.specifier);
    }
  };
  visit(new URL("lambda/s3_event.ts", `file://${ROOT}`).href);
  assert(loaded.size > 10);
  assertEquals([...loaded].filter((specifier) => heavy.test(specifier)), []);
});
