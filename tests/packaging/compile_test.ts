import { assertEquals, assertStringIncludes } from "@std/assert";
import { TARGETS } from "../../packaging/compile.ts";
import { cleanCopy, deno } from "./clean_copy.ts";

const OTHER = TARGETS.find((target) => target !== Deno.build.target)!;

Deno.test.each<{ what: string; args: string[]; base: string; said: string }>([
  {
    what: "what to download when there is no base",
    args: [],
    base: "/nonexistent/denort",
    said: `https://dl.deno.land/release/v${Deno.version.deno}/denort-${Deno.build.target}.zip`,
  },
  {
    what: "that DENORT_BIN is no base",
    args: [],
    base: Deno.execPath(),
    said: "DENORT_BIN names something else",
  },
  {
    what: "that DENORT_BIN is for another machine",
    args: ["--target", OTHER],
    base: Deno.execPath(),
    said: `for ${OTHER}: the compiled file doesn't run there`,
  },
  {
    what: "which targets there are",
    args: ["--target", "pdp11"],
    base: "",
    said: "x86_64-unknown-linux-gnu, aarch64-unknown-linux-gnu",
  },
  { what: "its usage", args: ["dist"], base: "", said: "usage: deno task compile" },
])("compile tells $what, and leaves no binary", async ({ args, base, said }) => {
  await using copy = await cleanCopy();
  const env = base === "" ? undefined : { DENORT_BIN: base };
  const { code, stderr } = await deno(copy.folder, ["task", "--quiet", "compile", ...args], env);
  assertEquals(code, 1);
  assertStringIncludes(stderr, said);
  const built = await Array.fromAsync(Deno.readDir(`${copy.folder}dist`)).catch(() => []);
  assertEquals(built.filter(({ name }) => name !== "bundle"), []);
});

Deno.test.each([
  { base: "/nonexistent/deno", said: "no program /nonexistent/deno" },
  { base: new URL(import.meta.url).pathname, said: "compile_test.ts isn't for Linux" },
])("lambda.zip says of DENO_BIN: $said", async ({ base, said }) => {
  await using copy = await cleanCopy();
  const args = ["task", "--quiet", "lambda.zip"];
  const { code, stderr } = await deno(copy.folder, args, { DENO_BIN: base });
  assertEquals(code, 1);
  assertStringIncludes(stderr, said);
});
