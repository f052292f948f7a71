import { ROOT } from "../../packaging/run_deno.ts";

/** What the packaging is made of; the Dockerfile copies the same. */
const SOURCES = [
  "deno.json",
  "deno.lock",
  "initialization.yml",
  "lambda",
  "main.ts",
  "packaging",
  "src",
];

/** A copy of the sources without anything else, in a folder of its own. */
export async function cleanCopy(): Promise<{ folder: string } & AsyncDisposable> {
  const folder = await Deno.makeTempDir({ prefix: "buildhub-copy-" });
  await Deno.mkdir(`${folder}/project`);
  for (const name of SOURCES) await copy(ROOT + name, `${folder}/project/${name}`);
  return {
    folder: `${folder}/project/`,
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

async function copy(from: string, to: string): Promise<void> {
  if (!(await Deno.stat(from)).isDirectory) return await Deno.copyFile(from, to);
  await Deno.mkdir(to);
  for await (const { name } of Deno.readDir(from)) await copy(`${from}/${name}`, `${to}/${name}`);
}

/** Runs Deno in a folder. */
export async function deno(
  cwd: string,
  args: string[],
  env: Record<string, string> = {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd,
    env: { NO_COLOR: "1", ...env },
    stdin: "null",
  }).output();
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: decode(stdout), stderr: decode(stderr) };
}
