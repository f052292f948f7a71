import { assert } from "@std/assert";

const PROGRAMS = {
  curl: ["bash", "-c"],
  python: ["python3", "-c"],
  javascript: [Deno.execPath(), "eval", "--quiet"],
} as const;

/** A language of the examples on the API's page. */
export type Language = keyof typeof PROGRAMS;

/** Runs an example. @returns what it printed */
export async function run(language: Language, code: string): Promise<string> {
  const [program, ...args] = PROGRAMS[language];
  const { success, stdout, stderr } = await new Deno.Command(program, { args: [...args, code] })
    .output();
  assert(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}
