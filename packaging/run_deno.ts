/** A program of the packaging that failed, with what it said. */
export class PackagingError extends Error {
  override name = "PackagingError";
}

/** The project's root. */
export const ROOT = new URL("../", import.meta.url).pathname;

/** The folder for what is built. */
export const DIST = `${ROOT}dist/`;

/**
 * Runs this same Deno at the project's root.
 *
 * @returns what it wrote to stderr
 * @throws {PackagingError} with that, when it fails
 */
export async function runDeno(args: string[]): Promise<string> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd: ROOT,
    stdin: "null",
    env: { NO_COLOR: "1" },
  }).output();
  const said = new TextDecoder().decode(stderr).trim();
  if (!success) throw new PackagingError(`deno ${args[0]} failed:\n${said}`);
  return said;
}

/** Runs a packaging task's main function; its errors are for people, in one message. */
export async function runTask(task: () => Promise<void>): Promise<never> {
  try {
    await task();
  } catch (error) {
    console.error(error instanceof PackagingError ? `error: ${error.message}` : error);
    Deno.exit(1);
  }
  Deno.exit(0);
}
