/**
 * `deno task catalogue`: makes page.js, the page's script, of app/. The result is kept beside the
 * sources, so that `serve` works from a clean checkout; a test tells when it's out of date.
 *
 * @module
 */

/** The bundled script. */
export const PAGE_SCRIPT = new URL("./page.js", import.meta.url);

/**
 * Bundles the page's script: the same sources give the same text on any machine.
 *
 * @throws {Error} with what the bundler said
 */
export async function bundlePage(): Promise<string> {
  const output = await Deno.makeTempFile({ suffix: ".js" });
  try {
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["bundle", "--quiet", "--platform", "browser", "--minify", "--output", output],
        "src/catalogue/app/main.tsx",
      ],
      cwd: new URL("../../", import.meta.url),
      env: { NO_COLOR: "1" },
    }).output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    return await Deno.readTextFile(output);
  } finally {
    await Deno.remove(output);
  }
}

if (import.meta.main) {
  const script = await bundlePage();
  await Deno.writeTextFile(PAGE_SCRIPT, script);
  console.error(`${new TextEncoder().encode(script).length} bytes`);
}
