import { UsageError } from "../errors/usage_error.ts";
import { readableReason } from "./sqlite_errors.ts";

/**
 * Creates a folder where it's missing, and checks that files can be created in it.
 *
 * @param setting the variable that names the folder
 * @throws {UsageError} naming the setting, when they can't
 */
export async function makeFolder(path: string, setting: string): Promise<void> {
  try {
    await Deno.mkdir(path, { recursive: true });
    await Deno.remove(await Deno.makeTempFile({ dir: path, prefix: ".writable-" }));
  } catch (cause) {
    throw new UsageError(
      `Cannot write to ${path}: ${readableReason(cause)}; set ${setting} to a folder that can be ` +
        "written to",
    );
  }
}
