/**
 * `deno task test:unit`: runs the tests that start no peer, all but those of the packaging, which
 * bundle the whole project. Arguments go to `deno test`.
 *
 * @module
 */
import { importsOf, roomOf } from "./imports.ts";

/** What starts a peer: a program that has to be installed, and takes seconds to start. */
const PEERS = [
  "browser",
  "elasticsearch",
  "kinto",
  "lambda_emulator",
  "moto",
  "otlp",
  "postgresql",
  "python",
  "sentry",
].map((name) => `tests/servers/${name}.ts`);

const imports = await importsOf("main.ts", "lambda", "packaging", "src", "tests");

/** Whether a file, or one that it imports, starts a peer. */
function startsPeer(file: string, seen = new Set<string>()): boolean {
  if (seen.has(file)) return false;
  seen.add(file);
  return PEERS.includes(file) || (imports.get(file) ?? []).some((path) => startsPeer(path, seen));
}

const files = [...imports.keys()].filter((file) =>
  file.endsWith("_test.ts") && !roomOf(file, ["tests/packaging"]) && !startsPeer(file)
);
const { code } = await new Deno.Command(Deno.execPath(), {
  args: ["test", "--allow-all", "--no-check", "--parallel", ...Deno.args, ...files],
  cwd: new URL("..", import.meta.url),
}).spawn().status;
Deno.exit(code);
