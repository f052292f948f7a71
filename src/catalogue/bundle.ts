/**
 * `deno task catalogue`: bundles app/ into page.js, the script of the page. The result is committed, so
 * that `serve` runs from a checkout; a test fails when it is out of date.
 *
 * @module
 */

/** The bundled script. */
export const PAGE_SCRIPT = new URL("./page.js", import.meta.url);

/**
 * Bundles the page's script. The same sources produce the same text on any machine.
 *
 * @throws {Error} with the messages of the bundler
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
