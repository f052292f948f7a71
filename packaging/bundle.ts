import { lazyImports } from "./lazy_imports.ts";
import { lazyRequire } from "./lazy_require.ts";
import { DIST, runDeno, runTask } from "./run_deno.ts";
import { stableNames } from "./stable_names.ts";

/** Where the bundle goes; its entry is main.js. */
export const BUNDLE = `${DIST}bundle/`;

/**
 * Bundles the whole tool, dependencies included, as plain JavaScript that `deno run` starts without a
 * cache or network. What a command loads lazily stays in separate files. The same sources give the
 * same bytes on any machine.
 *
 * @returns the contents by file name
 * @throws {PackagingError} with the bundler's message
 */
export async function bundle(folder = BUNDLE): Promise<Map<string, string>> {
  const raw = await Deno.makeTempDir();
  try {
    // Minified, because the comments with each module's path on this machine would stay otherwise.
    // Without --keep-names, because Deno then fails to provide require() to CommonJS packages.
    const flags = ["--quiet", "--minify", "--code-splitting"];
    await runDeno(["bundle", ...flags, "--outdir", raw, "main.ts"]);
    const read = new Map<string, string>();
    for (const { name } of Deno.readDirSync(raw)) {
      read.set(name, await Deno.readTextFile(`${raw}/${name}`));
    }
    const files = new Map(
      [...stableNames(read, "main.js")].map((
        [name, source],
      ) => [name, lazyRequire(lazyImports(source))]),
    );
    await Deno.remove(folder, { recursive: true }).catch(() => {});
    await Deno.mkdir(folder, { recursive: true });
    for (const [name, content] of files) await Deno.writeTextFile(folder + name, content);
    return files;
  } finally {
    await Deno.remove(raw, { recursive: true });
  }
}

if (import.meta.main) {
  await runTask(async () => {
    const files = await bundle();
    let total = 0;
    for (const [name, content] of files) {
      const bytes = new TextEncoder().encode(content).length;
      total += bytes;
      console.error(`${String(bytes).padStart(9)}  dist/bundle/${name}`);
    }
    console.error(`${String(total).padStart(9)}  bytes in ${files.size} files`);
  });
}
