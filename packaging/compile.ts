import denoJson from "../deno.json" with { type: "json" };
import { BUNDLE, bundle } from "./bundle.ts";
import { linuxMachine } from "./linux_machine.ts";
import { DIST, PackagingError, runDeno, runTask } from "./run_deno.ts";

/**
 * The flags of the task `buildhub`: its permissions, and a limit for V8's young generation, which
 * lowers peak memory by some 15 % at no cost in time.
 */
export const FLAGS: readonly string[] = denoJson.tasks.buildhub.match(/--(?:allow|v8-flags)\S+/g) ??
  [];

/** The targets of `--target`. */
export const TARGETS = ["x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu"] as const;

/** Deno couldn't download the base of executable files, and DENORT_BIN isn't set. */
export class NoBaseBinary extends PackagingError {
  override name = "NoBaseBinary";
}

/**
 * Compiles dist/bundle to one executable file: dist/buildhub, or dist/buildhub-TARGET for another
 * machine. Deno downloads the base of such a file once; DENORT_BIN names a local one instead.
 *
 * @returns the file's path
 * @throws {NoBaseBinary} with instructions
 * @throws {PackagingError} if DENORT_BIN doesn't name a base
 */
export async function compile(target: string = Deno.build.target): Promise<string> {
  const isOwn = target === Deno.build.target;
  if (!isOwn && !TARGETS.some((known) => known === target)) {
    throw new PackagingError(`no target ${target}; known are ${TARGETS.join(", ")}`);
  }
  const output = `${DIST}buildhub${isOwn ? "" : `-${target}`}`;
  const flags = ["--no-config", "--no-lock", "--no-check", ...FLAGS];
  try {
    const base = isOwn ? [] : ["--target", target];
    // Included explicitly, because Deno can't see what is loaded lazily.
    const files = [...base, "--include", BUNDLE, "--output", output, `${BUNDLE}main.js`];
    await runDeno(["compile", ...flags, ...files]);
  } catch (error) {
    if (!(error instanceof PackagingError) || !/base binary|denort/.test(error.message)) {
      throw error;
    }
    const message = withoutBase(target, error.message);
    // If DENORT_BIN is set, there is no fallback.
    if (Deno.env.has("DENORT_BIN")) throw new PackagingError(message, { cause: error });
    throw new NoBaseBinary(message, { cause: error });
  }
  if (await isRight(output, target)) return output;
  await Deno.remove(output);
  throw new PackagingError(
    `DENORT_BIN names something else than the denort of Deno ${Deno.version.deno} for ${target}: ` +
      "the compiled file doesn't run there",
  );
}

/** Deno accepts any file as a base; only a run shows whether it works. */
async function isRight(binary: string, target: string): Promise<boolean> {
  if (target !== Deno.build.target) {
    return target.startsWith(`${linuxMachine(await Deno.readFile(binary))}-`);
  }
  const { success, stdout } = await new Deno.Command(binary, { args: ["version"] }).output();
  return success && new TextDecoder().decode(stdout).startsWith("buildhub ");
}

function withoutBase(target: string, said: string): string {
  const url = `https://dl.deno.land/release/v${Deno.version.deno}/denort-${target}.zip`;
  const cause = said.split("\n").filter((line) => /^\s*\d+: /.test(line)).slice(0, 2)
    .map((line) => line.replace(/^\s*\d+: /, "")).join(" ");
  return `deno compile has no base binary: ${cause}
Download ${url}, unpack it,
and set DENORT_BIN to the path of the file denort.`;
}

if (import.meta.main) {
  await runTask(async () => {
    const [flag, value] = Deno.args;
    if (Deno.args.length > 0 && (flag !== "--target" || value === undefined)) {
      throw new PackagingError(`usage: deno task compile [--target ${TARGETS.join("|")}]`);
    }
    await bundle();
    const path = await compile(value);
    console.error(`${(await Deno.stat(path)).size}  ${path.slice(DIST.length - "dist/".length)}`);
  });
}
