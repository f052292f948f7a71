/** A packaging step that failed; the message has the output of the program that failed. */
export class PackagingError extends Error {
  override name = "PackagingError";
}

/** The project's root. */
export const ROOT = new URL("../", import.meta.url).pathname;

/** The output folder. */
export const DIST = `${ROOT}dist/`;

/**
 * Runs this Deno in the project's root.
 *
 * @returns its stderr
 * @throws {PackagingError} with its stderr, if it fails
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

/** Runs a packaging task's main function, prints its error as one message, and exits with 0 or 1. */
export async function runTask(task: () => Promise<void>): Promise<never> {
  try {
    await task();
  } catch (error) {
    console.error(error instanceof PackagingError ? `error: ${error.message}` : error);
    Deno.exit(1);
  }
  Deno.exit(0);
}
