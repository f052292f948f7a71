import denoJson from "../deno.json" with { type: "json" };
import { BUNDLE, bundle } from "./bundle.ts";
import { linuxMachine } from "./linux_machine.ts";
import { DIST, PackagingError, runDeno, runTask } from "./run_deno.ts";

/**
 * How the tool is started, as the task `buildhub` does: what it may do, and a limit for the memory
 * of what lives shortly. It costs no time, and spares some 15 % of the memory at its peak.
 */
export const FLAGS: readonly string[] = denoJson.tasks.buildhub.match(/--(?:allow|v8-flags)\S+/g) ??
  [];

/** The binaries that can be made. */
export const TARGETS = ["x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu"] as const;

/** Deno couldn't download the base of executable files, and DENORT_BIN names none. */
export class NoBaseBinary extends PackagingError {
  override name = "NoBaseBinary";
}

/**
 * dist/bundle as one executable file: dist/buildhub, or dist/buildhub-TARGET for another machine.
 * Deno downloads the base of such a file once; where it can't, DENORT_BIN names one.
 *
 * @returns the file's path
 * @throws {NoBaseBinary} with what to do about it
 * @throws {PackagingError} when DENORT_BIN names something else than a base
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
    // What is loaded lazily is named, for Deno can't see it.
    const files = [...base, "--include", BUNDLE, "--output", output, `${BUNDLE}main.js`];
    await runDeno(["compile", ...flags, ...files]);
  } catch (error) {
    if (!(error instanceof PackagingError) || !/base binary|denort/.test(error.message)) {
      throw error;
    }
    const message = withoutBase(target, error.message);
    // Whoever set DENORT_BIN wants that one, and no other way.
    if (Deno.env.has("DENORT_BIN")) throw new PackagingError(message, { cause: error });
    throw new NoBaseBinary(message, { cause: error });
  }
  if (await isRight(output, target)) return output;
  await Deno.remove(output);
  throw new PackagingError(
    `DENORT_BIN names something else than the denort of Deno ${Deno.version.deno} for ${target}: ` +
      "what was made of it doesn't run there",
  );
}

/** Whatever DENORT_BIN names is taken as a base: only a run tells whether it was one. */
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
Download ${url} where that is possible, unpack it,
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
